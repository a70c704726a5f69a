"""A recording on disk: a WAV file, how long it lasts, and how loud it is from moment to moment."""

from __future__ import annotations

import math
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.durable import write_file

if TYPE_CHECKING:
    import numpy as np

LONGEST_SECONDS = 60
QUIETEST_DBFS = -60.0
MOMENTS = 320  # as many as a waveform may want to draw


class RecordingError(Exception):
    """Why there is no recording: one plain sentence for the user."""


@dataclass(frozen=True)
class Recording:
    """What a recording looks like: its length, and the level of its moments from first to last."""

    seconds: float
    levels: tuple[float, ...]


def level_of(peak: float) -> float:
    """Of a sample between 0 and 1: 0 for -60 dBFS or less, 1 for full scale."""
    return max(0.0, 1 - 20 * math.log10(max(peak, 1e-9)) / QUIETEST_DBFS)


def look_at(path: Path) -> Recording:
    """Raises RecordingError when the file cannot be read."""
    import numpy as np

    samples, rate = read_wav(path)
    loudness = np.abs(samples)
    moments = np.array_split(loudness, min(MOMENTS, len(loudness))) if len(loudness) else []
    return Recording(len(samples) / rate, tuple(level_of(moment.max() / 32768) for moment in moments))


def read_wav(path: Path) -> tuple[np.ndarray, int]:
    """Samples of a 16-bit file as floats, its channels made one, and the sample rate; raises RecordingError."""
    import numpy as np

    try:
        with wave.open(str(path), "rb") as file:
            rate, channels = file.getframerate(), file.getnchannels()
            data = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise RecordingError(f"The recording {path} cannot be read: {error}.") from None
    whole = len(data) // (2 * channels) * (2 * channels)  # a program that was killed may leave half a sample
    return np.frombuffer(data[:whole], "<i2").reshape(-1, channels).mean(axis=1), rate


def write_wav(path: Path, samples: np.ndarray, rate: int) -> None:
    """There is always the old recording or the new one; raises RecordingError when it cannot be made, or OSError."""

    def write(beside: Path) -> None:
        with wav_writer(beside, rate, 1) as file:
            file.writeframes(samples.round().clip(-32768, 32767).astype("<i2").tobytes())

    write_file(path, write)


@contextmanager
def wav_writer(path: Path, rate: int, channels: int) -> Iterator[wave.Wave_write]:
    """A WAV file that is whole after every block; raises RecordingError when it cannot be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered: the header that `wave` corrects after each block must reach the disk with the block.
        raw = path.open("wb", buffering=0)
    except OSError as error:
        raise RecordingError(f"The recording cannot be written to {path}: {error.strerror}.") from None
    with raw, wave.open(raw, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        yield file


def resampled(samples: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    """The same sound at another rate, keeping exactly the frequencies that both rates can hold."""
    import numpy as np

    if rate == wanted or not len(samples):
        return samples
    length = round(len(samples) * wanted / rate)
    spectrum = np.fft.rfft(samples)[: length // 2 + 1]
    return np.fft.irfft(spectrum, length) * (length / len(samples))
