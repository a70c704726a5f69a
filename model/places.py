"""Where weight sets lie: with the program, and beside what else a person keeps."""

import os
from pathlib import Path

import platformdirs

SHIPPED_WEIGHTS = Path(__file__).resolve().parent.parent / "weights"


def data_home() -> Path:
    """Where what a person made is kept, by the platform's convention; SPEAK_OUT_HOME puts it elsewhere."""
    return Path(os.environ.get("SPEAK_OUT_HOME") or platformdirs.user_data_path("speak-out", appauthor=False))


def users_weights() -> Path:
    """The folder of the weight sets that a person added."""
    return data_home() / "weights"


def find_folder(name_or_directory: str | Path) -> Path | None:
    """The folder of a weight set by its path or name; what comes with the program is found before what was added."""
    for place in (Path(), SHIPPED_WEIGHTS, SHIPPED_WEIGHTS.parent, users_weights()):
        folder = place / name_or_directory
        if (folder / "config.json").is_file():
            return folder
    return None
