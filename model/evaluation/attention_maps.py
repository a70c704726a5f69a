"""Where in the picture a word was looked for, over all stages; what lies near a place and in the most attended part."""

import numpy as np

from model.pipeline import Result

SIDE = 64  # places each way: the coarsest stage's attention


def word_maps(result: Result, sample: int = 0) -> np.ndarray | None:
    """The words' maps, float32, words x 64 x 64, each the mean of the stages' maps, and each of these sums to 1.

    The pipeline's own attention sums to 1 over the words; this is over the places. None with a single stage.
    """
    maps = []
    for stage in result.stages:
        if stage.attention is not None:
            words = stage.attention[sample]
            cells = words.shape[-1] // SIDE
            coarse = words.reshape(len(words), SIDE, cells, SIDE, cells).mean((2, 4))
            maps.append(coarse / coarse.sum((1, 2), keepdims=True).clip(1e-12))
    return np.stack(maps).mean(0).astype(np.float32) if maps else None


def disc(place: tuple[float, float], radius: float) -> np.ndarray:
    """bool, 64 x 64: the places whose centre lies within `radius` of (x, y), all in sides of the picture."""
    centres = (np.arange(SIDE) + 0.5) / SIDE
    x, y = place
    near: np.ndarray = (centres[None, :] - x) ** 2 + (centres[:, None] - y) ** 2 <= radius**2
    return near


def most_attended(attention: np.ndarray, share: float) -> np.ndarray:
    """bool, like `attention`: the `share` (0..1) of places with the largest values; the first of equal ones."""
    count = round(attention.size * share)
    chosen = np.zeros(attention.size, bool)
    chosen[np.argsort(-attention, axis=None, kind="stable")[:count]] = True
    return chosen.reshape(attention.shape)
