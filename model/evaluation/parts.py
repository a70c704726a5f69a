"""Where the parts of a bird are: CUB's part locations, in the middle squares that the measures see."""

import torch
from torch import Tensor

from model.data.photo import Photo, bird_square

# Parts of a bird, each with its words in captions.
WORDS = {
    "beak": ("beak", "beaks", "bill", "bills"),
    "wings": ("wing", "wings"),
    "belly": ("belly", "bellies"),
    "crown": ("crown", "crowns"),
    "head": ("head", "heads"),
    "eyes": ("eye", "eyes"),
    "nape": ("nape",),
    "throat": ("throat",),
    "breast": ("breast", "breasts", "chest"),
    "back": ("back", "backs"),
    "tail": ("tail", "tails"),
    "legs": ("leg", "legs", "feet", "foot", "tarsus", "tarsals"),
}
ALL_PARTS = tuple(WORDS)
PARTS = ("beak", "wings", "belly", "crown")  # those that `evaluate` measures
# Their places among CUB's fifteen parts (parts.txt, counted from 0); a bird has two wings, so two places for each part.
IN_CUB = {
    "beak": (1,),
    "wings": (8, 12),
    "belly": (2,),
    "crown": (4,),
    "head": (4, 5),
    "eyes": (6, 10),
    "nape": (9,),
    "throat": (14,),
    "breast": (3,),
    "back": (0,),
    "tail": (13,),
    "legs": (7, 11),
}
MOST = 2


def in_middle_square(photo: Photo, parts: tuple[str, ...] = PARTS) -> Tensor:
    """Places of the parts in the photo's middle square, 0..1 each way: parts x 2 x (x, y).

    NaN where a part is not seen or outside the square. The photo carries parts; raises OSError or ValueError when its
    file is broken.
    """
    with photo.open() as file:
        left, top, right, bottom = bird_square(photo, *file.size)
    side = min(right - left, bottom - top)
    corner_x, corner_y = left + (right - left - side) / 2, top + (bottom - top - side) / 2
    return _inside(photo, parts, corner_x, corner_y, side, side)


def in_bird_square(photo: Photo, parts: tuple[str, ...] = PARTS) -> Tensor:
    """As in_middle_square, in all that is decoded of the photo, which may be higher than wide."""
    with photo.open() as file:
        left, top, right, bottom = bird_square(photo, *file.size)
    return _inside(photo, parts, left, top, right - left, bottom - top)


def _inside(photo: Photo, parts: tuple[str, ...], left: float, top: float, width: float, height: float) -> Tensor:
    places = torch.full((len(parts), MOST, 2), float("nan"))
    for row, part in enumerate(parts):
        for slot, number in enumerate(IN_CUB[part]):
            there = photo.parts[number] if photo.parts else None
            if there and there.visible:
                x, y = (there.x - left) / width, (there.y - top) / height
                if 0 <= x <= 1 and 0 <= y <= 1:
                    places[row, slot] = torch.tensor([x, y])
    return places
