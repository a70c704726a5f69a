"""Speaking: start, stop, show, and what the panel says when something is in the way."""

from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

import pytest

from app.application import Application
from app.settings import Settings
from app.speech_panel import SpeechPanel
from tests.app.driving import (
    RECORDED,
    choose,
    come_back,
    enabled,
    paint,
    press,
    record,
    result_windows,
    text_of,
    wait_for,
    write,
)
from tests.app.test_speech_sound import OpenSound
from tests.google_server import GoogleServer
from tests.virtual_microphone import VirtualMicrophone


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
    assert text_of(panel.buttons.time) > "0:00.0"
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a small red bird"
    assert text_of(app.keyboard.heard) == "Heard by Google. Or did you say:"


def test_what_else_was_heard_is_a_click_away(
    app: Application,
    panel: SpeechPanel,
    open_sound: OpenSound,
    beep: Path,
    google_server: GoogleServer,
) -> None:
    google_server.hears("a small red bird")
    open_sound(app, beep)
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    (other,) = app.keyboard.alternatives.buttons
    assert text_of(other) == "a bur"
    other.invoke()
    app.root.update()
    assert app.keyboard.caption == "a bur"
    assert [text_of(button) for button in app.keyboard.alternatives.buttons] == ["a small red bird"]


def test_the_last_seconds_are_counted_down_and_a_minute_is_the_end(
    app: Application,
    panel: SpeechPanel,
    virtual_microphone: VirtualMicrophone,
    voice: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: enabled(panel) == ["Stop"], "the microphone")
    virtual_microphone.speak(voice("a bird"), app.root.update)
    with monkeypatch.context() as later:
        later.setattr(type(app.speech.dictation), "seconds", 51.5)
        wait_for(app.root, lambda: text_of(panel.status) == "Listening … 9 more seconds.", "the count-down")
        later.setattr(type(app.speech.dictation), "seconds", 60.0)
        wait_for(app.root, lambda: enabled(panel) == RECORDED, "the end of the recording")
    assert text_of(panel.status) == "60 seconds are the most; press Show to see what you said as text."


def test_a_recording_that_nobody_understood_is_not_lost(
    app: Application,
    panel: SpeechPanel,
    open_sound: OpenSound,
    beep: Path,
    google_server: GoogleServer,
) -> None:
    google_server.understands_nothing()
    google_server.trickles = True
    open_sound(app, beep)
    press(app, "Return")
    assert text_of(panel.status) == "Listening to your recording …"
    google_server.released.set()
    wait_for(app.root, lambda: enabled(panel), "an answer")
    assert text_of(panel.status).startswith("Google understood nothing")
    assert enabled(panel) == RECORDED
    google_server.hears("a small red bird")
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")


def test_a_second_bird_is_spoken(
    app: Application,
    panel: SpeechPanel,
    virtual_microphone: VirtualMicrophone,
    voice: Callable[[str], Path],
    google_server: GoogleServer,
) -> None:
    for description in ("a small red bird", "a white bird with a short beak"):
        google_server.hears(description)
        wait_for(app.root, lambda: enabled(panel) == ["Start"], "the bird before to be kept")
        assert text_of(panel.buttons.time) == "0:00.0"
        record(app, panel, virtual_microphone, voice("a bird"))
        press(app, "Return")
        wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
        press(app, "Return")
        assert result_windows(app)[-1].caption == description
        come_back(app)
        press(app, "Escape", "Alt-s")


