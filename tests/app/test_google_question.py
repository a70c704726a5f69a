"""Before anything is sent to Google for the first time, the panel asks."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.application import Application
from app.settings import Settings
from app.speech_panel import SpeechPanel
from tests.app.driving import choose, enabled, press, text_of, wait_for
from tests.app.test_speech_sound import OpenSound
from tests.google_server import GoogleServer


@pytest.fixture
def panel(
    app: Application, voice: Callable[[str], Path], open_sound: OpenSound, google_server: GoogleServer
) -> SpeechPanel:
    """With a recording, and the question whether Google may hear it."""
    google_server.hears("a white bird")
    app.main.speak.invoke()
    app.root.update()
    open_sound(app, voice("a small red bird"))
    press(app, "Return")
    return app.speech.panel


def test_it_says_what_is_sent_and_sends_nothing_yet(
    app: Application, panel: SpeechPanel, google_server: GoogleServer
) -> None:
    assert panel.question.winfo_viewable()
    assert "sent to Google, over https" in text_of(panel.question.question)
    assert enabled(panel) == ["Start again", "Play"]
    assert google_server.requests == []
    assert not Settings.load().google_may_hear


def test_send_to_google_sends_and_is_remembered(
    app: Application, panel: SpeechPanel, google_server: GoogleServer
) -> None:
    press(app, "Tab", "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a white bird"
    assert len(google_server.requests) == 1
    assert Settings.load().google_may_hear
    press(app, "Escape", "Alt-s", "Return")  # not asked again
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert len(google_server.requests) == 2


def test_a_key_pressed_once_too_often_keeps_the_voice_here(
    app: Application, panel: SpeechPanel, google_server: GoogleServer
) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a small red bird"
    assert google_server.requests == []
    assert Settings.load().engine == "sphinx"
    assert not Settings.load().google_may_hear
    assert panel.choices.engine.key == "sphinx"


def test_another_engine_is_an_answer_too(app: Application, panel: SpeechPanel, google_server: GoogleServer) -> None:
    choose(panel.choices.engine, "PocketSphinx")
    assert not panel.question.winfo_viewable()
    assert text_of(panel.status) == "Press Show or Return to see it as text."
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert google_server.requests == []
