"""Spoken words to text: Google over https, or PocketSphinx without a network."""

from __future__ import annotations

import os
import queue
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

GOOGLE_ENDPOINT = "https://www.google.com/speech-api/v2/recognize"
ENDPOINT_VARIABLE = "SPEAK_OUT_GOOGLE_ENDPOINT"
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
LANGUAGE = "en-US"

ENGINES: dict[str, str] = {
    "google": "Google, or offline when it cannot be reached",
    "sphinx": "PocketSphinx, always offline",
}


@dataclass(frozen=True)
class Transcript:
    """What was heard, which of ENGINES heard it, and what the user should know about that, if anything."""

    text: str
    engine: str
    note: str = ""


class TranscriptionError(Exception):
    """Why there is no text: one plain sentence for the user."""


class _GoogleUnavailable(Exception):
    """Why Google gave no answer: a clause to build a sentence on."""


def transcribe(path: Path, engine: str = "google", *, endpoint: str | None = None, timeout: float = 4.0) -> Transcript:
    """Turn a sound file (WAV; AIFF and FLAC are read too) into text.

    `engine` is one of ENGINES. With "google", PocketSphinx takes over when Google has not answered `timeout`
    seconds after being asked, or answers with an error. `endpoint` defaults to what the environment says in
    SPEAK_OUT_GOOGLE_ENDPOINT, else to GOOGLE_ENDPOINT; only https, and http to this very machine, are accepted.

    Raises TranscriptionError when the file cannot be used, nothing was understood, or nobody could listen.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r}")
    sound = _read(path)
    if engine == "sphinx":
        return Transcript(_ask_sphinx(sound), "sphinx")
    try:
        endpoint = endpoint or os.environ.get(ENDPOINT_VARIABLE) or GOOGLE_ENDPOINT
        return Transcript(_ask_google(sound, endpoint, timeout), "google")
    except _GoogleUnavailable as reason:
        try:
            text = _ask_sphinx(sound)
        except TranscriptionError as error:
            raise TranscriptionError(f"{reason}, and {error}") from None
        return Transcript(text, "sphinx", f"{reason}, so PocketSphinx listened offline.")


def _read(path: Path) -> Any:
    try:
        import speech_recognition
    except ImportError:
        raise TranscriptionError("SpeechRecognition is not installed, so nothing can be understood.") from None
    if not path.is_file():
        raise TranscriptionError(f"There is no file {path}.")
    try:
        with speech_recognition.AudioFile(str(path)) as source:
            sound = speech_recognition.Recognizer().record(source)
    except PermissionError:
        raise TranscriptionError(f"{path} may not be read.") from None
    except Exception:  # each of the three formats' readers fails in its own many ways
        raise TranscriptionError(f"{path} is not a sound file that can be read; try a WAV file.") from None
    half_a_sample = len(sound.frame_data) % sound.sample_width  # a file cut off anywhere is still worth hearing
    sound.frame_data = sound.frame_data[: len(sound.frame_data) - half_a_sample]
    if not any(sound.frame_data):
        raise TranscriptionError("The recording is silent; is the microphone switched on?")
    return sound


def _ask_google(sound: Any, endpoint: str, timeout: float) -> str:
    import speech_recognition

    address = urlsplit(endpoint)
    if address.scheme != "https" and (address.scheme != "http" or address.hostname not in LOOPBACK_HOSTS):
        raise TranscriptionError(f"Speech is only ever sent over https, so not to {endpoint}.")
    recognizer = speech_recognition.Recognizer()
    recognizer.operation_timeout = timeout
    answers: queue.Queue[str | Exception] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(recognizer.recognize_google(sound, language=LANGUAGE, endpoint=endpoint))
        except Exception as error:
            answers.put(error)

    # The library's timeout starts anew with every address and every packet, and leaves out name look-up.
    threading.Thread(target=ask, name="google", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout)
    except queue.Empty:
        raise _GoogleUnavailable("Google did not answer in time") from None
    if isinstance(answer, str):
        return answer
    if isinstance(answer, speech_recognition.UnknownValueError):
        raise TranscriptionError(_not_understood("Google"))
    if isinstance(answer.__context__, HTTPError):
        raise _GoogleUnavailable(f"Google answered with error {answer.__context__.code}")
    if isinstance(answer, (speech_recognition.RequestError, OSError)):
        raise _GoogleUnavailable("Google could not be reached")
    raise _GoogleUnavailable("Google answered with something unreadable")


def _ask_sphinx(sound: Any) -> str:
    import speech_recognition

    try:
        text: str = speech_recognition.Recognizer().recognize_sphinx(sound, language=LANGUAGE)
    except speech_recognition.RequestError:
        raise TranscriptionError("PocketSphinx, which listens offline, is not installed.") from None
    except speech_recognition.UnknownValueError:
        text = ""
    if not text:
        raise TranscriptionError(_not_understood("PocketSphinx"))
    return text


def _not_understood(engine: str) -> str:
    return f"{engine} understood nothing; please say it again, a little closer to the microphone."
