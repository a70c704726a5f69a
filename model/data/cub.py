"""CUB-200-2011 in its official layout with AttnGAN's split and captions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from model.errors import DataError
from model.plain_pickle import read_plain_pickle

CROP = 1.5  # side of the square around the bird, in longest sides of its box
MARGIN = 76 / 64  # a photo's short side, in sides of the random crop taken from it


@dataclass(frozen=True)
class Photo:
    """One photo of a split: where it is, the bird's box (x, y, width, height in pixels), species and captions."""

    name: str
    path: Path
    box: tuple[float, float, float, float]
    species: int
    captions: tuple[str, ...]


def read_split(directory: Path, split: str, report: Callable[[str], None] = print) -> list[Photo]:
    """Photos of "train" or "test"; those without a file, a box or a caption are reported with a count and left out.

    directory holds CUB_200_2011/, text/ and train|test/filenames.pickle; raises DataError when one of them is missing.
    """
    official = directory / "CUB_200_2011"
    names = read_plain_pickle(directory / split / "filenames.pickle")
    identity = {line[1].removesuffix(".jpg"): line[0] for line in _table(official / "images.txt")}
    boxes = {line[0]: tuple(map(float, line[1:5])) for line in _table(official / "bounding_boxes.txt")}
    photos, missing = [], []
    for name in names:
        path = official / "images" / f"{name}.jpg"
        captions = _captions(directory / "text" / f"{name}.txt")
        box = boxes.get(identity.get(name, ""))
        if box is None or len(box) != 4 or not captions or not path.is_file():
            missing.append(name)
            continue
        photos.append(Photo(name, path, box, int(name.split(".")[0]), captions))
    if missing:
        shown = ", ".join(missing[:3]) + (" ..." if len(missing) > 3 else "")
        report(f"{len(missing)} of {len(names)} {split} photos have no file, box or caption and are left out: {shown}")
    if not photos:
        raise DataError(f"{directory} holds no usable {split} photos.")
    return photos


def _table(path: Path) -> list[list[str]]:
    try:
        return [line.split() for line in path.read_text().splitlines() if line.strip()]
    except OSError:
        raise DataError(f"{path} is missing.") from None


def _captions(path: Path) -> tuple[str, ...]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(line.strip() for line in lines if line.strip())


def decode(photo: Photo, short_side: int) -> Tensor:
    """The square of 1.5 boxes around the bird as far as the photo reaches, its short side at most `short_side`.

    Returns uint8, 3 x height x width; raises OSError when the file is broken.
    """
    with Image.open(photo.path) as file:
        width, height = file.size
        x, y, box_width, box_height = photo.box
        reach = max(box_width, box_height) * CROP / 2
        middle_x, middle_y = x + box_width / 2, y + box_height / 2
        box = (
            max(0, int(middle_x - reach)),
            max(0, int(middle_y - reach)),
            min(width, int(middle_x + reach)),
            min(height, int(middle_y + reach)),
        )
        picture = file.convert("RGB").crop(box)
    scale = short_side / min(picture.size)
    if scale < 1:
        size = (max(short_side, round(picture.width * scale)), max(short_side, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.BOX if scale < 0.25 else Image.Resampling.BICUBIC)
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()


def decode_all(photos: list[Photo], short_side: int, report: Callable[[str], None] = print) -> list[Tensor | None]:
    """Every photo decoded as uint8, with None for the broken ones, which are reported with a count."""

    def attempt(photo: Photo) -> Tensor | None:
        try:
            return decode(photo, short_side)
        except (OSError, ValueError):
            return None

    with ThreadPoolExecutor() as pool:
        pictures = list(pool.map(attempt, photos))
    broken = [photo.name for photo, picture in zip(photos, pictures, strict=True) if picture is None]
    if broken:
        report(f"{len(broken)} photos are broken and left out: {', '.join(broken[:3])}")
    return pictures
