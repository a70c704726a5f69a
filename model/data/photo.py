"""One photo: where its file or its bytes are, where the bird is in it, and its pixels."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import torch
from PIL import Image
from safetensors import SafetensorError, safe_open
from torch import Tensor

CROP = 1.5  # side of the square around the bird, in longest sides of its box
MARGIN = 76 / 64  # a photo's short side, in sides of the random crop taken from it
PARTS = 15  # CUB's: back, beak, belly, breast, crown, forehead, left eye, left leg, left wing, nape, ...
AT_ONCE = 256  # photos that threads decode before the first of them is taken

Box = tuple[float, float, float, float]
Result = TypeVar("Result")


class Part(NamedTuple):
    """Where a part of the bird is, in pixels of the photo; x and y mean nothing when it is not visible."""

    x: float
    y: float
    visible: bool


@dataclass(frozen=True)
class Slice:
    """A JPEG inside a shard's tensor of bytes, cropped around its bird already."""

    path: Path
    start: int
    end: int

    def read_bytes(self) -> bytes:
        """The JPEG; raises OSError when the shard cannot be read."""
        try:
            with safe_open(self.path, "np") as shard:
                jpeg: bytes = shard.get_slice("jpegs")[self.start : self.end].tobytes()
                return jpeg
        except SafetensorError as error:
            raise OSError(f"{self.path} cannot be read: {error}") from None


@dataclass(frozen=True)
class Photo:
    """One photo of a split: where it is, the bird's box (x, y, width, height in pixels), species and captions.

    parts: CUB's 15 parts in their order, or None where nobody marked them.
    """

    name: str
    path: Path | Slice
    box: Box
    species: int
    captions: tuple[str, ...]
    parts: tuple[Part, ...] | None = None

    def open(self) -> Image.Image:
        """The picture, its pixels not decoded yet; raises OSError when it is none."""
        return Image.open(BytesIO(self.path.read_bytes()) if isinstance(self.path, Slice) else self.path)


def species_numbers(photos: list[Photo]) -> int:
    """One more than the largest number of a species among photos."""
    return 1 + max(photo.species for photo in photos)


def bird_square(photo: Photo, width: int, height: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the square of 1.5 boxes around the bird, as far as the photo reaches, in pixels.

    width, height: the photo's. Raises ValueError when the box is no part of it.
    """
    if isinstance(photo.path, Slice):
        return 0, 0, width, height
    x, y, box_width, box_height = photo.box
    reach = max(box_width, box_height) * CROP / 2
    middle_x, middle_y = x + box_width / 2, y + box_height / 2
    left, top = max(0, int(middle_x - reach)), max(0, int(middle_y - reach))
    right, bottom = min(width, int(middle_x + reach)), min(height, int(middle_y + reach))
    if right <= left or bottom <= top:
        raise ValueError(f"the box of {photo.name} is no part of the photo")
    return left, top, right, bottom


def reduced(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A picture at a smaller size (width, height), without aliasing."""
    if picture.size == size:
        return picture
    far = size[0] < picture.width / 4
    return picture.resize(size, Image.Resampling.BOX if far else Image.Resampling.BICUBIC)


def decoded_size(photo: Photo, short_side: int) -> tuple[int, int]:
    """Height and width of what `decode` returns, read from the file's first bytes; raises what `decode` raises."""
    with photo.open() as file:
        left, top, right, bottom = bird_square(photo, *file.size)
    width, height = _with_short_side(right - left, bottom - top, short_side)
    return height, width


def decode(photo: Photo, short_side: int) -> Tensor:
    """The square of 1.5 boxes around the bird as far as the photo reaches, its short side at most `short_side`.

    Returns uint8, 3 x height x width; raises OSError or ValueError when the file is broken or the box is no part of it.
    """
    with photo.open() as file:
        square = bird_square(photo, *file.size)
        picture = file.convert("RGB").crop(square)
    picture = reduced(picture, _with_short_side(*picture.size, short_side))
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()


def decode_each(photos: list[Photo], short_side: int) -> Iterator[Tensor | None]:
    """What `decode` returns for every photo in order, and None for the broken ones."""
    return attempt_each(lambda photo: decode(photo, short_side), photos)


def attempt_each(work: Callable[[Photo], Result], photos: list[Photo]) -> Iterator[Result | None]:
    """What `work` returns for every photo in order, done by threads; None where the photo is broken."""

    def attempt(photo: Photo) -> Result | None:
        try:
            return work(photo)
        except (OSError, ValueError, Image.DecompressionBombError):
            return None

    with ThreadPoolExecutor() as pool:
        for first in range(0, len(photos), AT_ONCE):
            yield from pool.map(attempt, photos[first : first + AT_ONCE])


def _with_short_side(width: int, height: int, short_side: int) -> tuple[int, int]:
    scale = short_side / min(width, height)
    if scale >= 1:
        return width, height
    return max(short_side, round(width * scale)), max(short_side, round(height * scale))
