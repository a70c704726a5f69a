"""Adds weight sets on a thread, one at a time, and tells how far it is until it is cancelled, refused or done."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

from app.background import Background
from app.exporter import reason
from app.progress_row import ProgressRow
from model.errors import PlainError

Progress = Callable[[str, float], object]


class Cancelled(Exception):
    """Leaves the work before its next step."""


class Adding:
    def __init__(self, background: Background) -> None:
        self._background = background
        self._numbers = itertools.count()
        self._rows: dict[int, ProgressRow] = {}  # only touched on the Tk thread

    def start(self, work: Callable[[Progress], str], row: ProgressRow, added: Callable[[str], object]) -> None:
        """`work` reports to what it is given and returns the name of the set, which `added` then gets."""
        if self._rows:
            row.end("Another weight set is being added; wait until that is done.", "Error.TLabel")
            return
        number, cancelled, background = next(self._numbers), threading.Event(), self._background
        self._rows[number] = row
        tell = self._tell  # a thread holds no widgets

        def progress(what: str, share: float) -> None:
            if cancelled.is_set():
                raise Cancelled
            background.post(tell, number, what, share)

        def done(name: str) -> None:
            self._end(number, "")
            added(name)

        row.bind("<<Cancel>>", lambda _: cancelled.set())
        row.bind("<Destroy>", lambda _: cancelled.set())
        row.show("", 0.0)
        background.run(lambda: work(progress), done, lambda error: self._end(number, _sentence(error)))

    def _tell(self, number: int, what: str, share: float) -> None:
        row = self._rows.get(number)
        if row is not None and row.winfo_exists():
            row.show(what, share)

    def _end(self, number: int, sentence: str) -> None:
        row = self._rows.pop(number)
        if row.winfo_exists():
            row.end(sentence, "Error.TLabel")


def _sentence(error: Exception) -> str:
    if isinstance(error, Cancelled):
        return "Cancelled: nothing was added."
    if isinstance(error, PlainError):
        return str(error)
    place = f" ({error.filename})" if isinstance(error, OSError) and error.filename else ""
    return f"The weight set could not be added: {reason(error)}{place}."
