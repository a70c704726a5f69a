"""Whether a recording holds anything besides steady noise, in which PocketSphinx would hear words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.sound import BLOCK

if TYPE_CHECKING:
    import numpy as np

FEWEST_BLOCKS = 10
STEADY = 1.5  # times as loud as quiet moments are the loud ones of a voice at least, even in noise as loud as itself


def is_only_noise(samples: np.ndarray) -> bool:
    """Steady noise is as loud at one moment as at any other; digital silence, as before a sound, does not count."""
    import numpy as np

    count = len(samples) // BLOCK
    loudness = np.sqrt((samples[: count * BLOCK].reshape(count, BLOCK) ** 2).mean(axis=1))
    loudness = loudness[loudness > 0]
    if len(loudness) < FEWEST_BLOCKS:
        return False
    quiet, loud = np.quantile(loudness, (0.2, 0.95))
    return bool(loud < STEADY * quiet)