def test_a_recording_that_nobody_listened_to_outlives_a_typed_bird(
    app: Application,
    panel: SpeechPanel,
    open_sound: OpenSound,
    beep: Path,
    google_server: GoogleServer,
) -> None:
    google_server.hears("a small red bird")
    open_sound(app, beep)
    paint(app, "a white bird")
    come_back(app)
    press(app, "Escape", "Alt-s", "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a small red bird"


def test_what_was_said_is_kept_with_its_own_bird_only(
    app: Application,
    panel: SpeechPanel,
    open_sound: OpenSound,
    beep: Path,
    google_server: GoogleServer,
    home: Path,
) -> None:
    google_server.hears("a small red bird")
    open_sound(app, beep)
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    press(app, "Escape")
    typed = paint(app, "a white bird")
    wait_for(app.root, lambda: typed.current_tab.result, "the typed bird")
    assert (home / "recording.wav").exists()
    app.speech.panel.buttons.show.invoke()
    app.show(app.speech.panel)
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    press(app, "Return")
    wait_for(app.root, lambda: not (home / "recording.wav").exists(), "the spoken bird to be kept")
    gallery = app.curator.open()
    wait_for(app.root, lambda: len(gallery.tiles) == 2, "both birds")
    spoken = {tile.kept.bird.caption: tile.kept.recording is not None for tile in gallery.tiles}
    assert spoken == {"a small red bird": True, "a white bird": False}


def test_an_answer_that_comes_while_a_list_is_open_is_shown(
    app: Application, panel: SpeechPanel, open_sound: OpenSound, beep: Path, google_server: GoogleServer
) -> None:
    google_server.hears("a small red bird")
    google_server.trickles = True
    open_sound(app, beep)
    press(app, "Return")
    panel.choices.engine.box.focus_force()
    panel.choices.engine.box.event_generate("<Down>")
    app.root.update()
    assert "popdown" in str(app.root.tk.call("focus"))
    google_server.released.set()
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a small red bird"


@pytest.mark.usefixtures("virtual_microphone")
def test_opening_a_picture_stops_the_recording(
    app: Application, panel: SpeechPanel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: app.speech.dictation.seconds > 0.1, "the microphone")
    monkeypatch.setattr(filedialog, "askopenfilename", lambda **_: str(tmp_path / "none.png"))
    press(app, "Control-o")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the sentence")
    wait_for(app.root, lambda: not app.speech.dictation.recording, "the end of the recording")


def test_a_late_text_does_not_replace_what_is_being_typed(
    app: Application,
    panel: SpeechPanel,
    open_sound: OpenSound,
    beep: Path,
    google_server: GoogleServer,
) -> None:
    google_server.hears("a small red bird")
    google_server.trickles = True
    open_sound(app, beep)
    press(app, "Return", "Escape")
    write(app, "a white bird")
    google_server.released.set()
    wait_for(app.root, lambda: enabled(panel) == RECORDED, "an answer")
    assert app.keyboard.caption == "a white bird"
    press(app, "Escape", "Alt-s", "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a small red bird"


def test_a_recording_that_cannot_be_deleted_does_not_keep_its_bird_from_being_painted(
    app: Application,
    panel: SpeechPanel,
    open_sound: OpenSound,
    beep: Path,
    google_server: GoogleServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def in_use(*_: object, **__: object) -> None:
        raise PermissionError("The file is used by another process")

    google_server.hears("a small red bird")
    open_sound(app, beep)
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    monkeypatch.setattr(Path, "unlink", in_use)
    press(app, "Return")
    assert [window.caption for window in result_windows(app)] == ["a small red bird"]


@pytest.mark.usefixtures("no_microphone")
def test_no_microphone_is_one_sentence(app: Application, panel: SpeechPanel) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: enabled(panel), "an answer")
    assert text_of(panel.status) == "No microphone was found."
    assert enabled(panel) == ["Start"]


def test_the_engine_says_where_the_voice_goes_and_is_remembered(panel: SpeechPanel) -> None:
    assert "sent to Google over https" in text_of(panel.choices.privacy)
    choose(panel.choices.engine, "PocketSphinx")
    assert text_of(panel.choices.privacy).startswith("Nothing leaves this computer.")
    assert Settings.load().engine == "sphinx"


@pytest.mark.usefixtures("virtual_microphone")
def test_going_back_stops_the_recording(app: Application, panel: SpeechPanel) -> None:
    press(app, "Return")
    wait_for(app.root, lambda: enabled(panel) == ["Stop"] and text_of(panel.buttons.time) > "0:00.1", "the microphone")
    press(app, "Escape")
    assert app.panel is app.main
    wait_for(app.root, lambda: enabled(panel) == RECORDED, "the end of the recording")
