"""A packed data set: JPEGs end to end in a few safetensors shards, and all that is known of them in `index.json`.

A shard holds `jpegs`, uint8, and `offsets`, int64, one more than photos: photo i is jpegs[offsets[i]:offsets[i + 1]].
The index is written last: a folder that has one was packed to its end. Shards that have not arrived yet are allowed.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from model.data.attributes import Attributes
from model.data.photo import Part, Photo, Slice
from model.data.telling import counted, with_names
from model.errors import DataError

INDEX = "index.json"
FORMAT = 1


@dataclass(frozen=True)
class PackedPhoto:
    """A photo's JPEG bytes, and the photo as the index tells it: box and parts in the JPEG's pixels."""

    photo: Photo
    jpeg: bytes


def write_shard(path: Path, packed: list[PackedPhoto]) -> dict[str, Any]:
    """Write a shard, whole or not at all; returns its entry in the index. Raises OSError when it cannot be written."""
    jpegs = b"".join(photo.jpeg for photo in packed)
    digest = hashlib.sha256(jpegs).hexdigest()
    tensors: dict[str, np.ndarray] = {
        "jpegs": np.frombuffer(jpegs, np.uint8),
        "offsets": np.cumsum([0, *(len(photo.jpeg) for photo in packed)], dtype=np.int64),
    }
    part = path.with_suffix(".part")
    try:
        save_file(tensors, part, {"sha256": digest})
    except SafetensorError as error:
        raise OSError(f"{path} could not be written: {error}") from None
    part.chmod(0o644)  # safetensors lets nobody else read it
    _settle(part, path)
    return {"file": path.name, "sha256": digest, "photos": [_entry(each.photo) for each in packed]}


def write_index(
    directory: Path, side: int, attributes: Attributes | None, splits: dict[str, list[dict[str, Any]]]
) -> None:
    """Write the index of shards that are all there; side: the longest that a picture may have, in pixels."""
    index = {
        "format": FORMAT,
        "side": side,
        "attributes": attributes and {"names": attributes.names, "species": _rounded(attributes.species)},
        "splits": splits,
    }
    part = (directory / INDEX).with_suffix(".part")
    part.write_text(json.dumps(index, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")
    _settle(part, directory / INDEX)


def packed_attributes(directory: Path) -> Attributes | None:
    """What the index tells of every species, None where it tells nothing; raises DataError when it is damaged."""
    path = directory / INDEX
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["attributes"]
        return found and Attributes(tuple(found["names"]), tuple(map(tuple, found["species"])))
    except (ValueError, KeyError, TypeError):
        raise DataError(f"{path} is damaged.") from None


def read_packed(directory: Path, split: str, report: Callable[[str], None]) -> list[Photo]:
    """The photos of "train" or "test" whose shards are here; those that are not are reported with a count.

    Raises DataError when the index is damaged or of another version.
    """
    path = directory / INDEX
    photos: list[Photo] = []
    absent: list[str] = []
    count = missing = 0
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        if index["format"] != FORMAT:
            raise DataError(f"{path} has format {index['format']}; this program reads format {FORMAT}.")
        for shard in index["splits"].get(split, []):
            count += len(shard["photos"])
            offsets = _offsets(directory / shard["file"], shard["sha256"])
            if len(offsets) != len(shard["photos"]) + 1:
                absent.append(shard["file"])
                missing += len(shard["photos"])
                continue
            for i, entry in enumerate(shard["photos"]):
                photos.append(_photo(entry, Slice(directory / shard["file"], offsets[i], offsets[i + 1])))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise DataError(f"{path} is damaged.") from None
    if absent:
        shards = counted(len(absent), "shard")
        report(with_names(f"{missing} of {count} {split} photos left out with {shards} absent or incomplete", absent))
    return photos


def _offsets(path: Path, digest: str) -> list[int]:
    """Where a shard's JPEGs begin and end, in bytes; nothing when the shard is absent, incomplete or another one."""
    try:
        with safe_open(path, "np") as shard:
            if (shard.metadata() or {}).get("sha256") != digest:
                return []
            offsets: list[int] = shard.get_tensor("offsets").tolist()
            return offsets
    except (OSError, SafetensorError):
        return []


def _rounded(rows: tuple[tuple[float, ...], ...]) -> list[list[float]]:
    return [[round(value, 2) for value in row] for row in rows]


def _entry(photo: Photo) -> dict[str, Any]:
    parts = photo.parts and [[round(part.x, 1), round(part.y, 1)] if part.visible else None for part in photo.parts]
    box = [round(value, 2) for value in photo.box]
    return {
        "name": photo.name,
        "species": photo.species,
        "box": box,
        "captions": photo.captions,
        "parts": parts,
    }


def _photo(entry: dict[str, Any], place: Slice) -> Photo:
    parts = entry["parts"] and tuple(Part(at[0], at[1], True) if at else Part(0.0, 0.0, False) for at in entry["parts"])
    x, y, width, height = entry["box"]
    return Photo(entry["name"], place, (x, y, width, height), entry["species"], tuple(entry["captions"]), parts)


def _settle(part: Path, path: Path) -> None:
    """Give a file that is wholly on the disk its name."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
