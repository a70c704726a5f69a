"""Sharpness: the mean absolute Laplacian of a picture's grey values."""

import numpy as np
from PIL import Image

ENLARGED = {"first_stage_enlarged": 64, "second_stage_enlarged": 128}  # findings, and the pixels of those stages


def sharpness(images: np.ndarray) -> float:
    """Mean absolute 4-neighbour Laplacian, in levels of 255. images: uint8, pictures x s x s x 3."""
    grey = images.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    around = grey[:, :-2, 1:-1] + grey[:, 2:, 1:-1] + grey[:, 1:-1, :-2] + grey[:, 1:-1, 2:]
    return float(np.abs(around - 4 * grey[:, 1:-1, 1:-1]).mean())


def enlarged(image: np.ndarray, size: int) -> np.ndarray:
    """uint8, s x s x 3 -> size x size x 3, smoothly."""
    return np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC))
