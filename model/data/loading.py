"""Decoding all photos once: the broken ones are found, and the others stay in memory where there is room."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress

import torch
from tqdm import tqdm

from model.data.photo import Photo, attempt_each, decode_each, decoded_size
from model.data.resident import Resident, fits, padded_shape
from model.data.telling import with_names


@dataclass(frozen=True)
class Loaded:
    """kept: places of the whole photos in the list; sizes: height and width of each in pixels; resident: None if they
    do not fit."""

    kept: list[int]
    sizes: list[tuple[int, int]]
    resident: Resident | None


def load(
    photos: list[Photo], short_side: int, device: torch.device, report: Callable[[str], None], quiet: bool = False
) -> Loaded:
    """Decode photos, their short sides at most `short_side` pixels; the broken ones are reported by name and count.

    A bar shows how far it is, unless `quiet`.
    """
    found = attempt_each(lambda photo: decoded_size(photo, short_side), photos)
    sized = [(i, size) for i, size in enumerate(found) if size is not None]
    decoded = decode_each([photos[i] for i, _ in sized], short_side)
    resident = None
    with tqdm(decoded, "decoding", len(sized), unit="photo", leave=False, disable=quiet) as pictures:
        if sized and fits(shape := padded_shape([size for _, size in sized]), device):
            resident = Resident(pictures, shape, device)
            whole = resident.whole
        else:
            whole = [picture is not None for picture in pictures]
    kept = dict(compress(sized, whole))
    if broken := [photo.name for i, photo in enumerate(photos) if i not in kept]:
        report(with_names(f"{len(broken)} of {len(photos)} photos left out as broken", broken))
    return Loaded(list(kept), list(kept.values()), resident)
