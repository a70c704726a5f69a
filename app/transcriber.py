"""Spoken words to text: Google over https, or PocketSphinx without a network."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.bird_ears import EarsError, hear
from app.google_speech import GOOGLE_ENDPOINT, GoogleUnavailable, ask_google
from app.sound import SoundError, hint, prepared, read_sound, samples_of
from app.transcript import Transcript, TranscriptionError, not_understood

__all__ = ["ENGINES", "Transcript", "TranscriptionError", "transcribe"]

ENDPOINT_VARIABLE = "SPEAK_OUT_GOOGLE_ENDPOINT"
ENGINES: dict[str, str] = {
    "google": "Google, or offline when it cannot be reached",
    "sphinx": "PocketSphinx, always offline",
}


def transcribe(
    path: Path, engine: str = "google", *, endpoint: str | None = None, timeout: float = 4.0, language: str = "en-US"
) -> Transcript:
    """Turn a sound file (WAV; AIFF and FLAC are read too) into text.

    `engine` is one of ENGINES. With "google", PocketSphinx takes over when Google has not answered `timeout`
    seconds after being asked, or answers with an error. `endpoint` defaults to what the environment says in
    SPEAK_OUT_GOOGLE_ENDPOINT, else to GOOGLE_ENDPOINT; only https, and http to this very machine, are accepted.
    `language` is what Google listens for, such as "en-GB"; offline it is always American English.

    Raises TranscriptionError when the file cannot be used, nothing was understood, or nobody could listen.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}")
    try:
        sound = read_sound(path)
    except SoundError as error:
        raise TranscriptionError(str(error)) from None
    if engine == "sphinx":
        return _ask_sphinx(sound)
    try:
        endpoint = endpoint or os.environ.get(ENDPOINT_VARIABLE) or GOOGLE_ENDPOINT
        return ask_google(sound, endpoint, timeout, language)
    except GoogleUnavailable as reason:
        try:
            heard = _ask_sphinx(sound)
        except TranscriptionError as error:
            raise TranscriptionError(f"{reason}, and {error}") from None
        return replace(heard, note=f"{reason}, so PocketSphinx listened offline. {heard.note}".strip())


def _ask_sphinx(sound: Any) -> Transcript:
    samples = samples_of(sound)
    advice = hint(samples)
    try:
        heard = hear(prepared(samples))
    except EarsError as error:
        raise TranscriptionError(str(error)) from None
    if not heard.text:
        raise TranscriptionError(advice or not_understood("PocketSphinx"))
    return Transcript(heard.text, "sphinx", advice, heard.alternatives)
