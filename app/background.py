"""Slow work runs on threads; what it gives back reaches the Tk thread through one queue."""

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
        self._closed = False
        self._timer = root.after(POLL_MILLISECONDS, self._poll)

    def post(self, callback: Callable[..., object], *arguments: Any) -> None:
        self._queue.put(partial(callback, *arguments))

    def run(
        self, work: Callable[[], T], done: Callable[[T], object], failed: Callable[[Exception], object]
    ) -> None:
        def job() -> None:
            try:
                outcome = work()
            except Exception as error:
                self.post(failed, error)
            else:
                self.post(done, outcome)

        self._threads.submit(job)

    def stop_polling(self) -> None:
        """Nothing is delivered any more: called before the widgets go."""
        self._closed = True
        self._root.after_cancel(self._timer)

    def join(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _poll(self) -> None:
        try:
            while not self._closed:
                self._queue.get_nowait()()
        except Empty:
            pass
        finally:
            if not self._closed:
                self._timer = self._root.after(POLL_MILLISECONDS, self._poll)
