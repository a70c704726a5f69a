"""Google's speech recognition over https: asked again when it stumbles, given up when its time is over."""

from __future__ import annotations

import queue
import threading
import time
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

from app.transcript import EngineUnavailable, Transcript, TranscriptionError, not_understood

GOOGLE_ENDPOINT = "https://www.google.com/speech-api/v2/recognize"  # the library's own is plain http
LOOPBACK_HOSTS = {"localhost", "127.0.0.1", "::1"}
ATTEMPTS = 3
FIRST_PAUSE = 0.2  # seconds before the second attempt, doubled before each further one
WORTH_ANOTHER_TRY = {429, 500, 502, 503, 504}
GRACE = 1.0  # seconds; whoever waits for the answer gives up first, and says why
MOST_ALTERNATIVES = 3


def ask_google(sound: Any, endpoint: str, timeout: float, language: str) -> Transcript:
    """`timeout`: seconds for all attempts together.

    Raises EngineUnavailable, and TranscriptionError when Google understood nothing or `endpoint` is not safe.
    """
    import speech_recognition

    address = urlsplit(endpoint)
    if address.scheme != "https" and (address.scheme != "http" or address.hostname not in LOOPBACK_HOSTS):
        raise TranscriptionError(f"Speech is only ever sent over https, so not to {endpoint}.")
    answers: queue.Queue[Any] = queue.Queue()
    deadline = time.monotonic() + timeout

    # The library's timeout starts anew with every address and every packet, and leaves out name look-up.
    threading.Thread(
        target=lambda: answers.put(_answer(sound, endpoint, deadline, language)), name="google", daemon=True
    ).start()
    try:
        answer = answers.get(timeout=timeout)
    except queue.Empty:
        raise EngineUnavailable("Google did not answer in time") from None
    if isinstance(answer, dict):
        return _transcript(answer)
    if answer == [] or isinstance(answer, speech_recognition.UnknownValueError):
        raise TranscriptionError(not_understood("Google"))
    if isinstance(answer.__context__, HTTPError):
        raise EngineUnavailable(f"Google answered with error {answer.__context__.code}")
    if isinstance(answer, (speech_recognition.RequestError, OSError)):
        raise EngineUnavailable("Google could not be reached")
    raise EngineUnavailable("Google answered with something unreadable")


def _answer(sound: Any, endpoint: str, deadline: float, language: str) -> Any:
    """What Google said, or the last exception."""
    import speech_recognition

    recognizer = speech_recognition.Recognizer()
    pause = FIRST_PAUSE
    for attempt in range(1, ATTEMPTS + 1):
        recognizer.operation_timeout = max(deadline - time.monotonic(), 0) + GRACE
        try:
            return recognizer.recognize_google(sound, language=language, endpoint=endpoint, show_all=True)
        except Exception as error:
            in_time = time.monotonic() + pause < deadline
            if attempt == ATTEMPTS or not in_time or not _may_pass(error):
                return error
        time.sleep(pause)
        pause *= 2
    raise AssertionError("the last attempt returns")


def _may_pass(error: Exception) -> bool:
    """Whether another try may be answered."""
    if isinstance(error.__context__, HTTPError):
        return error.__context__.code in WORTH_ANOTHER_TRY
    return isinstance(error, OSError) or type(error).__name__ == "RequestError"


def _transcript(answer: dict[str, Any]) -> Transcript:
    texts = [
        one["transcript"] for one in answer.get("alternative", []) if isinstance(one, dict) and one.get("transcript")
    ]
    if not texts:
        raise TranscriptionError(not_understood("Google"))
    others = [text for text in dict.fromkeys(texts) if text != texts[0]]
    return Transcript(texts[0], "google", alternatives=tuple(others[:MOST_ALTERNATIVES]))
