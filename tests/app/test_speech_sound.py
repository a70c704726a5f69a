"""The speech panel's recording: seen, played, recorded again, opened from a file, and the keys for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.application import Application
from app.speech_panel import SpeechPanel
from tests.app.driving import RECORDED, enabled, press, text_of, wait_for
from tests.app.sounds import tone, write_sound
from tests.google_server import GoogleServer
from tests.virtual_microphone import VirtualMicrophone

OpenSound = Callable[[Application, Path], None]


def test_an_opened_file_is_seen_and_shown(
    app: Application,
    panel: SpeechPanel,
    voice: Callable[[str], Path],
    open_sound: OpenSound,
    google_server: GoogleServer,
) -> None:
    google_server.hears("a small red bird")
    open_sound(app, voice("a small red bird"))
    assert text_of(panel.status) == "“spoken.wav” is open. Press Show or Return to see it as text."
    assert enabled(panel) == RECORDED
    assert text_of(panel.buttons.time) > "0:01.0"
    assert max(panel.sound.waveform.levels) > 0.5
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert app.keyboard.caption == "a small red bird"


def test_a_file_without_sound_has_a_sentence_and_the_recording_stays(
    app: Application, panel: SpeechPanel, open_sound: OpenSound, beep: Path, tmp_path: Path
) -> None:
    open_sound(app, beep)
    (tmp_path / "song.mp3").write_bytes(b"ID3 and so on")
    open_sound(app, tmp_path / "song.mp3")
    assert text_of(panel.status) == "“song.mp3” is not a sound file that can be read; open a WAV, FLAC or AIFF file."
    assert enabled(panel) == RECORDED
    assert max(panel.sound.waveform.levels) > 0.5


def test_no_file_chosen_changes_nothing(app: Application, panel: SpeechPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    before = text_of(panel.status)
    monkeypatch.setattr("app.speech.filedialog.askopenfilename", lambda **_: ())
    press(app, "Alt-n")
    assert (text_of(panel.status), enabled(panel)) == (before, ["Start"])


@pytest.mark.usefixtures("virtual_microphone")
def test_playing_shows_how_far_it_is_and_ends_by_itself(
    app: Application, panel: SpeechPanel, open_sound: OpenSound, tmp_path: Path
) -> None:
    open_sound(app, write_sound(tmp_path / "tone.wav", tone(1.5)))
    length = text_of(panel.buttons.time)
    press(app, "Alt-p")
    wait_for(app.root, lambda: enabled(panel) == ["Stop"], "the loudspeaker")
    assert text_of(panel.status) == "Playing what was recorded …"
    assert panel.choices.microphone.box.instate(["disabled"])
    wait_for(app.root, lambda: enabled(panel) == RECORDED, "the end")
    assert text_of(panel.buttons.time) == length == "0:01.5"


@pytest.mark.usefixtures("virtual_microphone")
def test_playing_is_stopped_with_the_space_bar_or_by_going_back(
    app: Application, panel: SpeechPanel, open_sound: OpenSound, tmp_path: Path
) -> None:
    open_sound(app, write_sound(tmp_path / "long.wav", tone(50)))
    for key in ("space", "Escape"):
        panel.buttons.play.invoke()
        wait_for(app.root, lambda: enabled(panel) == ["Stop"], "the loudspeaker")
        press(app, key)
        wait_for(app.root, lambda: enabled(panel) == RECORDED, "silence")
        assert not app.speech.dictation.playing
    assert app.panel is app.main


@pytest.mark.usefixtures("no_microphone")
def test_no_loudspeaker_is_one_sentence(
    app: Application, panel: SpeechPanel, open_sound: OpenSound, beep: Path
) -> None:
    open_sound(app, beep)
    press(app, "Alt-p")
    wait_for(app.root, lambda: enabled(panel), "an answer")
    assert text_of(panel.status) == "There is no loudspeaker, or another program is using it."
    assert enabled(panel) == RECORDED


@pytest.mark.usefixtures("virtual_microphone")
def test_space_starts_stops_and_starts_again_wherever_it_means_nothing_else(
    app: Application, panel: SpeechPanel
) -> None:
    for focus in (panel.buttons.start, panel.buttons.show, panel.choices.engine.box):
        focus.focus_force()
        press(app, "space")
        wait_for(app.root, lambda: enabled(panel) == ["Stop"] and app.speech.dictation.seconds > 0, "the microphone")
        press(app, "space")
        wait_for(app.root, lambda: enabled(panel) == RECORDED, "the recording")
    panel.open.focus_force()
    press(app, "Alt-b")
    press(app, "Tab", "space")  # a button of another panel, pressed as everywhere
    assert app.keyboard.winfo_viewable()
    assert enabled(panel) == RECORDED


def test_return_shows_from_a_list_too(
    app: Application, panel: SpeechPanel, open_sound: OpenSound, beep: Path, google_server: GoogleServer
) -> None:
    google_server.hears("a small red bird")
    open_sound(app, beep)
    panel.choices.language.box.focus_force()
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")


def test_while_recording_the_waveform_grows_and_the_meter_follows(
    app: Application, panel: SpeechPanel, virtual_microphone: VirtualMicrophone, beep: Path
) -> None:
    press(app, "space")
    wait_for(app.root, lambda: app.speech.dictation.seconds > 0, "the microphone")
    levels: list[float] = []

    def watch() -> None:
        app.root.update()
        levels.append(panel.sound.meter.level)

    virtual_microphone.speak(beep, watch)
    assert max(levels) == pytest.approx(0.9, abs=0.02)
    assert max(panel.sound.waveform.levels) == pytest.approx(0.9, abs=0.02)
    assert panel.sound.waveform.levels[0] == 0  # it grows from the right
    press(app, "space")
    wait_for(app.root, lambda: enabled(panel) == RECORDED, "the recording")
    assert panel.sound.meter.level == 0
    assert max(panel.sound.waveform.levels) == pytest.approx(0.9, abs=0.02)


def test_the_last_recording_is_still_there_after_a_crash(app: Application, home: Path, beep: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "recording.wav").write_bytes(beep.read_bytes())
    app.main.speak.invoke()
    panel = app.speech.panel
    wait_for(app.root, lambda: any(level > 0.5 for level in panel.sound.waveform.levels), "the waveform")
    assert text_of(panel.status) == "Your last recording is still here: show it, or start a new one."
    assert text_of(panel.buttons.time) == "0:00.5"
    assert enabled(panel) == RECORDED
