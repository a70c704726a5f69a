"""Sound files of other programs: what can be opened is the same sound afterwards, what cannot has its sentence."""

import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.recording import RecordingError, read_wav
from app.sound_file import take_sound_file
from tests.app.sounds import TONE_HZ, pitch_of, tone, write_sound

pytestmark = pytest.mark.filterwarnings("ignore:'aifc' is deprecated:DeprecationWarning")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    return tmp_path / "home" / "recording.wav"


def flac(path: Path) -> Path:
    """A tone, through the `flac` program."""
    sound = write_sound(path.with_suffix(".source"), tone(0.5))
    subprocess.run(["flac", "--silent", "--force", "-o", path, sound], check=True)
    return path


def aiff(path: Path) -> Path:
    """The same, unpacked by `flac` into the other format."""
    packed = flac(path.with_suffix(".flac"))
    subprocess.run(["flac", "--silent", "--decode", "--force-aiff-format", "-o", path, packed], check=True)
    return path


def stereo(path: Path) -> Path:
    """A tone in both channels of 44.1 kHz."""
    samples = (np.sin(2 * np.pi * TONE_HZ * np.arange(22_050) / 44_100) * 16_000).astype("<i2").repeat(2)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(samples.tobytes())
    return path


@pytest.mark.parametrize(
    ("make", "name"), [(stereo, "bird.wav"), (flac, "bird.flac"), (aiff, "bird.aiff")], ids=["WAV", "FLAC", "AIFF"]
)
def test_it_becomes_the_recording(make: Callable[[Path], Path], name: str, tmp_path: Path, recording: Path) -> None:
    take_sound_file(make(tmp_path / name), recording)
    samples, rate = read_wav(recording)
    assert rate == 16_000
    assert len(samples) / rate == pytest.approx(0.5, abs=0.01)
    assert pitch_of(samples) == pytest.approx(TONE_HZ, abs=4)


BAD_FILES = {
    "song.mp3": (b"ID3\x04" + bytes(100), "“song.mp3” is not a sound file that can be read; open a WAV, FLAC or AIFF"),
    "letter.txt": (b"A small red bird.", "“letter.txt” is not a sound file that can be read"),
    "empty.wav": (b"", "“empty.wav” is not a sound file that can be read"),
    "cut.flac": (b"fLaC" + bytes(100), "“cut.flac” is not a sound file that can be read"),
    "damaged.wav": (b"RIFF" + bytes(100), "“damaged.wav” is damaged or compressed; save it as a WAV file of 16 bits."),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_anything_else_has_a_sentence_and_changes_nothing(name: str, tmp_path: Path, recording: Path) -> None:
    content, sentence = BAD_FILES[name]
    (tmp_path / name).write_bytes(content)
    take_sound_file(write_sound(tmp_path / "bird.wav", tone(0.1)), recording)
    before = recording.read_bytes()
    with pytest.raises(RecordingError, match=f"^{sentence}"):
        take_sound_file(tmp_path / name, recording)
    assert recording.read_bytes() == before


def test_more_than_a_minute_is_too_long(tmp_path: Path, recording: Path) -> None:
    path = write_sound(tmp_path / "long.wav", tone(61))
    with pytest.raises(RecordingError, match=r"^“long.wav” lasts 61 seconds; 60 are the most\.$"):
        take_sound_file(path, recording)


@pytest.mark.parametrize("seconds", [0, 1])
def test_silence_is_told(seconds: int, tmp_path: Path, recording: Path) -> None:
    with pytest.raises(RecordingError, match=r"^“still.wav” is silent\.$"):
        take_sound_file(write_sound(tmp_path / "still.wav", np.zeros(16_000 * seconds)), recording)


def test_a_file_that_is_not_there(tmp_path: Path, recording: Path) -> None:
    with pytest.raises(RecordingError, match=r"^“gone.wav” cannot be opened: No such file or directory\.$"):
        take_sound_file(tmp_path / "gone.wav", recording)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordingError, match=r"^“bird.wav” cannot be copied to .*: "):
        take_sound_file(write_sound(tmp_path / "bird.wav", tone(0.1)), tmp_path / "file" / "recording.wav")
