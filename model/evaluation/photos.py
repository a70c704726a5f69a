"""Test photos as the measures see them: the middle square, at the size of a stage."""

import numpy as np
from PIL import Image

from model.data.cub import Photo, decode


def middle_squares(photos: list[Photo], size: int) -> tuple[np.ndarray, list[Photo]]:
    """uint8, photos x size x size x 3, and the photos they are of: broken ones are left out."""
    squares, whole = [], []
    for photo in photos:
        try:
            picture = decode(photo, size).permute(1, 2, 0).numpy()
        except (OSError, ValueError):
            continue
        side = min(picture.shape[:2])
        top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
        square = Image.fromarray(picture[top : top + side, left : left + side])
        squares.append(np.asarray(square.resize((size, size), Image.Resampling.BICUBIC)))
        whole.append(photo)
    return np.stack(squares) if squares else np.zeros((0, size, size, 3), np.uint8), whole
