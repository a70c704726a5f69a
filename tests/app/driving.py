"""What a person does with the app: wait, press keys, type a description."""

import threading
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.application import Application
from app.choice import Choice
from app.export_menu import ExportMenu
from app.gallery_window import GalleryWindow
from app.result_window import ResultWindow
from app.speech_panel import SpeechPanel
from model.pipeline import Result, Stage, TextToImagePipeline
from tests.virtual_microphone import VirtualMicrophone

PATIENCE_SECONDS = 120
RECORDED = ["Start again", "Play", "Show"]
CAPTION = "this bird is red with white and has a very short beak"


def wait_for(root: tk.Misc, condition: Callable[[], object], what: str) -> None:
    """Keep the windows alive until the condition holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        root.update()
        time.sleep(0.005)
    root.update()


def press(app: Application, *keys: str) -> None:
    """Press keys where the focus is."""
    for key in keys:
        focused = app.root.focus_get()
        assert focused is not None
        focused.event_generate(f"<{key}>")
        app.root.update()


def result_windows(app: Application) -> list[ResultWindow]:
    return [child for child in app.root.winfo_children() if isinstance(child, ResultWindow)]


def write(app: Application, caption: str) -> None:
    app.main.type.invoke()
    app.keyboard.text.delete("1.0", "end")
    app.keyboard.text.insert("1.0", caption)
    app.keyboard.text.focus_force()
    app.root.update()


def paint(app: Application, caption: str = CAPTION) -> ResultWindow:
    """Type a caption, press Return, and get the window that opens."""
    write(app, caption)
    press(app, "Return")
    window = result_windows(app)[-1]
    window.focus_force()
    app.root.update()
    return window


def choose_sample(window: ResultWindow, number: int) -> None:
    """Press its small picture, and wait until it is the one whose stages are shown."""
    tab = window.current_tab
    tab.choice.buttons[number].invoke()
    wait_for(window, lambda: not tab.drawing, "its stages")


def choose_export(menu: ExportMenu, label: str) -> None:
    """Pick an entry of the menu, which is not to be greyed out."""
    assert not menu.instate(["disabled"])
    menu.menu.invoke(label)


def wait_for_birds(app: Application, count: int) -> GalleryWindow:
    """The gallery, opened where it is not, once it shows so many birds."""
    windows = [child for child in app.root.winfo_children() if isinstance(child, GalleryWindow)]
    window = windows[0] if windows else app.curator.open()
    wait_for(app.root, lambda: len(window.tiles) == count, f"{count} birds")
    return window


def come_back(app: Application) -> None:
    """To the keyboard panel, from a result window that lies over it."""
    app.root.lift()
    app.keyboard.text.focus_force()


def text_of(widget: tk.Misc) -> str:
    return str(widget.cget("text"))


def enabled(panel: SpeechPanel) -> list[str]:
    return [text_of(button) for button in panel.buttons.enabled]


def record(app: Application, panel: SpeechPanel, microphone: VirtualMicrophone, sound: Path) -> None:
    """With the keyboard alone: the space bar is Start, then Stop."""
    press(app, "space")
    wait_for(app.root, lambda: enabled(panel) == ["Stop"], "the microphone")
    levels: list[float] = []

    def watch_the_meter() -> None:
        app.root.update()
        levels.append(panel.sound.meter.level)

    microphone.speak(sound, watch_the_meter)
    assert max(levels) > 0
    press(app, "space")
    wait_for(app.root, lambda: enabled(panel) == RECORDED, "the recording")


def choose(choice: Choice, label: str) -> None:
    """Open the list, go down to the label, and press Return."""
    choice.box.focus_force()
    choice.box.event_generate("<Down>")
    choice.update()
    box = f"{choice.tk.call('ttk::combobox::PopdownWindow', choice.box)}.f.l"
    steps = choice.labels.index(label) - choice.box.current()
    for key in ["<Down>" if steps > 0 else "<Up>"] * abs(steps) + ["<Return>"]:
        choice.tk.call("event", "generate", box, key)
    choice.update()


class Stepped:
    """A pipeline that goes on to the next stage only when told to."""

    def __init__(self, weights: Path) -> None:
        self._pipeline = TextToImagePipeline.from_pretrained(weights, device="cpu")
        self._steps = threading.Semaphore(0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipeline, name)

    def __call__(
        self, caption: str, seed: int, samples: int, on_stage: Callable[[Stage], None], first_sample: int = 0
    ) -> Result:
        def wait_then_show(stage: Stage) -> None:
            assert self._steps.acquire(timeout=PATIENCE_SECONDS)
            on_stage(stage)

        return self._pipeline(caption, seed, samples, wait_then_show, first_sample)

    def step(self, count: int = 1) -> None:
        self._steps.release(count)
