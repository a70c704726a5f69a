"""Which microphones there are, as PortAudio names them at this moment."""

from pathlib import Path

import numpy as np
import pytest

from app.recorder import Recorder
from app.recording import read_wav
from app.sound_devices import microphone_names
from tests.app.sounds import tone, write_sound
from tests.virtual_microphone import VirtualMicrophone
from tests.waiting import wait_until


def test_a_microphone_is_listed_while_it_is_plugged_in(virtual_microphone: VirtualMicrophone) -> None:
    assert microphone_names() == []  # the system's default has no name of its own
    with virtual_microphone.plugged_in("USB Microphone"):
        assert microphone_names() == ["USB Microphone"]
    assert microphone_names() == []


@pytest.mark.usefixtures("no_microphone")
def test_without_a_sound_card_there_are_none(capfd: pytest.CaptureFixture[str]) -> None:
    assert microphone_names() == []
    assert capfd.readouterr() == ("", "")


def test_the_microphone_that_was_chosen_records(virtual_microphone: VirtualMicrophone, tmp_path: Path) -> None:
    sound = write_sound(tmp_path / "tone.wav", tone(0.3))
    recorder = Recorder(tmp_path / "recording.wav")
    with virtual_microphone.plugged_in("USB Microphone"):
        assert recorder.start("USB Microphone") == "USB Microphone"
        wait_until(lambda: recorder.seconds > 0, "the microphone")
        virtual_microphone.speak(sound, sink="hall")
        wait_until(lambda: recorder.level == 0, "the tone to fade")
        samples, _ = read_wav(recorder.stop())
    assert np.abs(samples).max() > 10_000


def test_the_default_one_records_when_the_chosen_one_is_gone(
    virtual_microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    recorder = Recorder(tmp_path / "recording.wav")
    assert recorder.start("USB Microphone") == "default"
    wait_until(lambda: recorder.seconds > 0, "sound")
    recorder.close()
