"""Folders that are whole or not there: written beside, and put in the place of the old one when complete."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BEING_WRITTEN = ".part"  # how the names of folders end that are not whole yet


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """Gives an empty folder of the same name to write to, which takes the place of `folder` at the end of the `with`.

    An error leaves the old one. Whoever is killed in between leaves it too or, for the moment between two renames, as
    `folder.part/old`, from where the next `with` takes it back.
    """
    beside = folder.with_name(f"{folder.name}{BEING_WRITTEN}")
    part, old = beside / folder.name, beside / "old"
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(beside, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        yield part
        for path in part.rglob("*"):
            if path.is_file():
                _reach_disk(path)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(beside, ignore_errors=True)


def _reach_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
