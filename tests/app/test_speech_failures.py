"""Everything that can go wrong between a voice and its text has one plain sentence on the screen."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.application import Application
from app.speech_panel import SpeechPanel
from tests.app.driving import RECORDED, choose, enabled, press, text_of, wait_for
from tests.app.sounds import noise, write_sound
from tests.app.test_speech_sound import OpenSound
from tests.google_server import GoogleServer
from tests.google_server import google_server as serve_google
from tests.virtual_microphone import VirtualMicrophone


def show(app: Application, panel: SpeechPanel) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard or panel.buttons.enabled, "an answer")


def test_a_microphone_that_vanishes_while_recording(
    app: Application, panel: SpeechPanel, vanishing_microphone: VirtualMicrophone
) -> None:
    press(app, "space")
    wait_for(app.root, lambda: app.speech.dictation.seconds > 0.2, "the microphone")
    vanishing_microphone.unplug()
    wait_for(app.root, lambda: enabled(panel) == RECORDED, "the end of the recording")
    assert text_of(panel.status) == "The microphone is gone; what it recorded is kept."
    assert text_of(panel.buttons.time) > "0:00.1"


@pytest.mark.usefixtures("virtual_microphone", "google_server")
def test_silence(app: Application, panel: SpeechPanel) -> None:
    press(app, "space")
    wait_for(app.root, lambda: app.speech.dictation.seconds > 0.2, "the microphone")
    press(app, "space")
    wait_for(app.root, lambda: enabled(panel) == RECORDED, "the recording")
    show(app, panel)
    assert text_of(panel.status) == "The recording is silent; is the microphone switched on?"


def test_noise_only(app: Application, panel: SpeechPanel, open_sound: OpenSound, tmp_path: Path) -> None:
    choose(panel.choices.engine, "PocketSphinx")
    panel.buttons.start.focus_force()
    open_sound(app, write_sound(tmp_path / "fan.wav", noise(1)))
    show(app, panel)
    sentence = "There is only noise in the recording; please say it again, closer to the microphone."
    assert text_of(panel.status) == sentence
    assert enabled(panel) == RECORDED


def test_noise_only_for_google(
    app: Application, panel: SpeechPanel, open_sound: OpenSound, tmp_path: Path, google_server: GoogleServer
) -> None:
    google_server.understands_nothing()
    open_sound(app, write_sound(tmp_path / "fan.wav", noise(1)))
    show(app, panel)
    sentence = "Google understood nothing; please say it again, a little closer to the microphone."
    assert text_of(panel.status) == sentence


def test_no_network_a_server_error_and_a_garbage_answer(
    app: Application,
    panel: SpeechPanel,
    open_sound: OpenSound,
    voice: Callable[[str], Path],
    google_server: GoogleServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def sentence() -> str:
        press(app, "Escape", "Alt-s")
        show(app, panel)
        assert app.keyboard.caption == "a red bird"
        return text_of(app.keyboard.heard)

    open_sound(app, voice("a red bird"))
    google_server.fails(403)
    instead = "so PocketSphinx listened offline."
    assert sentence().startswith(f"Heard by PocketSphinx. Google answered with error 403, {instead}")
    google_server.fails(200)
    google_server.answer = b"<html>Please log in to this hotel's network</html>"
    assert sentence().startswith(f"Heard by PocketSphinx. Google answered with something unreadable, {instead}")
    with serve_google() as gone:
        monkeypatch.setenv("SPEAK_OUT_GOOGLE_ENDPOINT", gone.endpoint)
    assert sentence().startswith(f"Heard by PocketSphinx. Google could not be reached, {instead}")
