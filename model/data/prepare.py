"""Packing a data set: photos cropped around their birds and made small enough, in shards quick to read and to move.

python main.py prepare --data DIR --output SHARDS [--side 392] [--shard-mib 16]
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from tqdm import tqdm

from model.data.cub import read_attributes, read_split
from model.data.photo import Part, Photo, attempt_each, bird_square, reduced
from model.data.shards import INDEX, PackedPhoto, write_index, write_shard
from model.data.telling import with_names
from model.errors import DataError, PlainError

QUALITY = 92  # of the JPEGs
SPLITS = ("train", "test")


def prepare(data: Path, output: Path, side: int = 392, shard_mib: float = 16) -> None:
    """Pack both splits of `data` into `output`, which must not hold a packed data set yet.

    side: the longest side of a picture, in pixels; smaller ones stay as they are. shard_mib: most MiB of a shard.
    Raises DataError for bad data, PlainError for impossible numbers or an `output` that is taken, OSError.
    """
    if side < 16 or shard_mib <= 0:
        raise PlainError("--side must be at least 16 pixels and --shard-mib more than nothing.")
    if (output / INDEX).exists():
        raise PlainError(f"{output} holds a packed data set already; choose another folder.")
    photos = {split: read_split(data, split, tqdm.write) for split in SPLITS}
    attributes = read_attributes(data)
    output.mkdir(parents=True, exist_ok=True)
    _clear(output)
    splits: dict[str, list[dict[str, Any]]] = {split: [] for split in SPLITS}
    with tqdm(total=sum(map(len, photos.values())), unit="photo") as bar:
        for split in SPLITS:
            for packed in _shards(photos[split], split, side, int(shard_mib * 2**20), bar):
                number = len(splits[split])
                splits[split].append(write_shard(output / f"{split}-{number:03}.safetensors", packed))
            if not splits[split]:
                raise DataError(f"{data} holds no {split} photo that can be read.")
    write_index(output, side, attributes, splits)
    size = sum(path.stat().st_size for path in output.glob("*.safetensors")) / 2**20
    counts = " and ".join(f"{sum(len(shard['photos']) for shard in splits[split])} {split}" for split in SPLITS)
    print(f"Packed {counts} photos into {sum(map(len, splits.values()))} shards ({size:.1f} MiB) in {output}.")


def _clear(output: Path) -> None:
    """Remove the shards of a call that did not come to its end."""
    for path in output.iterdir():
        if re.fullmatch(r"(train|test)-\d+\.(safetensors|part)|index\.part", path.name):
            path.unlink()


def _shards(
    photos: list[Photo], split: str, side: int, most_bytes: int, bar: "tqdm[None]"
) -> Iterator[list[PackedPhoto]]:
    """Packed photos, as many together as a shard may hold; broken ones are reported at the end."""
    shard: list[PackedPhoto] = []
    room = most_bytes - 1024  # a safetensors file begins with a description
    size, broken = 0, []
    for photo, packed in zip(photos, attempt_each(lambda photo: pack(photo, side), photos), strict=True):
        bar.update()
        if packed is None:
            broken.append(photo.name)
            continue
        cost = len(packed.jpeg) + 8  # its offset
        if shard and size + cost > room:
            yield shard
            shard, size = [], 0
        shard.append(packed)
        size += cost
    if shard:
        yield shard
    if broken:
        tqdm.write(with_names(f"{len(broken)} of {len(photos)} {split} photos left out as broken", broken))


def pack(photo: Photo, side: int) -> PackedPhoto:
    """The square of 1.5 boxes around the bird, its longest side at most `side` pixels, with box and parts moved along.

    A JPEG that is such a picture already keeps its bytes. Raises OSError or ValueError when the file is broken or the
    box is no part of it.
    """
    with photo.open() as file:
        left, top, right, bottom = bird_square(photo, *file.size)
        picture = file.convert("RGB").crop((left, top, right, bottom))
        if file.format == "JPEG" and picture.size == file.size and max(file.size) <= side:
            return PackedPhoto(photo, photo.path.read_bytes())
    width, height = picture.size
    scale = min(1.0, side / max(width, height))
    picture = reduced(picture, (max(1, round(width * scale)), max(1, round(height * scale))))
    across, down = picture.width / width, picture.height / height
    x, y, box_width, box_height = photo.box
    box = ((x - left) * across, (y - top) * down, box_width * across, box_height * down)
    parts = photo.parts and tuple(
        Part((part.x - left) * across, (part.y - top) * down, part.visible) for part in photo.parts
    )
    jpeg = BytesIO()
    picture.save(jpeg, "JPEG", quality=QUALITY)
    return PackedPhoto(replace(photo, box=box, parts=parts), jpeg.getvalue())
