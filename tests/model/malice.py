"""A pickled thing that makes a file when somebody unpickles it carelessly."""

from pathlib import Path


class Malice:
    """Unpickled, it touches `trace`."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.trace,)


def one_sentence(text: str) -> bool:
    """No traceback, one line, an end."""
    return (
        text.strip() == text and "\n" not in text and "Traceback" not in text and text.endswith(".") and len(text) > 10
    )
