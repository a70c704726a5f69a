"""The attention of one stage as a picture: grey maps, one word below the other, each from its least to its largest.

A grey is off by 1/510 of its map's span at most, and the picture takes a fifth of what the same numbers take in half
precision, compressed.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from model.png import BY_RUNS


def write_maps(maps: np.ndarray, path: Path) -> list[list[float]]:
    """maps: float, words x s x s. Returns the least and the largest value of each."""
    lowest, highest = maps.min(axis=(1, 2)), maps.max(axis=(1, 2))
    span = np.maximum(highest - lowest, np.finfo(np.float32).tiny)
    greys = ((maps - lowest[:, None, None]) / span[:, None, None] * 255).round().astype(np.uint8)
    Image.fromarray(greys.reshape(-1, maps.shape[-1])).save(path, compress_type=BY_RUNS)
    return [[float(low), float(high)] for low, high in zip(lowest, highest, strict=True)]


def read_maps(path: Path, ends: list[list[float]]) -> np.ndarray:
    """The inverse: float32, words x s x s."""
    with Image.open(path, formats=["PNG"]) as file:
        greys = np.asarray(file.convert("L"), dtype=np.float32)
    maps = greys.reshape(-1, greys.shape[1], greys.shape[1]) / 255
    lowest, highest = np.asarray(ends, dtype=np.float32).reshape(len(maps), 2).T[..., None, None]
    attention: np.ndarray = lowest + maps * (highest - lowest)
    return attention
