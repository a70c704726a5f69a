"""Where weight sets lie: with the program, and beside what else a person keeps."""

import os
from pathlib import Path

import platformdirs

SHIPPED_WEIGHTS = Path(__file__).resolve().parent.parent / "weights"
SHIPPED_JUDGE = SHIPPED_WEIGHTS / "judge"  # encoders that never taught a generator


def data_home() -> Path:
    """Where what a person made is kept, by the platform's convention; SPEAK_OUT_HOME puts it elsewhere."""
    return Path(os.environ.get("SPEAK_OUT_HOME") or platformdirs.user_data_path("speak-out", appauthor=False))


def users_weights() -> Path:
    """The folder of the weight sets that a person added."""
    return data_home() / "weights"


def find_folder(name_or_directory: str | Path) -> Path | None:
    """The folder of a weight set. A name is that of a set: one of the program, one that was added, then a folder here.

    Anything else is a path: from here, or else from where the program lies.
    """
    named = Path(name_or_directory).name == str(name_or_directory)
    here, program = Path(), SHIPPED_WEIGHTS.parent
    for place in (SHIPPED_WEIGHTS, users_weights(), here) if named else (here, program):
        folder = place / name_or_directory
        if (folder / "config.json").is_file():
            return folder
    return None


def find_encoders(name_or_directory: str) -> Path:
    """The folder of a DAMSM run or a weight set, whose encoders teach or judge; "judge" is the program's own judge."""
    if name_or_directory == SHIPPED_JUDGE.name:
        return SHIPPED_JUDGE
    return find_folder(name_or_directory) or Path(name_or_directory)
