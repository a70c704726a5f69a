"""The microphone: what is said goes into a WAV file, block by block."""

from __future__ import annotations

import math
import os
import sys
import threading
import wave
from array import array
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

SAMPLE_RATE = 16_000
BLOCK_FRAMES = 1024
QUIETEST_DBFS = -60.0
_ONE_AT_A_TIME = threading.Lock()  # neither stderr nor PortAudio bears two threads that open or close


class RecorderError(Exception):
    """Why nothing can be or was recorded: one plain sentence for the user."""


class Recorder:
    """Records the default microphone into one WAV file: 16 kHz, mono, 16 bit.

    The file is a whole WAV after every block, so a crash loses at most the last fifteenth of a second.
    A microphone that vanishes ends the recording; `stop` still returns what was said before.
    """

    def __init__(self, path: Path) -> None:
        """Prepare to write `path`; nothing is opened before `start`."""
        self.path = path
        self.seconds = 0.0
        """Length of what was recorded so far."""
        self.level = 0.0
        """Peak of the last block, 0 for -60 dBFS or less, 1 for full scale."""
        self._stream: Any = None
        self._opened = ExitStack()
        self._failure = "Nothing was recorded."

    @property
    def recording(self) -> bool:
        """Whether sound is coming in: false before `start`, after `stop`, and once the microphone is gone."""
        stream = self._stream  # another thread may be closing it just now
        with suppress(OSError):
            return stream is not None and bool(stream.is_active())
        return False

    def start(self) -> None:
        """Begin a new recording over whatever `path` held.

        Raises RecorderError when there is no PyAudio, no microphone, it cannot be opened, or the file cannot
        be written.
        """
        self.close()
        self.seconds = 0.0
        self._failure = "Nothing was recorded; the microphone gave no sound."
        try:
            import pyaudio
        except ImportError:
            raise RecorderError("PyAudio is not installed, so nothing can be recorded.") from None
        with ExitStack() as opened, _quiet_sound_libraries():
            audio = pyaudio.PyAudio()
            opened.callback(audio.terminate)
            try:
                device = audio.get_default_input_device_info()
            except OSError:
                raise RecorderError("No microphone was found.") from None
            for rate, channels in _formats_to_try(device):
                try:
                    stream = self._open(opened, audio, rate, channels)
                except OSError:
                    continue
                self._stream = stream
                self._opened = opened.pop_all()
                return
            raise RecorderError("The microphone could not be opened; another program may be using it.")

    def stop(self) -> Path:
        """Finish the WAV file and return where it is.

        Raises RecorderError when nothing at all was recorded.
        """
        self.close()
        if not self.seconds:
            raise RecorderError(self._failure)
        with suppress(OSError, RecorderError):
            _convert(self.path)
        return self.path

    def close(self) -> None:
        """Let go of microphone and file, at any time and as often as wanted; what was recorded stays."""
        self._stream = None
        with _quiet_sound_libraries(), suppress(OSError):
            self._opened.close()
        self.level = 0.0

    def _open(self, opened: ExitStack, audio: Any, rate: int, channels: int) -> Any:
        import pyaudio

        def write(data: bytes, frames: int, _time: object, _status: int) -> tuple[None, int]:
            try:
                file.writeframes(data)
            except OSError as error:
                self._failure = f"The recording cannot be written to {self.path}: {error.strerror}."
                return None, pyaudio.paAbort
            self.seconds += frames / rate
            self.level = _level(array("h", data))
            return None, pyaudio.paContinue

        stream = audio.open(
            rate,
            channels,
            pyaudio.paInt16,
            input=True,
            frames_per_buffer=BLOCK_FRAMES * rate // SAMPLE_RATE,
            stream_callback=write,
            start=False,
        )
        with ExitStack() as stack:
            stack.callback(stream.close)
            file = stack.enter_context(_wav_writer(self.path, rate, channels))
            stack.callback(stream.stop_stream)
            stream.start_stream()
            opened.push(stack.pop_all())
        return stream


def _formats_to_try(device: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Sample rate and channels: those of the recognisers first, then what bare hardware may insist on."""
    own_rate = int(device["defaultSampleRate"])
    yield SAMPLE_RATE, 1
    yield own_rate, 1
    yield own_rate, 2


@contextmanager
def _wav_writer(path: Path, rate: int, channels: int) -> Iterator[wave.Wave_write]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: the header that `wave` corrects after each block must reach the disk with the block.
        raw = path.open("wb", buffering=0)
    except OSError as error:
        raise RecorderError(f"The recording cannot be written to {path}: {error.strerror}.") from None
    with raw, wave.open(raw, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        yield file


def _level(samples: array[int]) -> float:
    peak = max(max(samples), -min(samples), 1) / 32768
    return max(0.0, 1 - 20 * math.log10(peak) / QUIETEST_DBFS)


def _convert(path: Path) -> None:
    """Bring a WAV file to 16 kHz mono, keeping exactly the frequencies that both rates can hold."""
    with wave.open(str(path), "rb") as file:
        rate, channels = file.getframerate(), file.getnchannels()
        data = file.readframes(file.getnframes())
    if (rate, channels) == (SAMPLE_RATE, 1):
        return
    import numpy as np

    samples = np.frombuffer(data, "<i2").reshape(-1, channels).mean(axis=1)
    length = round(len(samples) * SAMPLE_RATE / rate)
    spectrum = np.fft.rfft(samples)[: length // 2 + 1]
    converted = np.fft.irfft(spectrum, length) * (length / len(samples))
    draft = path.with_suffix(".converting")
    with _wav_writer(draft, SAMPLE_RATE, 1) as file:
        file.writeframes(converted.round().clip(-32768, 32767).astype("<i2").tobytes())
    draft.replace(path)


@contextmanager
def _quiet_sound_libraries() -> Iterator[None]:
    """Keep off the terminal what ALSA and JACK print, from C, about every device that is not there."""
    with _ONE_AT_A_TIME, ExitStack() as undo:
        if sys.platform == "linux":
            stderr = os.dup(2)
            undo.callback(os.close, stderr)
            undo.callback(os.dup2, stderr, 2)
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
        yield
