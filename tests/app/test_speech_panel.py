"""Speaking: start, stop, show, and what the panel says when something is in the way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.application import Application
from app.settings import Settings
from app.speech_panel import SpeechPanel
from tests.app.driving import enabled, press, record, text_of, wait_for
from tests.google_server import GoogleServer
from tests.virtual_microphone import VirtualMicrophone


@pytest.fixture
def panel(app: Application) -> SpeechPanel:
    app.main.speak.invoke()
    app.root.update()
    assert app.speech is not None
    return app.speech


def test_what_was_said_stands_in_the_keyboard_panel(
    app: Application,
    panel: SpeechPanel,
    virtual_microphone: VirtualMicrophone,
    voice: Callable[[str], Path],
    google_server: GoogleServer,
) -> None:
    google_server.hears("a small red bird")
    assert enabled(panel) == ["Start"]
    record(app, panel, virtual_microphone, voice("a small red bird"))
    assert text_of(panel.time) > "0:00.0"
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a small red bird"
    assert text_of(app.keyboard.heard).strip() == "Heard by Google."


def test_a_recording_that_nobody_understood_is_not_lost(
    app: Application,
    panel: SpeechPanel,
    virtual_microphone: VirtualMicrophone,
    voice: Callable[[str], Path],
    google_server: GoogleServer,
) -> None:
    google_server.understands_nothing()
    google_server.trickles = True
    record(app, panel, virtual_microphone, voice("a small red bird"))
    press(app, "Return")
    assert text_of(panel.status) == "Listening to your recording …"
    google_server.released.set()
    wait_for(app.root, lambda: enabled(panel), "an answer")
    assert text_of(panel.status).startswith("Google understood nothing")
    assert enabled(panel) == ["Start", "Show"]
    google_server.hears("a small red bird")
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")


@pytest.mark.usefixtures("no_microphone")
def test_no_microphone_is_one_sentence(app: Application, panel: SpeechPanel) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: enabled(panel), "an answer")
    assert text_of(panel.status) == "No microphone was found."
    assert enabled(panel) == ["Start"]


def test_the_engine_says_where_the_voice_goes_and_is_remembered(panel: SpeechPanel) -> None:
    assert "sent to Google over https" in text_of(panel.privacy)
    panel.engines["sphinx"].invoke()
    assert text_of(panel.privacy) == "PocketSphinx: nothing leaves this computer."
    assert Settings.load().engine == "sphinx"


@pytest.mark.usefixtures("virtual_microphone")
def test_going_back_stops_the_recording(app: Application, panel: SpeechPanel) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: enabled(panel) == ["Stop"] and text_of(panel.time) > "0:00.1", "the microphone")
    press(app, "Escape")
    assert app.panel is app.main
    wait_for(app.root, lambda: enabled(panel) == ["Start", "Show"], "the end of the recording")
