"""Playing: what comes out of the loudspeaker, which here is what the virtual microphone hears."""

from pathlib import Path

import numpy as np
import pytest

from app.player import Player
from app.recorder import Recorder
from app.recording import read_wav
from app.sound_devices import SoundDeviceError
from tests.app.sounds import TONE_HZ, pitch_of, tone, write_sound
from tests.virtual_microphone import VirtualMicrophone
from tests.waiting import wait_until


@pytest.mark.usefixtures("virtual_microphone")
def test_what_was_recorded_is_heard_to_its_end(tmp_path: Path) -> None:
    player, ear = Player(), Recorder(tmp_path / "heard.wav")
    ear.start()
    wait_until(lambda: ear.seconds > 0, "the microphone")
    player.play(write_sound(tmp_path / "tone.wav", tone(0.5)))
    wait_until(lambda: ear.level > 0.8, "the sound")
    wait_until(lambda: not player.playing, "the end of the sound")
    wait_until(lambda: ear.level == 0, "the sound to fade")
    player.close()
    heard, _ = read_wav(ear.stop())
    assert player.seconds == pytest.approx(0.5)
    assert pitch_of(heard) == pytest.approx(TONE_HZ, abs=4)
    assert (np.abs(heard) > 1000).sum() > 0.35 * 16_000


@pytest.mark.usefixtures("virtual_microphone")
def test_it_stops_when_told_to(tmp_path: Path) -> None:
    player = Player()
    player.play(write_sound(tmp_path / "tone.wav", tone(30)))
    wait_until(lambda: player.playing and player.seconds > 0, "the sound")
    player.close()
    assert not player.playing
    assert player.seconds < 30


def test_a_loudspeaker_that_insists_on_its_own_format_is_served(
    virtual_microphone: VirtualMicrophone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyaudio

    open_any = pyaudio.PyAudio.open

    def open_stereo_only(audio: object, rate: int, channels: int, *rest: object, **named: object) -> object:
        if named.get("output") and (rate, channels) != (44_100, 2):
            raise OSError(-9997, "Invalid sample rate")
        return open_any(audio, rate, channels, *rest, **named)

    monkeypatch.setattr(pyaudio.PyAudio, "open", open_stereo_only)
    test_what_was_recorded_is_heard_to_its_end(tmp_path)


@pytest.mark.usefixtures("no_microphone")
def test_without_a_loudspeaker_one_sentence_says_so(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SoundDeviceError, match=r"^There is no loudspeaker, or another program is using it\.$"):
        Player().play(write_sound(tmp_path / "tone.wav", tone(0.1)))
    assert capfd.readouterr() == ("", "")
