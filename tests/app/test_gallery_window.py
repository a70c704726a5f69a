"""The gallery as a person uses it: it fills by itself, is searched, opened, emptied by mistake and filled again."""

import gc
import json
import subprocess
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tkinter import filedialog

import numpy as np
import pytest
from PIL import Image

from app.application import Application
from app.gallery_window import GalleryWindow
from app.result_window import ResultWindow
from tests.app.conftest import Start
from tests.app.driving import (
    Stepped,
    choose_export,
    paint,
    press,
    result_windows,
    text_of,
    wait_for,
    wait_for_birds,
)
from tests.app.test_gallery import full_disk

RED, BLUE = "a small red bird", "a blue bird with a short beak"


@pytest.fixture
def restart() -> Iterator[Callable[[Application], Application]]:
    """Ends the program and starts it again, without anything that could paint."""
    started: list[Application] = []

    def fail(_: str) -> object:
        raise AssertionError("nothing is to be painted")

    def begin(app: Application) -> Application:
        app.close()
        app.join()
        started.append(Application(tk.Tk(), fail))  # type: ignore[arg-type]
        return started[-1]

    yield begin
    for one in started:
        one.close()
        one.join()
    gc.collect()


def paint_all(app: Application, *captions: str) -> list[ResultWindow]:
    app.keyboard.samples_box.set("1")
    windows = []
    for count, caption in enumerate(captions, start=1):
        windows.append(paint(app, caption))
        wait_for(app.root, lambda: windows[-1].current_tab.result, "the pictures")
        wait_for_birds(app, count)
    return windows


def focus(widget: tk.Misc) -> None:
    widget.focus_force()
    widget.update()


def double_click(widget: tk.Misc) -> None:
    """With the mouse, because Tk cannot make up a double press."""
    widget.winfo_toplevel().lift()
    widget.update()
    x, y = widget.winfo_rootx() + widget.winfo_width() // 2, widget.winfo_rooty() + widget.winfo_height() // 2
    mouse = ["xdotool", "mousemove", str(x), str(y), "click", "--repeat", "2", "--delay", "20", "1"]
    subprocess.run(mouse, check=True)


def captions(window: GalleryWindow) -> list[str]:
    return [tile.kept.bird.caption for tile in window.tiles]


def search_for(window: GalleryWindow, words: str) -> None:
    window.search.focus_force()
    window.update()
    for letter in words:
        window.search.event_generate(f"<{'space' if letter == ' ' else f'Key-{letter}'}>")
    window.update()


def test_a_bird_painted_before_a_restart_opens_as_it_was(
    app: Application, restart: Callable[[Application], Application]
) -> None:
    first, _ = paint_all(app, RED, BLUE)
    before = first.current_tab.painted
    again = restart(app)
    window = wait_for_birds(again, 2)
    assert captions(window) == [BLUE, RED]
    search_for(window, "red")
    assert captions(window) == [RED]
    assert text_of(window.count) == "1 of 2 birds"
    focus(window.tiles[0])
    press(again, "Return")
    (opened,) = result_windows(again)
    wait_for(again.root, lambda: opened.current_tab.result, "the pictures")
    assert (opened.caption, opened.seed) == (RED, first.seed)
    for old, new in zip(before, opened.current_tab.painted, strict=True):
        assert np.array_equal(old.stage.images, new.stage.images)
        if old.stage.attention is not None:
            assert new.stage.attention == pytest.approx(old.stage.attention, abs=1 / 510)
    assert text_of(opened.status).startswith("From the gallery, painted on ")
    opened.destroy()
    assert len(wait_for_birds(again, 1).tiles) == 1


