"""The pictures: they come stage by stage, can be stopped, looked at closely and kept."""

import tkinter as tk
from pathlib import Path
from tkinter import filedialog

import pytest
from PIL import Image

from app.application import Application
from app.model_tab import ModelTab
from app.result_window import ResultWindow
from tests.app.conftest import Start
from tests.app.driving import (
    CAPTION,
    Stepped,
    choose_export,
    choose_sample,
    paint,
    press,
    text_of,
    wait_for,
    wait_for_birds,
)


def words_under(tab: ModelTab, size: int) -> list[str]:
    return [text_of(button) for button in tab.cells[size].buttons[1:]]


def wait_for_status(app: Application, tab: ModelTab, sentence: str) -> None:
    wait_for(app.root, lambda: text_of(tab.status) == sentence, sentence)


def test_stages_appear_one_by_one(start: Start, weights: Path) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    app.keyboard.samples_box.set("1")
    tab = paint(app).current_tab
    sizes = [64, 128, 256, 512]

    def shown() -> list[int]:
        return [size for size, cell in tab.cells.items() if cell.buttons]

    for count, size in enumerate(sizes):
        wait_for_status(app, tab, f"Painting {size} × {size} on CPU …")
        assert shown() == sizes[:count]
        pipeline.step()
    wait_for(app.root, lambda: tab.result, "the end")
    assert shown() == sizes
    assert text_of(tab.status).startswith("Painted by birds-512 on CPU in ")
    assert not tab.cancel.winfo_viewable()


