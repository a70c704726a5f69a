"""CUB-200-2011 in its official layout with AttnGAN's split and captions."""

import re
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
    names = _names(directory / split / "filenames.pickle")
    identity = {line[1].removesuffix(".jpg"): line[0] for line in _table(official / "images.txt", 2)}
    boxes = _boxes(official / "bounding_boxes.txt")
    photos, missing = [], []
    for name in names:
        path = official / "images" / f"{name}.jpg"
        captions = _captions(directory / "text" / f"{name}.txt")
        box = boxes.get(identity.get(name, ""))
        if box is None or not captions or not path.is_file():
            missing.append(name)
            continue
        photos.append(Photo(name, path, box, int(name.split(".")[0]), captions))
    if missing:
        shown = ", ".join(missing[:3]) + (" ..." if len(missing) > 3 else "")
        report(f"{len(missing)} of {len(names)} {split} photos have no file, box or caption and are left out: {shown}")
    if not photos:
        raise DataError(f"{directory} holds no usable {split} photos.")
    return photos


def _names(path: Path) -> list[str]:
    names = read_plain_pickle(path)
    if not isinstance(names, list) or not all(re.match(r"\d+\.", str(name)) for name in names):
        raise DataError(f"{path} is no list of photos such as 001.Black_footed_Albatross/Black_Footed_Albatross_0046.")
    return [str(name) for name in names]


def _boxes(path: Path) -> dict[str, tuple[float, float, float, float]]:
    try:
        return {line[0]: (float(line[1]), float(line[2]), float(line[3]), float(line[4])) for line in _table(path, 5)}
    except ValueError as error:
        raise DataError(f"{path} is damaged: {error}.") from None


def _table(path: Path, columns: int) -> list[list[str]]:
    try:
        lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError:
        raise DataError(f"{path} is missing.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is no text.") from None
    if any(len(line) < columns for line in lines):
        raise DataError(f"{path} is damaged: a line has fewer than {columns} columns.")
    return lines


def _captions(path: Path) -> tuple[str, ...]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(line.strip() for line in lines if line.strip())


def decode(photo: Photo, short_side: int) -> Tensor:
    """The square of 1.5 boxes around the bird as far as the photo reaches, its short side at most `short_side`.

    Returns uint8, 3 x height x width; raises OSError or ValueError when the file is broken or the box is no part of it.
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
        if box[2] <= box[0] or box[3] <= box[1]:
            raise ValueError(f"the box of {photo.name} is no part of the photo")
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
        except (OSError, ValueError, Image.DecompressionBombError):
            return None

    with ThreadPoolExecutor() as pool:
        pictures = list(pool.map(attempt, photos))
    broken = [photo.name for photo, picture in zip(photos, pictures, strict=True) if picture is None]
    if broken:
        report(f"{len(broken)} photos are broken and left out: {', '.join(broken[:3])}")
    return pictures
