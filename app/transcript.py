"""What a recogniser gives: a text, or one sentence on why there is none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Transcript:
    """What was heard, who heard it, what the user should know about that, and what else it may have been."""

    text: str
    engine: str
    note: str = ""
    alternatives: tuple[str, ...] = ()


class EngineUnavailable(Exception):
    """Why a recogniser could not listen at all: a clause to build a sentence on."""


class TranscriptionError(Exception):
    """Why there is no text: one plain sentence for the user."""


def not_understood(engine: str) -> str:
    return f"{engine} understood nothing; please say it again, a little closer to the microphone."
