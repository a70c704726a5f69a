"""The first window: there at once, honest about what loads, and all of it within reach of the keyboard."""

import subprocess
import sys
import tkinter as tk
from pathlib import Path

import pytest

from app.application import Application
from model.pipeline import TextToImagePipeline, WeightsError
from tests.app.conftest import Start
from tests.app.driving import paint, press, result_windows, text_of, wait_for, wait_for_birds, write

FIRST_WINDOW = """
import sys, tkinter
from app.application import Application
root = tkinter.Tk()
app = Application(root)
root.update()
print(bool(app.main.winfo_viewable()), "torch" in sys.modules, "model.pipeline" in sys.modules)
app.close()
app.join()
"""


def focused_text(app: Application) -> str:
    focused = app.root.focus_get()
    assert focused is not None
    return text_of(focused)


@pytest.mark.usefixtures("display", "home")
def test_is_on_screen_before_torch_is_imported() -> None:
    shown = subprocess.run([sys.executable, "-c", FIRST_WINDOW], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["True", "False", "False"]
    assert shown.stderr == ""


def test_says_what_it_loads_and_then_what_paints(app: Application) -> None:
    app.load()
    assert text_of(app.main.status) == "Loading the painter (birds-512) …"
    wait_for(app.root, lambda: "CPU" in text_of(app.main.status), "the painter")
    assert text_of(app.main.status) == "Painting with birds-512 on CPU"


def test_missing_weights_are_one_sentence_and_the_app_goes_on(start: Start, tmp_path: Path) -> None:
    app = start(lambda name: TextToImagePipeline.from_pretrained(tmp_path / name))
    with pytest.raises(WeightsError) as missing:
        TextToImagePipeline.from_pretrained(tmp_path / "birds-512")
    app.load()
    wait_for(app.root, lambda: "Loading" not in text_of(app.main.status), "the failure")
    assert text_of(app.main.status) == str(missing.value)
    press(app, "Alt-t")
    assert app.panel is app.keyboard


def test_an_unforeseen_error_is_a_sentence_too(start: Start) -> None:
    def load(_: str) -> TextToImagePipeline:
        raise MemoryError("out of memory")

    app = start(load)
    app.load()
    wait_for(app.root, lambda: "Loading" not in text_of(app.main.status), "the failure")
    assert text_of(app.main.status) == "The painter could not go on: out of memory."


def test_tab_goes_through_every_control_and_return_presses(app: Application) -> None:
    order = [focused_text(app)]
    for _ in range(9):
        press(app, "Tab")
        order.append(focused_text(app))
    examples = ["a green bird with a red throat", "a small yellow bird", "a grey bird with a short beak"]
    assert order == ["Speak", "Type", "Gallery", "Open a picture …", *examples, "Preferences …", "Quit", "Speak"]
    press(app, "Tab", "Return")
    assert app.keyboard.winfo_viewable()
    press(app, "Escape")
    assert app.main.winfo_viewable()
    assert focused_text(app) == "Speak"


def test_an_example_is_ready_to_paint_and_what_stood_there_comes_back(app: Application) -> None:
    write(app, "a bird of my own")
    press(app, "Escape")
    app.main.examples.buttons[1].invoke()
    app.root.update()
    assert app.keyboard.caption == "a small yellow bird"
    assert app.root.focus_get() is app.keyboard.text
    press(app, "Control-z", "Control-z")
    assert app.keyboard.caption == "a bird of my own"
    press(app, "Control-n")
    assert (app.panel, app.keyboard.caption) == (app.keyboard, "")


def test_the_last_birds_are_a_press_away_and_follow_the_gallery(app: Application) -> None:
    assert not app.main.recent.winfo_ismapped()
    app.keyboard.samples_box.set("1")
    for count, caption in enumerate(("a red bird", "a blue bird"), start=1):
        painted = paint(app, caption)
        wait_for(app.root, lambda: len(app.main.recent.tiles) == count, "the bird")  # noqa: B023
        painted.destroy()
    app.root.focus_force()
    app.root.update()
    press(app, "Escape")
    tiles = list(app.main.recent.tiles.values())
    assert [text_of(tile) for tile in tiles] == ["a blue bird", "a red bird"]
    assert all(tile.winfo_viewable() for tile in tiles)
    tiles[1].focus_force()
    press(app, "Return")
    wait_for(app.root, lambda: result_windows(app), "the window")
    (opened,) = result_windows(app)
    wait_for(app.root, lambda: opened.current_tab.result, "the pictures")
    assert opened.caption == "a red bird"
    assert text_of(opened.status).startswith("From the gallery")
    gallery = wait_for_birds(app, 2)
    for left in (1, 0):
        gallery.tiles[0].focus_force()
        app.root.update()
        press(app, "Delete")
        wait_for_birds(app, left)
        wait_for(app.root, lambda: len(app.main.recent.tiles) == left, "the others")  # noqa: B023
    assert not app.main.recent.winfo_ismapped()


def test_quit_closes_the_window(app: Application, root: tk.Tk) -> None:
    app.main.quit_button.invoke()
    with pytest.raises(tk.TclError):
        root.winfo_viewable()
