"""CUB-200-2011 with AttnGAN's split and captions: the official layout, or what `prepare` packed it into."""

from collections.abc import Callable
from pathlib import Path

from model.data.attributes import Attributes, official_attributes
from model.data.official import read_official
from model.data.photo import MARGIN, Photo, decode
from model.data.shards import INDEX, packed_attributes, read_packed
from model.errors import DataError

__all__ = ["MARGIN", "Photo", "decode", "read_attributes", "read_split"]


def read_split(directory: Path, split: str, report: Callable[[str], None] = print) -> list[Photo]:
    """Photos of "train" or "test" with a picture, a box and a caption; what is left out is reported by name and count.

    directory holds CUB_200_2011/, text/ and train|test/filenames.pickle, or what `prepare` wrote, where shards may be
    absent. Raises DataError when no photo can be used or a table is missing or damaged.
    """
    read = read_packed if _is_packed(directory) else read_official
    photos = read(directory, split, report)
    if not photos:
        raise DataError(f"{directory} holds no usable {split} photos.")
    return photos


def read_attributes(directory: Path) -> Attributes | None:
    """What is told of every species, None where nothing is; raises DataError when that is damaged."""
    return packed_attributes(directory) if _is_packed(directory) else official_attributes(directory)


def _is_packed(directory: Path) -> bool:
    return (directory / INDEX).is_file()