@pytest.mark.parametrize("width", [1280, 1600])
def test_nothing_moves_when_pictures_and_maps_come(
    start: Start, weights: Path, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(tk.Misc, "winfo_screenwidth", lambda _: width)
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    tab = paint(app).current_tab

    def places() -> list[tuple[int, int]]:
        app.root.update()
        return [(cell.winfo_rootx(), cell.winfo_rooty()) for cell in tab.cells.values()]

    wait_for_status(app, tab, "Painting bird 1 of 2, 64 × 64 on CPU …")
    before = places()
    pipeline.step(8)
    wait_for(app.root, lambda: tab.result, "the pictures")
    assert places() == before


def test_each_later_stage_shows_five_words(app: Application) -> None:
    window = paint(app)
    tab = window.current_tab
    wait_for(app.root, lambda: tab.result, "the pictures")
    for sample in (0, 1):
        choose_sample(window, sample)
        assert words_under(tab, 64) == []
        for size in (128, 256, 512):
            words = words_under(tab, size)
            assert words == [best.word for best in tab.birds[sample][[64, 128, 256, 512].index(size)].attention[0]]
            assert len(words) == 5
            assert set(words) <= set(CAPTION.split())


def test_cancel_stops_between_stages_and_the_next_bird_is_painted(start: Start, weights: Path) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    first = paint(app).current_tab
    pipeline.step(2)
    wait_for(app.root, lambda: len(first.painted) == 2, "two stages")
    first.cancel.focus_force()
    press(app, "Return")
    assert text_of(first.status) == "Cancelled after 2 of 4 stages."
    second = paint(app).current_tab
    pipeline.step(10)
    wait_for(app.root, lambda: second.result, "the second bird")
    assert len(first.painted) == 2
    assert first.result is None


def test_samples_fill_a_grid_and_arrow_keys_choose_whose_stages_are_shown(start: Start, weights: Path) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    app.keyboard.samples_box.set("6")
    window = paint(app)
    tab = window.current_tab
    buttons = tab.choice.buttons

    def filled() -> list[int]:
        return [number for number, button in enumerate(buttons) if not text_of(button)]

    pipeline.step(6)
    wait_for_status(app, tab, "Painting bird 2 of 6, 256 × 256 on CPU …")
    wait_for(app.root, lambda: filled() == [0, 1], "two small pictures")
    buttons[0].focus_force()
    app.root.update()
    press(app, "Right")  # two in a row
    wait_for(app.root, lambda: not tab.drawing, "the other stages")
    assert [size for size, cell in tab.cells.items() if cell.buttons] == [64, 128]
    press(app, "Down", "Down")
    assert tab.sample == 5
    press(app, "Down", "Prior")
    assert tab.sample == 4
    assert app.root.focus_get() is buttons[4]
    wait_for(app.root, lambda: not tab.drawing, "no stage")
    assert not any(cell.buttons for cell in tab.cells.values())
    assert window.save.instate(["disabled"])
    choose_sample(window, 1)
    assert not window.save.instate(["disabled"])
    pipeline.step(2)
    wait_for(app.root, lambda: tab.cells[512].buttons, "the last stage")
    tab.cancel.invoke()
    assert text_of(tab.status) == "Cancelled after 2 of 6 birds."
    pipeline.step()
    (tile,) = wait_for_birds(app, 1).tiles
    assert tile.kept.bird.samples == 2


def test_the_original_model_paints_when_its_tab_is_opened(app: Application) -> None:
    window = paint(app)
    ours, original = window.tabs
    wait_for(app.root, lambda: ours.result, "our model")
    assert not original.cells
    window.notebook.focus_force()
    press(app, "Right")
    assert window.current_tab is original
    wait_for(app.root, lambda: original.result, "the original model")
    assert list(original.cells) == [64, 128, 256]
    assert ours.result is not None
    assert original.result is not None
    assert original.result.seed == ours.result.seed


def test_a_description_without_a_known_word_is_one_sentence(app: Application) -> None:
    tab = paint(app, "zzz qqq").current_tab
    wait_for(app.root, lambda: "known" in text_of(tab.status), "the sentence")
    assert text_of(tab.status) == 'None of the words is known to the painter: "zzz", "qqq".'
    assert not tab.cancel.winfo_viewable()


def test_pictures_are_saved_where_the_user_wants(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = paint(app)
    wait_for(app.root, lambda: window.current_tab.result, "the pictures")
    monkeypatch.setattr(filedialog, "askdirectory", lambda **_: str(tmp_path / "kept"))
    choose_export(window.export, "All pictures …")
    wait_for(app.root, lambda: "Saved" in text_of(window.status), "the files")
    bird = tmp_path / "kept" / f"this-bird-is-red-with-white-and-has-a-very-short-seed-{window.seed}"
    assert text_of(window.status) == f"Saved 14 pictures in {bird}."
    for sample in ("00", "01"):
        folder = bird / "birds-512" / sample
        assert {file.name for file in folder.iterdir()} == {
            *(f"{size}.png" for size in (64, 128, 256, 512)),
            *(f"attention_{size}.png" for size in (128, 256, 512)),
        }
        assert Image.open(folder / "512.png").size == (512, 512)


def test_no_bird_is_saved_over_another(app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filedialog, "askdirectory", lambda **_: str(tmp_path))
    app.keyboard.seed_entry.insert(0, "7")

    def save(window: ResultWindow) -> None:
        window.say("")
        choose_export(window.export, "All pictures …")
        wait_for(app.root, lambda: "Saved" in text_of(window.status), "the files")

    first = paint(app, "a red bird")
    for window in (first, paint(app, "A red, red bird!"), paint(app, "a red bird")):
        wait_for(app.root, lambda window=window: window.current_tab.result, "the pictures")  # type: ignore[misc]
        save(window)
    assert sorted(bird.name for bird in tmp_path.iterdir() if bird.name.startswith("a-red")) == [
        "a-red-bird-seed-7",
        "a-red-bird-seed-7-2",
        "a-red-red-bird-seed-7",
    ]
    first.notebook.select(1)
    wait_for(app.root, lambda: first.current_tab.result, "the original model")
    save(first)
    assert {model.name for model in (tmp_path / "a-red-bird-seed-7").iterdir()} == {"birds-512", "birds-256"}
    assert {model.name for model in (tmp_path / "a-red-bird-seed-7-2").iterdir()} == {"birds-512"}


def test_the_wheel_still_scrolls_when_another_window_was_closed(app: Application) -> None:
    window, other = paint(app), paint(app)
    window.geometry("900x300")
    tab = window.current_tab
    wait_for(app.root, lambda: tab.painted, "a picture")
    other.destroy()
    picture = tab.cells[64].buttons[0]
    before = picture.winfo_rooty()
    picture.event_generate("<Button-5>")
    app.root.update()
    lower = picture.winfo_rooty()
    assert lower < before
    picture.event_generate("<Button-4>")
    app.root.update()
    assert picture.winfo_rooty() == before


def test_a_folder_that_cannot_be_written_is_one_sentence(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    window = paint(app)
    wait_for(app.root, lambda: window.current_tab.result, "the pictures")
    monkeypatch.setattr(filedialog, "askdirectory", lambda **_: str(tmp_path / "file"))
    choose_export(window.export, "All pictures …")
    wait_for(app.root, lambda: "could not be saved" in text_of(window.status), "the sentence")


def test_escape_closes_the_window_and_stops_its_painting(start: Start, weights: Path) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    window = paint(app)
    wait_for(app.root, lambda: window.current_tab.cells, "the empty places")
    press(app, "Escape")
    assert not window.winfo_exists()
    pipeline.step(9)
    after = paint(app).current_tab
    wait_for(app.root, lambda: after.result, "the next bird")
