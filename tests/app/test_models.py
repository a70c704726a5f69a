"""The window of models: every weight set is told, chosen ones paint, and others are added and removed."""

import threading
import tkinter as tk
from pathlib import Path
from tkinter import filedialog, messagebox, ttk

import pytest

from app import theme
from app.adding import Adding, Progress
from app.application import Application
from app.background import Background
from app.checkpoint_window import CheckpointWindow
from app.models_window import ModelsWindow
from app.progress_row import ProgressRow
from app.result_window import ResultWindow
from app.settings import Settings
from model.pipeline import TextToImagePipeline
from tests.app.conftest import Start
from tests.app.driving import paint, press, result_windows, text_of, wait_for, wait_for_birds
from tests.model.published_attngan import GNet, RNNEncoder, write_published
from tests.tiny import tiny_weights


@pytest.fixture
def added(home: Path) -> Path:
    """Where a person's own weight sets lie."""
    return home / "weights"


@pytest.fixture
def app(start: Start, weights: Path) -> Application:
    def load(name: str) -> TextToImagePipeline:
        ours = weights / name
        return TextToImagePipeline.from_pretrained(ours if ours.exists() else name, device="cpu")

    app = start(load)
    app.keyboard.samples_box.set("1")
    return app


def open_models(app: Application) -> ModelsWindow:
    app.root.event_generate("<<Models>>")
    window = app.models.open()
    wait_for(app.root, lambda: window.rows, "the models")
    window.focus_force()
    app.root.update()
    return window


def tabs(window: ResultWindow) -> list[str]:
    return [str(window.notebook.tab(number, "text")) for number in range(len(window.tabs))]


def said(widget: tk.Misc) -> str:
    return " ".join(text_of(child) for child in widget.winfo_children() if isinstance(child, ttk.Label))


def test_what_is_ticked_paints_in_that_order_and_is_remembered(app: Application, added: Path) -> None:
    tiny_weights(added / "mine", stages=2)
    (tiny_weights(added / "broken") / "generator.safetensors").write_bytes(b"")
    window = open_models(app)
    assert list(window.rows) == ["birds-512", "birds-256", "broken", "mine"]
    assert "4 stages up to 512 px, 2,014 words" in said(window.rows["birds-512"])
    assert "paints first" in said(window.rows["birds-512"])
    assert "2 stages up to 128 px, 19 words" in said(window.rows["mine"])
    assert str(added / "mine") in said(window.rows["mine"])
    assert f"The weights {added / 'broken' / 'generator.safetensors'} cannot be read" in said(window.rows["broken"])
    assert window.rows["broken"].paints.instate(["disabled"])
    assert not window.rows["birds-512"].remove.winfo_ismapped()

    mine = window.rows["mine"]
    mine.paints.focus_force()
    app.root.update()
    press(app, "space")
    for row in (mine, mine):
        row.earlier.invoke()
    window.rows["birds-256"].paints.invoke()
    app.root.update()
    assert Settings.load().models == app.models.chosen == ["mine", "birds-512"]
    assert "paints first" in said(mine)
    assert mine.winfo_rooty() < window.rows["birds-512"].winfo_rooty() < window.rows["birds-256"].winfo_rooty()
    wait_for(app.root, lambda: text_of(app.main.status) == "Painting with mine on CPU", "the new first model")
    painted = paint(app, "a small red bird")
    assert tabs(painted) == ["mine", "Our model"]
    wait_for(app.root, lambda: painted.current_tab.result, "the bird")
    assert list(painted.current_tab.cells) == [64, 128]

    for name in ("mine", "birds-512"):
        window.rows[name].paints.invoke()
    assert Settings.load().models == ["birds-512"]
    assert text_of(window.progress.status) == "At least one model paints. Tick another one first."
    assert window.rows["birds-512"].paints.instate(["selected"])


