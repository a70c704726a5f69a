"""What the app remembers from one start to the next, in one small JSON file."""

import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs

from app.bird import LARGEST_SEED
from app.languages import ENGLISH, LANGUAGES

MAXIMUM_SAMPLES = 16


def home() -> Path:
    """The per-user folder of the app; SPEAK_OUT_HOME puts it elsewhere."""
    return Path(os.environ.get("SPEAK_OUT_HOME") or platformdirs.user_config_path("speak-out", appauthor=False))


def data_home() -> Path:
    """Where what a person made is kept, by the platform's convention; SPEAK_OUT_HOME puts it elsewhere too."""
    return Path(os.environ.get("SPEAK_OUT_HOME") or platformdirs.user_data_path("speak-out", appauthor=False))


@dataclass
class Settings:
    theme: str = "light"
    engine: str = "google"
    google_may_hear: bool = False  # asked before the first recording is sent
    language: str = ENGLISH  # that Google listens for
    microphone: str = ""  # its name; nothing for the system's default
    samples: int = 2
    seed: int | None = None  # that every painting gets; None: a new one each time
    scale: float | None = None  # 1.0 to 2.0; None follows the screen

    @classmethod
    def load(cls) -> "Settings":
        """A missing, damaged or half understood file gives defaults for what it does not say."""
        try:
            stored = json.loads((home() / "settings.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return cls()
        if not isinstance(stored, dict):
            return cls()
        return cls(**{name: value for name, value in stored.items() if _is_valid(name, value)})

    def save(self) -> None:
        """Written beside and renamed, so that a killed program leaves the old file or the new one."""
        home().mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=home(), prefix="settings-", suffix=".json", delete=False
        ) as file:
            json.dump(dataclasses.asdict(self), file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        os.replace(file.name, home() / "settings.json")


def _is_valid(name: str, value: Any) -> bool:
    if name == "theme":
        return value in ("light", "dark")
    if name in ("engine", "microphone"):
        return isinstance(value, str)
    if name == "google_may_hear":
        return isinstance(value, bool)
    if name == "language":
        return value in LANGUAGES
    if name == "samples":
        return type(value) is int and 1 <= value <= MAXIMUM_SAMPLES
    if name == "seed":
        return value is None or (type(value) is int and 0 <= value <= LARGEST_SEED)
    if name == "scale":
        return value is None or (type(value) in (int, float) and 1 <= value <= 2)
    return False
