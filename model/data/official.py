"""CUB-200-2011 in its official layout with AttnGAN's split and captions."""

import re
from collections.abc import Callable
from pathlib import Path

from model.data.photo import PARTS, Box, Part, Photo
from model.data.telling import counted, with_names
from model.errors import DataError
from model.plain_pickle import read_plain_pickle


def read_official(directory: Path, split: str, report: Callable[[str], None]) -> list[Photo]:
    """Photos of "train" or "test"; what is missing is reported by name with a count, and left out.

    directory holds CUB_200_2011/, text/ and train|test/filenames.pickle; DataError when one is missing or damaged. Part
    locations come along where there is CUB_200_2011/parts/part_locs.txt.
    """
    official = directory / "CUB_200_2011"
    names = _names(directory / split / "filenames.pickle")
    identity = {line[1].removesuffix(".jpg"): line[0] for line in _table(official / "images.txt", 2)}
    boxes = _boxes(official / "bounding_boxes.txt")
    parts = _parts(official / "parts" / "part_locs.txt")
    photos = []
    missing: dict[str, list[str]] = {"file": [], "box": [], "caption": []}
    blank: dict[str, int] = {}
    for name in names:
        path = official / "images" / f"{name}.jpg"
        number = identity.get(name, "")
        captions, blank[name] = _captions(directory / "text" / f"{name}.txt")
        there = {"file": path.is_file(), "box": number in boxes, "caption": bool(captions)}
        if not all(there.values()):
            missing[next(thing for thing, is_there in there.items() if not is_there)].append(name)
            continue
        photos.append(Photo(name, path, boxes[number], int(name.split(".")[0]), captions, parts.get(number)))
    for thing, without in missing.items():
        if without:
            report(with_names(f"{len(without)} of {len(names)} {split} photos left out for want of a {thing}", without))
    skipped = [name for name, lines in blank.items() if lines]
    if skipped:
        lines = counted(sum(blank.values()), "empty line")
        report(with_names(f"{lines} skipped in the captions of {counted(len(skipped), f'{split} photo')}", skipped))
    return photos


def _names(path: Path) -> list[str]:
    names = read_plain_pickle(path)
    if not isinstance(names, list) or not all(re.match(r"\d+\.", str(name)) for name in names):
        raise DataError(f"{path} is no list of photos such as 001.Black_footed_Albatross/Black_Footed_Albatross_0046.")
    return [str(name) for name in names]


def _boxes(path: Path) -> dict[str, Box]:
    try:
        return {line[0]: (float(line[1]), float(line[2]), float(line[3]), float(line[4])) for line in _table(path, 5)}
    except ValueError as error:
        raise DataError(f"{path} is damaged: {error}.") from None


def _parts(path: Path) -> dict[str, tuple[Part, ...]]:
    """By number of the photo; empty without the file."""
    if not path.exists():
        return {}
    found: dict[str, list[Part]] = {}
    try:
        for line in _table(path, 5):
            parts = found.setdefault(line[0], [Part(0.0, 0.0, False)] * PARTS)
            parts[int(line[1]) - 1] = Part(float(line[2]), float(line[3]), line[4] == "1")
    except (ValueError, IndexError) as error:
        raise DataError(f"{path} is damaged: {error}.") from None
    return {number: tuple(parts) for number, parts in found.items()}


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


def _captions(path: Path) -> tuple[tuple[str, ...], int]:
    """The captions in a file, and how many of its lines are empty."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return (), 0
    return tuple(line for line in lines if line), lines.count("")
