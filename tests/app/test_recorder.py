"""The recorder, listening through PyAudio to a virtual microphone."""

import os
import shutil
import sys
import wave
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.recorder import Recorder
from app.recording import RecordingError
from app.sound_devices import SAMPLE_RATE, SoundDeviceError
from app.transcriber import transcribe
from tests.virtual_microphone import VirtualMicrophone
from tests.waiting import wait_until

TONE_HZ = 440
TONE_SECONDS = 1.0


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Where the recording goes."""
    return tmp_path / "recordings" / "recording.wav"


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    """A WAV file with a second of a clear tone, half as loud as can be."""
    rate = 48_000
    time = np.arange(int(TONE_SECONDS * rate)) / rate
    fade = np.minimum(1, 50 * np.minimum(time, TONE_SECONDS - time))
    samples = 0.5 * fade * np.sin(2 * np.pi * TONE_HZ * time)
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def samples_in(path: Path) -> np.ndarray:
    """The samples of a file that must be 16 kHz, mono, 16 bit."""
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (SAMPLE_RATE, 1, 2)
        data = file.readframes(file.getnframes())
    return np.frombuffer(data, "<i2").astype(float)


def assert_holds_tone(path: Path) -> None:
    samples = samples_in(path)
    loudness = np.abs(np.fft.rfft(samples))
    assert np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)[loudness.argmax()] == pytest.approx(TONE_HZ, abs=3)
    sounding = np.abs(samples)[np.abs(samples) > 1000]
    assert np.percentile(sounding, 95) == pytest.approx(16384, rel=0.05)  # a hurried sound server clicks now and then
    assert len(sounding) / SAMPLE_RATE == pytest.approx(TONE_SECONDS, rel=0.1)


def start_listening(recorder: Recorder) -> None:
    recorder.start()
    wait_until(lambda: recorder.seconds > 0, "the first sound")


def listen_to(recorder: Recorder, microphone: VirtualMicrophone, sound: Path) -> None:
    """Record a sound from its beginning until it has faded away; the recording goes on."""
    start_listening(recorder)
    microphone.speak(sound)
    wait_until(lambda: recorder.level == 0, "the sound to fade")


def test_what_is_heard_lies_in_a_16_khz_wav(virtual_microphone: VirtualMicrophone, recording: Path, tone: Path) -> None:
    recorder = Recorder(recording)
    listen_to(recorder, virtual_microphone, tone)
    assert recorder.recording
    assert recorder.stop() == recording
    assert_holds_tone(recording)
    assert len(samples_in(recording)) / SAMPLE_RATE == pytest.approx(recorder.seconds)


def test_spoken_words_reach_the_recogniser(
    virtual_microphone: VirtualMicrophone, recording: Path, voice: Callable[[str], Path]
) -> None:
    recorder = Recorder(recording)
    listen_to(recorder, virtual_microphone, voice("a small red bird with white wings"))
    assert "red bird with white wings" in transcribe(recorder.stop(), "sphinx").text


def test_the_level_follows_the_sound(virtual_microphone: VirtualMicrophone, recording: Path, tone: Path) -> None:
    recorder = Recorder(recording)
    start_listening(recorder)
    assert recorder.level == 0
    levels = []
    virtual_microphone.speak(tone, meanwhile=lambda: levels.append(recorder.level))
    recorder.close()
    assert max(levels) == pytest.approx(0.9, abs=0.01)
    assert recorder.level == 0


def test_hardware_that_insists_on_its_own_format_is_converted(
    virtual_microphone: VirtualMicrophone, recording: Path, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyaudio

    open_any = pyaudio.PyAudio.open

    def open_stereo_only(audio: Any, rate: int, channels: int, *rest: object, **named: object) -> Any:
        if (rate, channels) != (44_100, 2):
            raise OSError(-9997, "Invalid sample rate")
        return open_any(audio, rate, channels, *rest, **named)

    monkeypatch.setattr(pyaudio.PyAudio, "open", open_stereo_only)
    recorder = Recorder(recording)
    listen_to(recorder, virtual_microphone, tone)
    recorder.stop()
    assert_holds_tone(recording)


def test_the_file_is_whole_at_any_moment(
    virtual_microphone: VirtualMicrophone, recording: Path, tone: Path, tmp_path: Path
) -> None:
    recorder = Recorder(recording)
    listen_to(recorder, virtual_microphone, tone)
    as_a_crash_leaves_it = Path(shutil.copy(recording, tmp_path / "crashed.wav"))
    recorder.close()
    assert_holds_tone(as_a_crash_leaves_it)


def test_a_microphone_that_vanishes_keeps_what_was_said(
    vanishing_microphone: VirtualMicrophone, recording: Path, tone: Path
) -> None:
    recorder = Recorder(recording)
    listen_to(recorder, vanishing_microphone, tone)
    vanishing_microphone.unplug()
    wait_until(lambda: not recorder.recording, "the recording to end")
    recorder.stop()
    assert_holds_tone(recording)


def test_a_new_recording_replaces_the_old_one(
    virtual_microphone: VirtualMicrophone, recording: Path, tone: Path
) -> None:
    recorder = Recorder(recording)
    start_listening(recorder)
    virtual_microphone.say("this is thrown away")
    recorder.stop()
    assert not recorder.recording
    listen_to(recorder, virtual_microphone, tone)
    recorder.stop()
    assert_holds_tone(recording)


def test_closing_is_safe_at_any_time(virtual_microphone: VirtualMicrophone, recording: Path) -> None:
    recorder = Recorder(recording)
    recorder.close()
    start_listening(recorder)
    recorder.close()
    recorder.close()
    assert not recorder.recording
    assert len(samples_in(recording)) > 0


def test_a_stream_closed_behind_its_back_is_not_recording(
    virtual_microphone: VirtualMicrophone, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyaudio

    def closed(_: object) -> bool:
        raise OSError(-9988, "Stream closed")

    recorder = Recorder(recording)
    start_listening(recorder)
    with monkeypatch.context() as closing:
        closing.setattr(pyaudio.PyAudio.Stream, "is_active", closed)
        assert not recorder.recording
    recorder.close()


def test_the_terminal_is_given_back_after_two_at_once(no_microphone: None, tmp_path: Path) -> None:
    def start_in_vain(name: str) -> None:
        for _ in range(5):
            with pytest.raises(SoundDeviceError, match=r"^No microphone was found\.$"):
                Recorder(tmp_path / name).start()

    terminal = os.fstat(2)
    with ThreadPoolExecutor() as threads:
        list(threads.map(start_in_vain, ["one.wav", "two.wav"]))
    assert os.path.samestat(os.fstat(2), terminal)


def test_without_a_microphone_one_sentence_says_so(
    no_microphone: None, recording: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(recording)
    with pytest.raises(SoundDeviceError, match=r"^No microphone was found\.$"):
        recorder.start()
    assert capfd.readouterr() == ("", "")
    with pytest.raises(RecordingError, match=r"^Nothing was recorded"):
        recorder.stop()


def test_without_pyaudio_one_sentence_says_so(recording: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyaudio", None)
    with pytest.raises(SoundDeviceError, match=r"^PyAudio is not installed"):
        Recorder(recording).start()


def test_a_place_that_cannot_be_written_is_named(virtual_microphone: VirtualMicrophone, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    path = tmp_path / "a file" / "recording.wav"
    with pytest.raises(RecordingError, match=f"^The recording cannot be written to {path}"):
        Recorder(path).start()


def test_a_full_disk_is_named(virtual_microphone: VirtualMicrophone) -> None:
    recorder = Recorder(Path("/dev/full"))
    recorder.start()
    wait_until(lambda: not recorder.recording, "the recording to end")
    with pytest.raises(RecordingError, match="No space left on device"):
        recorder.stop()