def test_an_added_folder_paints_the_same_bird_and_its_birds_outlive_it(
    app: Application, added: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted = paint(app, "a small red bird")
    wait_for(app.root, lambda: painted.current_tab.result, "the bird")
    painted.models.invoke()
    window = open_models(app)
    source = tiny_weights(tmp_path / "birds-256", stages=1)
    words = (source / "vocabulary.txt").read_text().replace("red\n", "rot\n")
    (source / "vocabulary.txt").write_text(words)
    monkeypatch.setattr(filedialog, "askdirectory", lambda **_: str(source))
    window.folder.invoke()
    wait_for(app.root, lambda: "birds-256-2" in window.rows, "the model")
    assert text_of(window.progress.status).startswith("Added birds-256-2, since another model is called birds-256.")
    assert window.progress.winfo_rooty() + window.progress.winfo_height() <= window.folder.winfo_rooty()

    assert tabs(painted) == ["Our model", "Original model", "birds-256-2"]
    painted.notebook.select(2)
    tab = painted.current_tab
    wait_for(app.root, lambda: tab.result, "the bird of one stage")
    assert list(tab.cells) == [64]
    assert tab.result is not None
    assert tab.result.seed == painted.seed
    assert "does not know “red”" in text_of(tab.status)
    tab.cells[64].buttons[0].invoke()
    (explorer,) = painted.explorers
    wait_for(app.root, lambda: explorer.canvas.boxes, "the picture")
    wait_for_birds(app, 2)

    answers = iter([True])
    monkeypatch.setattr(messagebox, "askyesno", lambda *_, **__: next(answers))
    window.rows["birds-256-2"].remove.invoke()
    wait_for(app.root, lambda: "birds-256-2" not in window.rows, "its removal")
    assert text_of(window.progress.status).startswith("Removed birds-256-2.")
    assert list(added.iterdir()) == []
    assert app.models.chosen == ["birds-512", "birds-256"]
    painted.destroy()
    gallery = wait_for_birds(app, 2)
    gallery.tiles[0].focus_force()
    app.root.update()
    press(app, "Return")
    (again,) = result_windows(app)
    assert tabs(again)[-1] == "birds-256-2"
    wait_for(app.root, lambda: again.current_tab.result, "the kept bird")
    assert [stage.size for stage in again.current_tab.painted] == [64]


def test_a_checkpoint_is_imported_and_a_wrong_one_is_one_sentence(
    app: Application, added: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["<end>", "a", "red", "bird"]
    files = write_published(tmp_path, GNet(3, 3, 12, 5, 7), RNNEncoder(len(words), 9, 12), words)
    window = open_models(app)
    press(app, "Alt-i")
    (dialog,) = (child for child in window.winfo_children() if isinstance(child, CheckpointWindow))
    dialog.begin.invoke()
    assert text_of(dialog.progress.status) == "Give the generator's file."
    wanted = iter(files)
    monkeypatch.setattr(filedialog, "askopenfilename", lambda **_: str(next(wanted)))
    for button in dialog._fields.winfo_children():
        if isinstance(button, ttk.Button):
            button.invoke()
    assert dialog.name.get() == "netG"

    files[2].rename(tmp_path / "moved")
    dialog.begin.invoke()
    wait_for(app.root, lambda: text_of(dialog.progress.status) == f"{files[2]} is missing.", "the sentence")
    assert dialog.name.get() == "netG"
    assert not any(added.glob("*"))

    (tmp_path / "moved").rename(files[2])
    dialog.name.focus_force()
    app.root.update()
    press(app, "Return")
    wait_for(app.root, lambda: "netG" in window.rows, "the model")
    assert not dialog.winfo_exists()
    assert "3 stages up to 256 px, 3 words" in said(window.rows["netG"])
    assert Settings.load().models == ["birds-512", "birds-256", "netG"]


def test_adding_is_cancelled_and_one_at_a_time(root: tk.Tk) -> None:
    theme.install(root, "light", 1.0)
    background, resume = Background(root), threading.Event()
    root.geometry("600x200")
    root.columnconfigure(0, weight=1)
    row, other = ProgressRow(root), ProgressRow(root)
    for widget in (row, other):
        widget.grid(sticky="ew")
    adding, names = Adding(background), list[str]()

    def work(progress: Progress) -> str:
        progress("Copying …", 0.5)
        resume.wait()
        progress("Copying more …", 0.6)
        return "mine"

    adding.start(work, row, names.append)
    wait_for(root, lambda: text_of(row.status) == "Copying …", "the work")
    adding.start(work, other, names.append)
    assert text_of(other.status) == "Another weight set is being added; wait until that is done."
    row.cancel.invoke()
    resume.set()
    wait_for(root, lambda: text_of(row.status) == "Cancelled: nothing was added.", "the end")
    adding.start(work, other, names.append)
    wait_for(root, lambda: names == ["mine"], "the other")
    background.close()
    background.join()


def test_a_first_model_that_is_gone_is_told_and_the_next_paints(start: Start, home: Path) -> None:
    home.mkdir()
    Settings(models=["penguins", "birds-256"]).save()
    app = start()
    app.load()
    wait_for(app.root, lambda: "CPU" in text_of(app.main.status), "the painter")
    assert text_of(app.main.status) == "The model penguins is gone. Painting with birds-256 on CPU"
