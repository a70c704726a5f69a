"""A person says a description, corrects nothing, and sees the bird the shipped weights paint."""

import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageGrab, ImageStat

from app.application import Application
from app.stage_cell import StageCell
from tests.app.conftest import home, root
from tests.app.driving import press, record, result_windows, text_of, wait_for
from tests.google_server import GoogleServer
from tests.virtual_microphone import VirtualMicrophone

__all__ = ["home", "root"]

DESCRIPTION = "this bird is red with white and has a very short beak"


@pytest.fixture
def app(root: tk.Tk) -> Iterator[Application]:
    application = Application(root)
    application.load()
    root.focus_force()
    application.panel.focus_default()
    root.update()
    yield application
    application.close()
    application.join()


def seen_on_screen(cell: StageCell) -> ImageStat.Stat:
    """Colours of the screen where a stage's picture is."""
    picture = cell.buttons[0]
    x, y = picture.winfo_rootx() + 8, picture.winfo_rooty() + 8
    box = (x, y, x + picture.winfo_width() - 16, y + picture.winfo_height() - 16)
    return ImageStat.Stat(ImageGrab.grab(box).convert("RGB"))


def test_a_spoken_description_becomes_pictures(
    app: Application,
    virtual_microphone: VirtualMicrophone,
    voice: Callable[[str], Path],
    google_server: GoogleServer,
) -> None:
    google_server.hears(DESCRIPTION)
    press(app, "Return")
    panel = app.speech.panel
    record(app, panel, virtual_microphone, voice(DESCRIPTION))
    press(app, "Return")
    assert google_server.requests == []
    panel.question.to_google.invoke()
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == DESCRIPTION

    others = len(app.keyboard.alternatives.buttons)
    assert others > 0  # what Google also thought it heard
    press(app, *["Tab"] * (1 + others), "Tab", "Key-3")
    assert app.keyboard.seed == 3
    press(app, "Return")
    (window,) = result_windows(app)
    ours, original = window.tabs
    wait_for(app.root, lambda: ours.result, "four stages")
    assert ours.result is not None
    assert ours.result.unknown_words == []
    for painted in ours.painted:
        cell = ours.cells[painted.size]
        stage = painted.stage.images[0].reshape(-1, 3)
        np.testing.assert_allclose(seen_on_screen(cell).mean, stage.mean(axis=0), atol=12)
        assert max(seen_on_screen(cell).stddev) > 10, "a flat picture is no bird"
        assert len(cell.buttons) == (1 if painted.size == 64 else 6)
    assert "birds-512" in text_of(ours.status)

    window.notebook.select(1)
    wait_for(app.root, lambda: original.result, "three stages")
    assert [painted.size for painted in original.painted] == [64, 128, 256]
