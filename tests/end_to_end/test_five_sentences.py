"""Five descriptions that no other test says, spoken into the running app and read in the keyboard panel."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.application import Application
from app.settings import Settings
from tests.app.conftest import home, root, start, weights
from tests.app.driving import RECORDED, enabled, press, wait_for
from tests.virtual_microphone import VirtualMicrophone

__all__ = ["home", "root", "start", "weights"]

SENTENCES = [
    "a blue bird with a long tail",
    "a black bird with a curved beak",
    "a grey bird with a white belly",
    "an orange bird with black wings",
    "a large white bird with orange feet",
]


@pytest.mark.usefixtures("home")
def test_five_new_sentences_are_read_right(
    start: Callable[..., Application], virtual_microphone: VirtualMicrophone, voice: Callable[[str], Path]
) -> None:
    Settings(engine="sphinx").save()
    app = start()
    panel = app.speech.panel
    read = []
    for sentence in SENTENCES:
        app.main.speak.invoke()
        panel.buttons.start.invoke()
        wait_for(app.root, lambda: panel.believes_recording and app.speech.dictation.seconds > 0, "the microphone")
        virtual_microphone.speak(voice(sentence), app.root.update)
        panel.buttons.stop.invoke()
        wait_for(app.root, lambda: enabled(panel) == RECORDED, "the recording")
        press(app, "Return")
        wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
        read.append(app.keyboard.caption)
        press(app, "Escape")
    assert read == SENTENCES
