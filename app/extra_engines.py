"""Vosk and Whisper, through SpeechRecognition, for those who installed them with a model."""

from __future__ import annotations

from typing import Any

from app.engines import ENGINES, VOSK, WHISPER, vosk_model, whisper_model
from app.transcript import EngineUnavailable, Transcript, TranscriptionError, not_understood


def ask_vosk(sound: Any) -> Transcript:
    """Raises EngineUnavailable, and TranscriptionError when nothing was understood."""
    import speech_recognition

    if vosk_model() is None:
        raise EngineUnavailable("Vosk is not installed any more")
    try:
        text = speech_recognition.Recognizer().recognize_vosk(sound)
    except Exception as error:
        raise _failed(VOSK) from error
    return _transcript(VOSK, text)


def ask_whisper(sound: Any) -> Transcript:
    """Raises EngineUnavailable, and TranscriptionError when nothing was understood."""
    import speech_recognition

    model = whisper_model()
    if model is None:
        raise EngineUnavailable("Whisper is not installed any more")
    try:
        text = speech_recognition.Recognizer().recognize_faster_whisper(sound, model=str(model), language="en")
    except Exception as error:
        raise _failed(WHISPER) from error
    return _transcript(WHISPER, text)


def _failed(engine: str) -> EngineUnavailable:
    """Their libraries fail in many ways, and say so to programmers."""
    return EngineUnavailable(f"{ENGINES[engine].name} or its model did not work")


def _transcript(engine: str, text: str) -> Transcript:
    text = text.strip().rstrip(".")
    if not text:
        raise TranscriptionError(not_understood(ENGINES[engine].name))
    return Transcript(text, engine)
