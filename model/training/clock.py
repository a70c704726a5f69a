"""Training by wall clock: minutes spent over all sittings of a run, and a stop that loses nothing."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType


class Clock:
    """Counts training minutes, those before a resume included.

    Within its `with`, the first Ctrl+C or SIGTERM is heard between steps; a second one acts at once.
    """

    def __init__(self, minutes_before: float, maximum_minutes: float) -> None:
        self.minutes_before, self.maximum_minutes = minutes_before, maximum_minutes
        self.started = time.monotonic()
        self.stop_asked = False

    def __enter__(self) -> "Clock":
        self._handlers = {name: signal.signal(name, self._ask_to_stop) for name in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._restore_handlers()

    def _restore_handlers(self) -> None:
        for name, handler in self._handlers.items():
            signal.signal(name, handler)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """What happens in this `with` is not counted."""
        stopped = time.monotonic()
        try:
            yield
        finally:
            self.started += time.monotonic() - stopped

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """The first Ctrl+C acts at once in this `with`, too, which is not counted either."""
        heard = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with self.paused():
                yield
        finally:
            signal.signal(signal.SIGINT, heard)

    def _ask_to_stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop_asked = True
        self._restore_handlers()

    @property
    def minutes(self) -> float:
        """Minutes trained so far."""
        return self.minutes_before + (time.monotonic() - self.started) / 60

    @property
    def fraction(self) -> float:
        """How much of the time is over, 0..1."""
        return min(1.0, self.minutes / self.maximum_minutes)

    @property
    def over(self) -> bool:
        """True when time is up or somebody asked to stop."""
        return self.stop_asked or self.minutes >= self.maximum_minutes
