"""Voices of this computer that read sentences for the benchmark: espeak-ng, flite and festival, where installed.

Nobody tuned or adapted anything to the voices in UNSEEN; where they say what and how fast is part of the benchmark.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from app.sound import FULL_SCALE, SAMPLE_RATE, read_sound, samples_of

if TYPE_CHECKING:
    import numpy as np

NOISES: tuple[float | None, ...] = (None, 20.0, 10.0)  # decibels under the voice: clean and twice noisy
AROUND = 0.3  # seconds of near silence before and after
SPOKEN = 300  # samples louder than this count as voice where noise is measured against it


@dataclass(frozen=True)
class Voice:
    """`command` writes a WAV to {file} of {text} (or of what it reads from stdin, where that does not occur)."""

    name: str
    command: tuple[str, ...]

    @property
    def installed(self) -> bool:
        if shutil.which(self.command[0]) is None:
            return False
        return self.command[0] != "text2wave" or any(Path("/usr/share/festival/voices").glob(f"*/{self.name}"))

    def say(self, text: str) -> np.ndarray:
        """16 kHz samples, about as loud as a microphone gives, with a moment of near silence around."""
        import numpy as np

        with TemporaryDirectory() as folder:
            path = Path(folder) / "said.wav"
            command = [part.format(file=path, text=text) for part in self.command]
            subprocess.run(
                command, input=text.encode(), check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            said = samples_of(read_sound(path))
        said = said * (0.37 * FULL_SCALE / max(np.abs(said).max(), 1))
        quiet = np.random.default_rng(1).normal(0, 3, round(AROUND * SAMPLE_RATE))
        return np.concatenate([quiet, said, quiet])


def espeak(name: str, pitch: int, words_a_minute: int) -> Voice:
    command = ("espeak-ng", "-v", name, "-p", str(pitch), "-s", str(words_a_minute), "-w", "{file}", "{text}")
    return Voice(name, command)


def flite(name: str, *options: str) -> Voice:
    return Voice(name, ("flite", "-voice", name, "-t", "{text}", "-o", "{file}", *options))


def _festival(name: str) -> Voice:
    return Voice(name, ("text2wave", "-eval", f"(voice_{name})", "-o", "{file}"))


UNSEEN = (
    espeak("en-us", 50, 160),
    espeak("en-us+f3", 70, 150),
    espeak("en-gb", 50, 150),
    flite("slt"),
    flite("awb"),
    _festival("ked_diphone"),
    _festival("cmu_us_slt_arctic_hts"),
)


def with_noise(samples: np.ndarray, decibels: float | None, seed: int) -> np.ndarray:
    """Pink noise (as of a room with a fan) so many decibels under the voice; None adds none."""
    import numpy as np

    if decibels is None:
        return samples
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=len(samples)))
    hertz = np.maximum(np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE), 50)
    noise = np.fft.irfft(spectrum / np.sqrt(hertz), len(samples))
    voice = samples[np.abs(samples) > SPOKEN]
    noise *= np.sqrt((voice**2).mean() / 10 ** (decibels / 10) / (noise**2).mean())
    return np.clip(samples + noise, -FULL_SCALE, FULL_SCALE - 1)
