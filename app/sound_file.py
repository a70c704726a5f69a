"""A sound file from anywhere becomes the recording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.recording import LONGEST_SECONDS, RecordingError, write_wav
from app.sound import TooLong, samples_of, whole_sound
from app.sound_devices import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np

KINDS = ("*.wav", "*.flac", "*.aiff", "*.aif", "*.aifc")


def take_sound_file(path: Path, recording: Path) -> None:
    """Write what `path` holds (WAV, FLAC, AIFF) to `recording`; raises RecordingError, and then leaves it alone."""
    samples = _read(path)
    if not samples.any():
        raise RecordingError(f"“{path.name}” is silent.")
    try:
        recording.parent.mkdir(parents=True, exist_ok=True)
        write_wav(recording, samples, SAMPLE_RATE)
    except OSError as error:
        raise RecordingError(f"“{path.name}” cannot be copied to {recording}: {error.strerror}.") from None


def _read(path: Path) -> np.ndarray:
    """16 kHz, one channel, -32768 to 32767."""
    try:
        sound = whole_sound(path, LONGEST_SECONDS)
    except ImportError:
        raise RecordingError("SpeechRecognition is not installed, so no sound file can be read.") from None
    except TooLong as long:
        raise RecordingError(
            f"“{path.name}” lasts {long.seconds:.0f} seconds; {LONGEST_SECONDS} are the most."
        ) from None
    except OSError as error:
        raise RecordingError(f"“{path.name}” cannot be opened: {error.strerror or error}.") from None
    except Exception:  # each of the three formats' readers fails in its own many ways
        raise RecordingError(_why_not(path)) from None
    return samples_of(sound)


def _why_not(path: Path) -> str:
    with path.open("rb") as file:
        if file.read(4) == b"RIFF":
            return f"“{path.name}” is damaged or compressed; save it as a WAV file of 16 bits."
    return f"“{path.name}” is not a sound file that can be read; open a WAV, FLAC or AIFF file."
