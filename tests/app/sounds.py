"""Sounds made for tests: a tone, noise, and files that hold them."""

import wave
from pathlib import Path

import numpy as np

RATE = 16_000
TONE_HZ = 440


def tone(seconds: float) -> np.ndarray:
    """Half as loud as can be."""
    time = np.arange(int(seconds * RATE)) / RATE
    return 0.5 * np.sin(2 * np.pi * TONE_HZ * time)


def noise(seconds: float) -> np.ndarray:
    """Steady, like a fan."""
    return 0.1 * np.random.default_rng(0).normal(size=int(seconds * RATE))


def write_sound(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    """Samples between -1 and 1 into a WAV file of 16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).round().clip(-32768, 32767).astype("<i2").tobytes())
    return path


def pitch_of(samples: np.ndarray, rate: int = RATE) -> float:
    """The frequency that is loudest."""
    return float(np.fft.rfftfreq(len(samples), 1 / rate)[np.abs(np.fft.rfft(samples)).argmax()])
