"""A sound file as the recognisers want it, and what is wrong with the recording, if anything."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

SAMPLE_RATE = 16_000
FULL_SCALE = 32768
LOUD = 0.4  # peak of full scale that a recording is brought to
QUIET = 0.02  # peak of full scale under which a voice is too quiet to be trusted
CLIPPED, CLIPPED_SHARE = 0.98, 0.001  # of full scale (another sample rate rounds a little off), and of all samples
BLOCK = SAMPLE_RATE // 50
MARGIN_BLOCKS = 12  # kept before and after what was said: the recogniser learns the room's noise there
# The filter against noise: samples, and values chosen on the development voices.
WINDOW, HOP = 512, 128
QUIET_SHARE, NOISE_OVER_QUANTILE, EDGE_FRAMES = 0.15, 1.5, 4
TRUST, OVERSUBTRACTION, LEAST_GAIN = 0.9, 1.5, 0.1
ABOVE_NOISE = 3.0  # times as loud as the quietest tenth of the blocks


class SoundError(Exception):
    """Why a file gives no sound: one plain sentence for the user."""


class TooLong(Exception):
    """A file lasts `seconds`, longer than was asked for."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def read_sound(path: Path) -> Any:
    """The whole of a WAV, AIFF or FLAC file as SpeechRecognition's AudioData; raises SoundError."""
    if not path.is_file():
        raise SoundError(f"There is no file {path}.")
    try:
        sound = whole_sound(path)
    except ImportError:
        raise SoundError("SpeechRecognition is not installed, so nothing can be understood.") from None
    except PermissionError:
        raise SoundError(f"{path} may not be read.") from None
    except Exception:  # each of the three formats' readers fails in its own many ways
        raise SoundError(f"{path} is not a sound file that can be read; try a WAV, FLAC or AIFF file.") from None
    if not any(sound.frame_data):
        raise SoundError("The recording is silent; is the microphone switched on?")
    return sound


def whole_sound(path: Path, longest: float = math.inf) -> Any:
    """The same, of a file of at most so many seconds, without sentences.

    Raises ImportError, OSError, TooLong, and whatever else the readers of the three formats fail with.
    """
    import speech_recognition

    with speech_recognition.AudioFile(str(path)) as source:
        if longest < source.DURATION:
            raise TooLong(source.DURATION)
        sound = speech_recognition.Recognizer().record(source)
    half_a_sample = len(sound.frame_data) % sound.sample_width  # a file cut off anywhere is still worth hearing
    sound.frame_data = sound.frame_data[: len(sound.frame_data) - half_a_sample]
    return sound


def samples_of(sound: Any) -> np.ndarray:
    """16 kHz, one channel, -32768 to 32767."""
    import numpy as np

    return np.frombuffer(sound.get_raw_data(convert_rate=SAMPLE_RATE, convert_width=2), "<i2").astype(np.float64)


def hint(samples: np.ndarray) -> str:
    """One sentence on what makes a recording hard to understand, or nothing."""
    import numpy as np

    if not len(samples):
        return "The recording is empty."
    loudness = np.abs(samples)
    if loudness.max() < QUIET * FULL_SCALE:
        return "The recording is very quiet; go closer to the microphone or turn it up."
    if (loudness >= CLIPPED * FULL_SCALE).mean() > CLIPPED_SHARE:
        return "The recording is too loud and clipped; go away from the microphone a little or turn it down."
    return ""


def without_noise(samples: np.ndarray) -> np.ndarray:
    """The voice, with steady noise taken down: a Wiener filter, its signal-to-noise ratio decision-directed.

    Ephraim and Malah 1984, equation 51; the noise is what the quietest moments of the recording hold.
    """
    import numpy as np

    window = np.hanning(WINDOW + 1)[:-1]
    padded = np.pad(samples, WINDOW)
    count = 1 + (len(padded) - WINDOW) // HOP
    frames = np.arange(WINDOW) + HOP * np.arange(count)[:, None]
    spectra = np.fft.rfft(padded[frames] * window)
    power = np.abs(spectra) ** 2
    ratios = power / _noise(power)
    before = np.ones(power.shape[1])
    for ratio, spectrum in zip(ratios, spectra, strict=True):
        likely = TRUST * before + (1 - TRUST) * np.maximum(ratio - 1, 0)
        gain = np.maximum(likely / (likely + OVERSUBTRACTION), LEAST_GAIN)
        before = gain**2 * ratio
        spectrum *= gain
    said = np.zeros(len(padded))
    for start, piece in zip(range(0, len(padded), HOP), np.fft.irfft(spectra) * window, strict=False):
        said[start : start + WINDOW] += piece
    return said[WINDOW:-WINDOW] / (window**2).sum() * HOP


def _noise(power: np.ndarray) -> np.ndarray:
    """Power of each frequency in the quietest moments: frames x frequencies gives frequencies."""
    import numpy as np

    smooth = power.copy()
    for now, last in zip(smooth[1:], smooth, strict=False):
        now *= 0.3
        now += 0.7 * last
    inside = smooth[EDGE_FRAMES:-EDGE_FRAMES] if len(smooth) > 4 * EDGE_FRAMES else smooth
    quiet = NOISE_OVER_QUANTILE * np.quantile(inside, QUIET_SHARE, axis=0)
    return np.convolve(np.pad(quiet, 2, mode="edge"), np.ones(5) / 5, "valid") + 1e-3


def prepared(samples: np.ndarray) -> np.ndarray:
    """As the recogniser wants it: no noise, no offset, no silence around what was said, as loud as most recordings."""
    import numpy as np

    samples = without_noise(samples)
    samples = samples - samples.mean()
    blocks = len(samples) // BLOCK
    if blocks:
        power = np.sqrt((samples[: blocks * BLOCK].reshape(blocks, BLOCK) ** 2).mean(axis=1))
        said = np.flatnonzero(power > max(ABOVE_NOISE * np.quantile(power, 0.1), 0.02 * power.max()))
        if len(said):
            first, last = max(said[0] - MARGIN_BLOCKS, 0), said[-1] + 1 + MARGIN_BLOCKS
            samples = samples[first * BLOCK : last * BLOCK]
    peak = np.abs(samples).max(initial=0)
    return samples * (LOUD * FULL_SCALE / peak) if peak else samples