def test_a_deleted_bird_comes_back_with_ctrl_z(app: Application, home: Path) -> None:
    paint_all(app, RED, BLUE)
    window = wait_for_birds(app, 2)
    assert window.undo.instate(["disabled"])
    focus(window.tiles[0])
    press(app, "Delete")
    wait_for_birds(app, 1)
    wait_for(app.root, lambda: "Ctrl+Z" in text_of(window.status), "the sentence")
    assert captions(window) == [RED]
    assert app.root.focus_get() is window.tiles[0]
    press(app, "Control-z")
    wait_for_birds(app, 2)
    assert captions(window) == [BLUE, RED]
    wait_for(app.root, lambda: text_of(window.status) == f"“{BLUE}” is back.", "the sentence")
    assert window.undo.instate(["disabled"])

    for left in (1, 0):
        focus(window.tiles[0])
        press(app, "Delete")
        wait_for_birds(app, left)
    damaged = sorted((home / "gallery" / "trash").iterdir())[-1]
    (damaged / "bird.json").write_text("{")
    press(app, "Control-z")
    back = home / "gallery" / damaged.name.partition("-")[2]
    sentence = f"A deleted bird is back, but cannot be shown. The bird in {back} is damaged: "
    wait_for(app.root, lambda: text_of(window.status).startswith(sentence), "the sentence")
    press(app, "Control-z")
    wait_for_birds(app, 1)
    wait_for(app.root, lambda: window.undo.instate(["disabled"]), "the end of the trash")
    assert captions(window) == [BLUE]


def test_arrows_go_through_the_birds_and_the_mouse_selects(app: Application) -> None:
    paint_all(app, RED, BLUE)
    window = wait_for_birds(app, 2)
    assert window.open.instate(["disabled"])
    focus(window.tiles[0])
    press(app, "Right")
    assert window.selected == window.tiles[1].kept
    window.tiles[0].event_generate("<Button-1>")
    app.root.update()
    assert window.selected == window.tiles[0].kept
    assert len(result_windows(app)) == 2
    for painted in result_windows(app):
        painted.destroy()
    double_click(window.tiles[1])
    wait_for(app.root, lambda: result_windows(app), "the window")
    assert result_windows(app)[0].caption == RED


def test_a_window_closed_in_the_middle_keeps_the_stages_there_were(start: Start, weights: Path) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    window = paint(app, RED)
    pipeline.step(2)
    wait_for(app.root, lambda: len(window.current_tab.painted) == 2, "two stages")
    window.destroy()
    pipeline.step(4)
    gallery = wait_for_birds(app, 1)
    focus(gallery.tiles[0])
    press(app, "Return")
    (opened,) = result_windows(app)
    wait_for(app.root, lambda: "Cancelled" in text_of(opened.current_tab.status), "the pictures")
    assert text_of(opened.current_tab.status) == "Cancelled after 2 of 4 stages."
    assert [stage.size for stage in opened.current_tab.painted] == [64, 128]


def test_what_was_painted_last_is_kept_when_the_program_is_closed_at_once(
    start: Start, weights: Path, restart: Callable[[Application], Application]
) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    window = paint(app, RED)
    pipeline.step(1)
    wait_for(app.root, lambda: window.current_tab.painted, "a stage")
    app.close()
    pipeline.step(4)
    assert captions(wait_for_birds(restart(app), 1)) == [RED]


def test_on_a_full_disk_the_bird_stays_in_its_window_and_closing_that_tries_again(app: Application) -> None:
    window = paint(app, RED)
    with full_disk():
        wait_for(app.root, lambda: "could not be kept" in text_of(window.status), "the sentence")
    assert text_of(window.status) == (
        "This bird could not be kept in the gallery: File too large. It stays here; save it elsewhere."
    )
    assert wait_for_birds(app, 0).tiles == []
    window.destroy()
    assert captions(wait_for_birds(app, 1)) == [RED]


