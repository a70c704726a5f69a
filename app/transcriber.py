"""Spoken words to text: by Google over https, by an engine on this computer, and by PocketSphinx when those fail."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.bird_ears import EarsError, hear
from app.engines import ENGINES, GOOGLE, SPHINX, VOSK
from app.extra_engines import ask_vosk, ask_whisper
from app.google_speech import GOOGLE_ENDPOINT, ask_google
from app.languages import ENGLISH, is_english
from app.only_noise import is_only_noise
from app.sound import SoundError, hint, prepared, read_sound, samples_of
from app.transcript import EngineUnavailable, Transcript, TranscriptionError, not_understood

__all__ = ["Transcript", "TranscriptionError", "transcribe"]

ENDPOINT_VARIABLE = "SPEAK_OUT_GOOGLE_ENDPOINT"


def transcribe(
    path: Path, engine: str = GOOGLE, *, endpoint: str | None = None, timeout: float = 4.0, language: str = ENGLISH
) -> Transcript:
    """Turn a sound file (WAV; AIFF and FLAC are read too) into text.

    `engine` is one of ENGINES. PocketSphinx takes over when another engine is not there or does not work, and when
    Google has not answered `timeout` seconds after being asked, or answers with an error. `endpoint` defaults to
    what the environment says in SPEAK_OUT_GOOGLE_ENDPOINT, else to GOOGLE_ENDPOINT; only https, and http to this
    very machine, are accepted. `language` is what Google listens for, such as "en-GB"; the other engines hear English.

    Raises TranscriptionError when the file cannot be used, nothing was understood, or nobody could listen.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}")
    try:
        sound = read_sound(path)
    except SoundError as error:
        raise TranscriptionError(str(error)) from None
    if engine == SPHINX:
        return _ask_sphinx(sound)
    try:
        if engine == GOOGLE:
            return ask_google(
                sound, endpoint or os.environ.get(ENDPOINT_VARIABLE) or GOOGLE_ENDPOINT, timeout, language
            )
        return ask_vosk(sound) if engine == VOSK else ask_whisper(sound)
    except EngineUnavailable as reason:
        try:
            heard = _ask_sphinx(sound)
        except TranscriptionError as error:
            raise TranscriptionError(f"{reason}, and {_mid_sentence(error)}") from None
        limit = "" if engine != GOOGLE or is_english(language) else ", which hears English only"
        return replace(heard, note=f"{reason}, so PocketSphinx listened offline{limit}. {heard.note}".strip())


def _ask_sphinx(sound: Any) -> Transcript:
    samples = samples_of(sound)
    advice = hint(samples)
    if is_only_noise(samples):
        raise TranscriptionError("There is only noise in the recording; please say it again, closer to the microphone.")
    try:
        heard = hear(prepared(samples))
    except EarsError as error:
        raise TranscriptionError(str(error)) from None
    if not heard.text:
        raise TranscriptionError(advice or not_understood("PocketSphinx"))
    return Transcript(heard.text, "sphinx", advice, heard.alternatives)


def _mid_sentence(error: TranscriptionError) -> str:
    sentence = str(error)
    return sentence[0].lower() + sentence[1:] if sentence.startswith("The") else sentence
