"""Who can listen: the recognisers that are there, their names, and where the voice goes with each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.settings import home

GOOGLE, SPHINX, VOSK, WHISPER = "google", "sphinx", "vosk", "whisper"
WHISPER_VARIABLE = "SPEAK_OUT_WHISPER_MODEL"


@dataclass(frozen=True)
class Engine:
    name: str
    where_it_goes: str


ENGINES = {
    GOOGLE: Engine(
        "Google",
        "Your recording is sent to Google over https, and heard by PocketSphinx when that fails.",
    ),
    SPHINX: Engine(
        "PocketSphinx",
        "Nothing leaves this computer. PocketSphinx hears English only, with Whisper's second opinion where installed.",
    ),
    VOSK: Engine("Vosk", "Nothing leaves this computer. Vosk hears the language of its model."),
    WHISPER: Engine("Whisper", "Nothing leaves this computer. Whisper listens for English here."),
}


def available_engines() -> list[str]:
    """Google and PocketSphinx always; Vosk and Whisper where both package and model are installed."""
    extras = {VOSK: vosk_model() is not None, WHISPER: whisper_model() is not None}
    return [key for key in ENGINES if extras.get(key, True)]


def vosk_model() -> Path | None:
    """Where `sprc download vosk` puts it, the one place in which SpeechRecognition looks."""
    library = find_spec("speech_recognition")
    if not _installed("vosk") or library is None or library.origin is None:
        return None
    folder = Path(library.origin).parent / "models" / "vosk"
    return folder if folder.is_dir() else None


def whisper_model() -> Path | None:
    """A folder in faster-whisper's format: SPEAK_OUT_WHISPER_MODEL, or `whisper` beside the settings."""
    if not (_installed("faster_whisper") and _installed("soundfile")):
        return None
    folder = Path(os.environ.get(WHISPER_VARIABLE) or home() / "whisper")
    return folder if (folder / "model.bin").is_file() else None


def _installed(package: str) -> bool:
    return find_spec(package) is not None
