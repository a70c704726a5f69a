"""The first window: there at once, honest about what loads, and all of it within reach of the keyboard."""

import subprocess
import sys
import tkinter as tk
from pathlib import Path
from tkinter import ttk

import pytest

from app.application import Application
from model.pipeline import TextToImagePipeline, WeightsError
from tests.app.conftest import Start
from tests.app.driving import press, text_of, wait_for

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
    for _ in range(6):
        press(app, "Tab")
        order.append(focused_text(app))
    assert order == ["Speak", "Type", "Gallery", "Open a picture …", "Dark", "Quit", "Speak"]
    press(app, "Tab", "Return")
    assert app.keyboard.winfo_viewable()
    press(app, "Escape")
    assert app.main.winfo_viewable()
    assert focused_text(app) == "Speak"


def test_the_theme_is_chosen_with_a_key_and_remembered(app: Application, root: tk.Tk, home: Path) -> None:
    def background() -> str:
        return str(ttk.Style(root).lookup(".", "background"))

    light = background()
    app.main.dark.focus_force()
    press(app, "space")
    assert background() != light
    assert '"theme": "dark"' in (home / "settings.json").read_text()
    press(app, "space")
    assert background() == light


def test_quit_closes_the_window(app: Application, root: tk.Tk) -> None:
    app.main.quit_button.invoke()
    with pytest.raises(tk.TclError):
        root.winfo_viewable()
