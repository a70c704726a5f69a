"""Slow work runs on threads; what it gives back reaches the Tk thread through one queue.

Widgets never travel to a thread, not even inside a callback: Tk objects may only die on the Tk thread. For
the same reason garbage is collected there and nowhere else.
"""

import gc
import itertools
import tkinter as tk
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
POLL_MILLISECONDS = 20


class Background:
    """Everything that other threads want done on the Tk thread passes through `post`."""

    def __init__(self, root: tk.Tk) -> None:
        self._root = root
        self._queue: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._threads = ThreadPoolExecutor(thread_name_prefix="background")
        self._keeper = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keeper")
        self._numbers = itertools.count()
        self._waiting: dict[int, tuple[Callable[[Any], object], Callable[[Exception], object]]] = {}
        self._closed = False
        root.after(POLL_MILLISECONDS, self._poll)
        gc.disable()

    def post(self, callback: Callable[..., object], *arguments: Any) -> None:
        self._queue.put(partial(callback, *arguments))

    def run(self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], object]) -> None:
        """Do `work` on a thread, then `done` or `failed` on the Tk thread."""
        self._submit(self._threads, work, done, failed)

    def keep(self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], object]) -> None:
        """The same for what changes files that last: one after the other, and to its end when the app closes."""
        self._submit(self._keeper, work, done, failed)

    def settle(self) -> None:
        """What was imported by now stays for good: a collection that visits all of torch takes 0.2 s."""
        gc.freeze()

    def close(self) -> None:
        """Nothing is delivered any more: called before the widgets go."""
        self._closed = True

    def join(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._keeper.shutdown(wait=True)
        gc.enable()

    def _submit(
        self,
        threads: ThreadPoolExecutor,
        work: Callable[[], T],
        done: Callable[[T], object],
        failed: Callable[[Exception], object],
    ) -> None:
        number = next(self._numbers)
        self._waiting[number] = done, failed
        threads.submit(self._work, number, work)

    def _work(self, number: int, work: Callable[[], object]) -> None:
        try:
            outcome = work()
        except Exception as error:
            self.post(self._fail, number, error)
        else:
            self.post(self._succeed, number, outcome)

    def _succeed(self, number: int, outcome: object) -> None:
        self._waiting.pop(number)[0](outcome)

    def _fail(self, number: int, error: Exception) -> None:
        self._waiting.pop(number)[1](error)

    def _poll(self) -> None:
        try:
            while not self._closed:
                self._queue.get_nowait()()
        except Empty:
            _collect_garbage()
        finally:
            if not self._closed:
                self._root.after(POLL_MILLISECONDS, self._poll)


def _collect_garbage() -> None:
    """What Python would do by itself, on whichever thread it happened to be."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return
