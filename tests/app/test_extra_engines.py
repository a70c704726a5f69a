"""Vosk and Whisper: listed when package and model are there, asked through SpeechRecognition, missed in a sentence.

Their models are far too large for a test, so stand-ins answer in the place of the two packages.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import speech_recognition

from app.engines import available_engines
from app.transcriber import transcribe
from tests.app.sounds import noise, write_sound

VOSK = """
import json
class Model:
    def __init__(self, path): assert path.endswith("vosk")
class KaldiRecognizer:
    def __init__(self, model, rate): assert rate == 16000
    def AcceptWaveform(self, data): self.seconds = len(data) / 32000
    def FinalResult(self): return json.dumps({"text": f"a bird of {self.seconds:.0f} seconds"})
"""
WHISPER = """
from types import SimpleNamespace
class WhisperModel:
    def __init__(self, model): assert model.endswith("my-model"), model
    def transcribe(self, samples, language):
        assert language == "en"
        said = f" A bird of {len(samples) / 16000:.0f} seconds."
        return [SimpleNamespace(text=said)], SimpleNamespace(language=language)
"""
SOUNDFILE = """
import wave
import numpy
def read(stream):
    with wave.open(stream) as file:
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768, file.getframerate()
"""


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages, and SpeechRecognition looks for Vosk's model beside them."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    recogniser = "speech_recognition.recognizers.vosk"
    monkeypatch.setattr(f"{recogniser}.__file__", str(folder / "recognizers" / "vosk.py"))
    monkeypatch.setattr(speech_recognition.__spec__, "origin", str(folder / "__init__.py"))
    for name in ("vosk", "faster_whisper", "soundfile"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return folder


@pytest.fixture
def vosk(library: Path) -> Path:
    (library / "vosk.py").write_text(VOSK)
    model = library / "models" / "vosk"
    model.mkdir(parents=True)
    return model


@pytest.fixture
def whisper(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (library / "faster_whisper.py").write_text(WHISPER)
    (library / "soundfile.py").write_text(SOUNDFILE)
    model = library / "my-model" / "model.bin"
    model.parent.mkdir()
    model.touch()
    monkeypatch.setenv("SPEAK_OUT_WHISPER_MODEL", str(model.parent))
    return model


@pytest.fixture
def two_seconds(tmp_path: Path) -> Path:
    return write_sound(tmp_path / "sound.wav", noise(2))


@pytest.mark.usefixtures("library", "home")
def test_without_them_there_are_two_engines() -> None:
    assert available_engines() == ["google", "sphinx"]


@pytest.mark.usefixtures("home")
def test_they_are_listed_with_package_and_model(vosk: Path, whisper: Path) -> None:
    assert available_engines() == ["google", "sphinx", "vosk", "whisper"]
    vosk.rmdir()
    whisper.unlink()
    assert available_engines() == ["google", "sphinx"]


@pytest.mark.usefixtures("vosk")
def test_vosk_hears(two_seconds: Path) -> None:
    heard = transcribe(two_seconds, "vosk")
    assert (heard.text, heard.engine, heard.note) == ("a bird of 2 seconds", "vosk", "")


@pytest.mark.usefixtures("whisper")
def test_whisper_hears(two_seconds: Path) -> None:
    heard = transcribe(two_seconds, "whisper")
    assert (heard.text, heard.engine, heard.note) == ("A bird of 2 seconds", "whisper", "")


def test_one_that_went_away_is_replaced_and_said(vosk: Path, voice: Callable[[str], Path]) -> None:
    sound = voice("a red bird")
    vosk.rmdir()
    heard = transcribe(sound, "vosk")
    assert (heard.text, heard.engine) == ("a red bird", "sphinx")
    assert heard.note == "Vosk is not installed any more, so PocketSphinx listened offline."


def test_one_that_fails_is_replaced_and_said(whisper: Path, library: Path, voice: Callable[[str], Path]) -> None:
    (library / "faster_whisper.py").write_text("raise OSError('libcublas is missing')")
    heard = transcribe(voice("a red bird"), "whisper")
    assert heard.text == "a red bird"
    assert heard.note == "Whisper or its model did not work, so PocketSphinx listened offline."
