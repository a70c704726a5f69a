"""Photos as the measures see them: the middle square, at the size of a stage or of a network."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from PIL import Image
from tqdm import tqdm

from model.data.photo import Photo, attempt_each, decode
from model.data.telling import counted, with_names
from model.errors import DataError
from model.vocabulary import Vocabulary

AT_ONCE = 256  # photos in memory

Report = Callable[[str], object]


def readable(photos: list[Photo], *vocabularies: Vocabulary, report: Report = tqdm.write) -> list[Photo]:
    """Photos with their captions that have a word known to each vocabulary; what is left out is reported by name.

    Raises DataError below two species.
    """
    known, mute, skipped = [], [], {}
    for photo in photos:
        captions = [text for text in photo.captions if all(words.encode(text)[0] for words in vocabularies)]
        if not captions:
            mute.append(photo.name)
            continue
        known.append(replace(photo, captions=tuple(captions)))
        if unread := len(photo.captions) - len(captions):
            skipped[photo.name] = unread
    if mute:
        report(
            with_names(f"{len(mute)} of {len(photos)} photos left out for want of a caption with a known word", mute)
        )
    if skipped:
        captions_skipped = counted(sum(skipped.values()), "caption")
        report(
            with_names(
                f"{captions_skipped} without a known word skipped of {counted(len(skipped), 'photo')}", [*skipped]
            )
        )
    demand_two_species(known)
    return known


def demand_two_species(photos: list[Photo]) -> None:
    """Raises DataError below two species, of which nothing can be told apart."""
    if len({photo.species for photo in photos}) < 2:
        raise DataError("Fewer than two species have whole photos and captions that the weight set can read.")


def middle_squares(photos: list[Photo], size: int, report: Report = tqdm.write) -> tuple[np.ndarray, list[Photo]]:
    """uint8, photos x size x size x 3, and the photos they are of: broken ones are reported by name and left out."""
    squares, whole = _squares(photos, size)
    _tell_broken(photos, whole, report)
    return squares, whole


def in_parts(photos: list[Photo], size: int, report: Report = tqdm.write) -> Iterator[tuple[np.ndarray, list[Photo]]]:
    """The same for a few photos after the other, told once at the end; parts of broken photos alone are left out."""
    every = []
    for first in range(0, len(photos), AT_ONCE):
        squares, whole = _squares(photos[first : first + AT_ONCE], size)
        every += whole
        if whole:
            yield squares, whole
    _tell_broken(photos, every, report)


def _tell_broken(photos: list[Photo], whole: list[Photo], report: Report) -> None:
    names = {photo.name for photo in whole}
    if broken := [photo.name for photo in photos if photo.name not in names]:
        report(with_names(f"{len(broken)} of {len(photos)} photos left out as broken", broken))


def _squares(photos: list[Photo], size: int) -> tuple[np.ndarray, list[Photo]]:
    squares = list(attempt_each(lambda photo: _middle_square(photo, size), photos))
    whole = [photo for photo, square in zip(photos, squares, strict=True) if square is not None]
    there = [square for square in squares if square is not None]
    return np.stack(there) if there else np.zeros((0, size, size, 3), np.uint8), whole


def _middle_square(photo: Photo, size: int) -> np.ndarray:
    picture = decode(photo, size).permute(1, 2, 0).numpy()
    side = min(picture.shape[:2])
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    square = Image.fromarray(picture[top : top + side, left : left + side])
    return np.asarray(square.resize((size, size), Image.Resampling.BICUBIC))
