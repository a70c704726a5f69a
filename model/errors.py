"""Failures that reach a person: each message is one plain sentence."""

from pathlib import Path


class PlainError(Exception):
    """Something a person can act on; the message is shown as it is, without a traceback."""


class CaptionError(PlainError):
    """A description that cannot be painted: empty, or without a single known word."""


class WeightsError(PlainError):
    """A weight set that is missing, incomplete, damaged or of another shape than it says."""


class DataError(PlainError):
    """A data set that is missing or not laid out as expected."""


def unreadable(path: Path, error: Exception) -> WeightsError:
    """What to raise where a safetensors file cannot be read."""
    reason = "it is missing" if isinstance(error, FileNotFoundError) else str(error)
    return WeightsError(f"The weights {path} cannot be read: {reason}.")
