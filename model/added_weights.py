"""Weight sets that a person adds and removes: checked first, then there whole or not at all."""

import re
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from model.errors import WeightsError
from model.places import users_weights
from model.published import import_published
from model.weight_sets import weight_sets
from model.weights import load_weights
from model.whole_folder import BEING_WRITTEN, whole_folder

CHUNK = 1 << 20  # bytes copied between two looks at whether to stop
UNFINISHED_SECONDS = 24 * 60 * 60  # so long that no program can still be writing it
Progress = Callable[[str, float], object]
"""Gets what is being done and the share that is done, 0..1; what it raises ends the adding and leaves nothing."""


def add_folder(source: Path, on_progress: Progress) -> str:
    """Copy a weight set, with all that lies in its folder; returns its name. Raises WeightsError or OSError."""
    source = source.resolve()
    if any(source == found.folder.resolve() for found in weight_sets()):
        raise WeightsError(f"{source} is in the list already.")
    on_progress(f"Checking {source.name} …", 0.0)
    load_weights(source)
    paths = [path for path in source.rglob("*") if path.is_file()]
    whole, done = sum(path.stat().st_size for path in paths), 0
    name = free_name(source.name)
    with _place(name) as folder:
        for path in paths:
            copy = folder / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with path.open("rb") as file, copy.open("wb") as copied:
                while chunk := file.read(CHUNK):
                    on_progress(f"Copying {path.name} …", done / whole)
                    copied.write(chunk)
                    done += len(chunk)
        on_progress("Finishing …", 1.0)
    return name


def add_published(generator: Path, text_encoder: Path, vocabulary: Path, name: str, on_progress: Progress) -> str:
    """Import a published checkpoint under that name or one like it; returns it. Raises PlainError or OSError."""
    name = free_name(name)
    with _place(name) as folder:
        import_published(generator, text_encoder, vocabulary, folder, on_progress)
        on_progress("Finishing …", 1.0)
    return name


def remove_weights(name: str) -> None:
    """Remove a weight set that was added; raises OSError, and then it is still there."""
    folder = users_weights() / name
    if folder.is_symlink():
        folder.unlink()
        return
    going = folder.with_name(f"{name}.removed{BEING_WRITTEN}")
    shutil.rmtree(going, ignore_errors=True)
    folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)


def free_name(wanted: str) -> str:
    """The name, as a file name and with a number where another set has it."""
    name = re.sub(r"[^\w.-]+", "-", wanted).strip("-.")
    while name.endswith(BEING_WRITTEN):
        name = name.removesuffix(BEING_WRITTEN)
    name = name or "weights"
    taken = {found.name.casefold() for found in weight_sets()}
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return next(free for free in names if free.casefold() not in taken)


def _place(name: str) -> AbstractContextManager[Path]:
    """Also clears away what a killed program left half written."""
    for left in users_weights().glob(f"*{BEING_WRITTEN}"):
        if time.time() - left.stat().st_mtime > UNFINISHED_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    return whole_folder(users_weights() / name)
