"""What the app remembers from one start to the next, in one small JSON file."""

import dataclasses
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from app.bird import LARGEST_SEED
from app.durable import write_file
from app.languages import ENGLISH, LANGUAGES
from app.model_choice import DEFAULT_MODELS
from app.theme import COLOURS
from app.window_places import is_place

MAXIMUM_SAMPLES = 16
THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}
DEVICES = {"auto": "Automatic", "cpu": "CPU", "cuda": "NVIDIA GPU", "mps": "Apple GPU"}


def home() -> Path:
    """The per-user folder of the app; SPEAK_OUT_HOME puts it elsewhere."""
    return Path(os.environ.get("SPEAK_OUT_HOME") or platformdirs.user_config_path("speak-out", appauthor=False))


@dataclass
class Settings:
    theme: str = "system"
    device: str = "auto"
    engine: str = "google"
    google_may_hear: bool = False  # asked before the first recording is sent
    language: str = ENGLISH  # that Google listens for
    microphone: str = ""  # its name; nothing for the system's default
    samples: int = 2
    seed: int | None = None  # that every painting gets; None: a new one each time
    scale: float | None = None  # 1.0 to 2.0; None follows the screen
    places: dict[str, str] = field(default_factory=dict)  # of each kind of window, its size and position
    models: list[str] = field(default_factory=lambda: list(DEFAULT_MODELS))  # weight sets that paint, the first at once
    folders: dict[str, str] = field(default_factory=dict)  # that files were last chosen in, by purpose
    desktop: str = "light"  # or "dark": as it was when it was last looked at

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
        """A killed program leaves the old file or the new one."""
        home().mkdir(parents=True, exist_ok=True)
        text = json.dumps(dataclasses.asdict(self), indent=2)
        write_file(home() / "settings.json", lambda beside: beside.write_text(text, encoding="utf-8"))


def _is_valid(name: str, value: Any) -> bool:
    choices = {"theme": [*THEMES], "desktop": [*COLOURS], "device": [*DEVICES], "language": [*LANGUAGES]}.get(name)
    if choices is not None:
        return isinstance(value, str) and value in choices
    if name in ("engine", "microphone"):
        return isinstance(value, str)
    if name == "google_may_hear":
        return isinstance(value, bool)
    if name == "samples":
        return type(value) is int and 1 <= value <= MAXIMUM_SAMPLES
    if name == "models":
        return isinstance(value, list) and value != [] and all(isinstance(model, str) and model for model in value)
    if name == "seed":
        return value is None or (type(value) is int and 0 <= value <= LARGEST_SEED)
    if name == "scale":
        return value is None or (type(value) in (int, float) and 1 <= value <= 2)
    if name == "folders":
        return isinstance(value, dict) and all(isinstance(folder, str) for folder in value.values())
    if name == "places":
        return isinstance(value, dict) and all(map(is_place, value.values()))
    return False
