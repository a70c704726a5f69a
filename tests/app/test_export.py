"""How a bird leaves the program, and how a picture of it comes back."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

import numpy as np
import pytest
from PIL import Image

from app.application import Application
from app.result_window import ResultWindow
from tests.app.driving import CAPTION, choose_export, choose_sample, paint, press, text_of, wait_for

SaveAs = Callable[[str], Path]


@pytest.fixture
def window(app: Application) -> ResultWindow:
    window = paint(app)
    wait_for(app.root, lambda: window.current_tab.result, "the pictures")
    return window


@pytest.fixture
def save_as(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SaveAs:
    """What the next file dialogs answer."""

    def answer(name: str) -> Path:
        monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_: str(tmp_path / name))
        return tmp_path / name

    return answer


def wait_until_said(app: Application, window: ResultWindow, words: str) -> str:
    wait_for(app.root, lambda: words in text_of(window.status), words)
    return text_of(window.status)


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"), dtype=int)


def test_a_saved_picture_opened_again_paints_the_same_bird(
    app: Application, window: ResultWindow, save_as: SaveAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_as("bird.png")
    choose_sample(window, 1)
    press(app, "Control-s")
    assert wait_until_said(app, window, "Saved") == f"Saved {path}."
    app.keyboard.show_heard("something else", "")
    app.keyboard.samples_box.set("1")
    app.root.focus_force()
    monkeypatch.setattr(filedialog, "askopenfilename", lambda **_: str(path))
    press(app, "Control-o")
    wait_for(app.root, lambda: app.keyboard.caption == CAPTION, "the description")
    assert app.panel is app.keyboard
    assert app.keyboard.seed == window.seed
    assert text_of(app.keyboard.status).startswith("bird.png is bird 2 of 2, painted by birds-512 (")
    wait_for(app.root, lambda: "Paint brings it back, under “Our model”." in app.keyboard.note, "the verdict")
    app.keyboard.text.focus_force()
    app.root.update()
    press(app, "Return")
    again = [child for child in app.root.winfo_children() if isinstance(child, ResultWindow)][-1]
    wait_for(app.root, lambda: again.current_tab.result, "the pictures")
    assert again is not window
    with Image.open(path) as file:
        assert np.array_equal(pixels(file), pixels(again.current_tab.birds[1][-1].pictures[0]))


def test_a_foreign_picture_is_one_sentence(app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "holiday.png")
    monkeypatch.setattr(filedialog, "askopenfilename", lambda **_: str(tmp_path / "holiday.png"))
    app.main.open.invoke()
    wait_for(app.root, lambda: app.panel is app.keyboard, "the sentence")
    assert text_of(app.keyboard.status) == "holiday.png does not say what it was painted from."


@pytest.mark.parametrize(
    ("entry", "name", "kind"),
    [
        ("Animation …", "bird.webp", "WEBP"),
        ("Animation …", "bird.gif", "GIF"),
        ("Contact sheet …", "bird.png", "PNG"),
        ("Picture …", "bird", "PNG"),
    ],
)
def test_each_entry_of_the_menu_writes_its_kind_of_file(
    app: Application, window: ResultWindow, save_as: SaveAs, entry: str, name: str, kind: str
) -> None:
    path = save_as(name)
    choose_export(window.export, entry)
    sentence = wait_until_said(app, window, "Saved")
    saved = path if path.suffix else path.with_suffix(".png")
    assert sentence == f"Saved {saved}."
    with Image.open(saved) as file:
        assert file.format == kind
        assert kind != "PNG" or file.info["parameters"].startswith(CAPTION)


def test_a_failed_save_leaves_the_old_file(app: Application, window: ResultWindow, save_as: SaveAs) -> None:
    path = save_as("bird.png")
    path.mkdir()
    (path / "old").write_text("kept")
    window.save.invoke()
    sentence = wait_until_said(app, window, "could not be saved")
    assert sentence == "bird.png could not be saved: Is a directory."
    assert [file.name for file in path.parent.iterdir() if "bird" in file.name or "being" in file.name] == ["bird.png"]


def test_the_picture_goes_to_the_clipboard(app: Application, window: ResultWindow) -> None:
    press(app, "Control-c")
    assert wait_until_said(app, window, "clipboard") == "The picture is on the clipboard."
    copied = Path(os.environ["SPEAK_OUT_HOME"]) / "copied.png"
    copied.parent.mkdir(exist_ok=True)
    with copied.open("wb") as file:
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-target", "image/png", "-out"], stdout=file, timeout=30, check=True
        )
    with Image.open(copied) as picture:
        assert np.array_equal(pixels(picture), pixels(window.current_tab.painted[-1].pictures[0]))


def test_without_a_tool_for_the_clipboard_a_sentence_names_it(
    app: Application, window: ResultWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    choose_export(window.export, "Copy picture")
    assert wait_until_said(app, window, "copied") == (
        "The picture cannot be copied, since xclip is missing; the package of that name brings it."
    )


def test_nothing_can_be_exported_before_there_is_a_picture(app: Application, window: ResultWindow) -> None:
    empty = paint(app, "zzz")
    wait_for(app.root, lambda: "known" in text_of(empty.current_tab.status), "the sentence")
    assert empty.save.instate(["disabled"])
    assert empty.export.instate(["disabled"])
    assert not window.save.instate(["disabled"])
