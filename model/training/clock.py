"""Training by wall clock: minutes spent over all sittings of a run, and a stop that loses nothing."""

import signal
import time
from types import FrameType


class Clock:
    """Counts training minutes, those before a resume included, and hears Ctrl+C and SIGTERM between steps."""

    def __init__(self, minutes_before: float, maximum_minutes: float) -> None:
        self.minutes_before, self.maximum_minutes = minutes_before, maximum_minutes
        self.started = time.monotonic()
        self.stop_asked = False
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._ask_to_stop)

    def _ask_to_stop(self, signum: int, frame: FrameType | None) -> None:
        self.stop_asked = True

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
