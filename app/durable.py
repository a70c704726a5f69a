"""Files that are there whole or not at all, whenever the program or the power ends."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

BEING_WRITTEN = ".being-written-"


def write_folder(place: Path, fill: Callable[[Path], None]) -> None:
    """`fill` gets an empty folder beside `place`, which becomes `place` once all in it is on the disk."""
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=BEING_WRITTEN, dir=place.parent))
    try:
        fill(beside)
        for path in beside.rglob("*"):
            _put_on_disk(path)
        _put_on_disk(beside)
        beside.rename(place)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    _put_on_disk(place.parent)


def write_file(place: Path, write: Callable[[Path], object]) -> None:
    """`write` gets a path beside `place` with the same suffix; what stood in `place` stays until that is done."""
    beside = place.with_name(f"{BEING_WRITTEN}{secrets.token_hex(4)}{place.suffix}")
    try:
        write(beside)
        _put_on_disk(beside)
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _put_on_disk(path: Path) -> None:
    if path.is_file():
        _sync(path, os.O_RDWR)
    else:
        with suppress(PermissionError):  # Windows opens no folders
            _sync(path, os.O_RDONLY)


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