def test_damage_is_told_and_hides_nothing(app: Application) -> None:
    paint_all(app, RED, BLUE)
    window = wait_for_birds(app, 2)
    damaged = window.tiles[0].kept.folder
    window.destroy()
    (damaged / "bird.json").write_text("{")
    window = wait_for_birds(app, 1)
    assert captions(window) == [RED]
    wait_for(app.root, lambda: text_of(window.status), "the sentence")
    assert text_of(window.status) == f"One bird cannot be shown, since {damaged} is damaged."
    (window.tiles[0].kept.folder / "00" / "128.png").write_bytes(b"")
    focus(window.tiles[0])
    press(app, "Return")
    opened = result_windows(app)[-1]
    wait_for(app.root, lambda: "damaged" in text_of(opened.current_tab.status), "the sentence")


def test_a_gallery_that_cannot_be_read_is_one_sentence(app: Application, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "gallery").write_text("in the way")
    window = app.curator.open()
    wait_for(app.root, lambda: text_of(window.status), "the sentence")
    assert text_of(window.status) == "The gallery cannot be read: Not a directory."


def test_a_bird_is_exported_from_the_gallery(app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app.keyboard.samples_box.set("2")
    painted = paint(app, RED)
    wait_for(app.root, lambda: painted.current_tab.result, "the pictures")
    window = wait_for_birds(app, 1)
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_: str(tmp_path / "red.png"))
    focus(window.tiles[0])
    window.which.set("Bird 2 of 2")
    window.which.event_generate("<<ComboboxSelected>>")
    choose_export(window.export, "Picture …")
    wait_for(app.root, lambda: "Saved" in text_of(window.status), "the file")
    with Image.open(tmp_path / "red.png") as file:
        assert np.array_equal(np.asarray(file), np.asarray(painted.current_tab.birds[1][-1].pictures[0]))


def test_painting_again_tells_whether_the_weights_are_the_same(app: Application) -> None:
    (painted,) = paint_all(app, RED)
    window = wait_for_birds(app, 1)
    kept = window.tiles[0].kept.bird
    for changed, sentence in (
        ({}, "Paint brings it back, under “Our model”."),
        ({"weights_hash": "ab" * 32}, f"The birds-512 here are others ({kept.weights_hash[:10]}): the same words and"),
        ({"weights": "elsewhere"}, "Those weights are not here: the same words and seed will be another picture."),
    ):
        summary = window.tiles[0].kept.folder / "bird.json"
        summary.write_text(json.dumps(json.loads(summary.read_text()) | changed))
        window.destroy()
        window = wait_for_birds(app, 1)
        focus(window.tiles[0])
        app.keyboard.show_heard("", "")
        window.again.invoke()
        wait_for(app.root, lambda sentence=sentence: sentence in app.keyboard.note, sentence)  # type: ignore[misc]
        assert (app.panel, app.keyboard.caption, app.keyboard.seed) == (app.keyboard, RED, painted.seed)
        assert app.keyboard.locked


def test_what_was_said_is_kept_with_the_bird(app: Application) -> None:
    window = app.results.open(RED, 1, 1, b"RIFF and so on")
    wait_for(app.root, lambda: window.current_tab.result, "the pictures")
    gallery = wait_for_birds(app, 1)
    recording = gallery.tiles[0].kept.recording
    assert recording is not None
    assert recording.read_bytes() == b"RIFF and so on"
    focus(gallery.tiles[0])
    press(app, "Return")
    assert str(recording) in text_of(result_windows(app)[-1].status)


def test_a_shortcut_that_is_pressed_twice_leaves_the_keyboard_in_the_search_field(app: Application) -> None:
    app.root.focus_force()
    window = app.curator.open()
    assert app.curator.open() is window
    wait_for(app.root, lambda: app.root.focus_get() is window.search, "the keyboard")


def test_escape_closes_and_the_gallery_opens_once(app: Application) -> None:
    app.main.gallery.focus_force()
    press(app, "Return")
    window = app.curator.open()
    assert app.root.focus_get() is window.search
    assert [child for child in app.root.winfo_children() if isinstance(child, GalleryWindow)] == [window]
    window.focus_force()
    press(app, "Escape")
    with suppress(tk.TclError):
        assert not window.winfo_exists()
