"""Photos as the measures see them: the middle square, at the size of a stage or of a network."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image

from model.data.photo import Photo, attempt_each, decode
from model.errors import DataError
from model.vocabulary import Vocabulary

AT_ONCE = 256  # photos in memory


def readable(photos: list[Photo], *vocabularies: Vocabulary) -> list[Photo]:
    """Photos with their captions that have a word known to each vocabulary; raises DataError below two species."""
    known = []
    for photo in photos:
        captions = [text for text in photo.captions if all(words.encode(text)[0] for words in vocabularies)]
        if captions:
            known.append(replace(photo, captions=tuple(captions)))
    if len({photo.species for photo in known}) < 2:
        raise DataError("Fewer than two species have photos and captions that the weight set can read.")
    return known


def middle_squares(photos: list[Photo], size: int) -> tuple[np.ndarray, list[Photo]]:
    """uint8, photos x size x size x 3, and the photos they are of: broken ones are left out."""
    squares = list(attempt_each(lambda photo: _middle_square(photo, size), photos))
    whole = [photo for photo, square in zip(photos, squares, strict=True) if square is not None]
    there = [square for square in squares if square is not None]
    return np.stack(there) if there else np.zeros((0, size, size, 3), np.uint8), whole


def in_parts(photos: list[Photo], size: int) -> Iterator[tuple[np.ndarray, list[Photo]]]:
    """The same for a few photos after the other; parts of broken photos alone are left out."""
    for first in range(0, len(photos), AT_ONCE):
        squares, whole = middle_squares(photos[first : first + AT_ONCE], size)
        if whole:
            yield squares, whole


def _middle_square(photo: Photo, size: int) -> np.ndarray:
    picture = decode(photo, size).permute(1, 2, 0).numpy()
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    square = Image.fromarray(picture[top : top + side, left : left + side])
    return np.asarray(square.resize((size, size), Image.Resampling.BICUBIC))
