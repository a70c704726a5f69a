"""What a recording looks like: the last moments while it is made, all of it afterwards, and how far it is played."""

import tkinter as tk
from collections import deque
from collections.abc import Sequence
from itertools import pairwise

from app.theme import colour, px

BAR_PIXELS = 5  # from one bar to the next
MOST_BARS = 512


class Waveform(tk.Canvas):
    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, height=px(parent, 30), width=px(parent, 320), highlightthickness=0, takefocus=False)
        self._live: deque[float] = deque(maxlen=MOST_BARS)
        self._whole: tuple[float, ...] = ()
        self._played = 1.0
        self._bars: list[int] = []
        self._fills: list[str] = []
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _: self._start_anew())

    @property
    def levels(self) -> list[float]:
        """Of each bar, from left to right: 0 for silence, 1 for as loud as can be."""
        count = len(self._bars)  # none before the widget has a size
        if self._whole and count:
            return _as_many(self._whole, count)
        live = list(self._live)[-count:]
        return [0.0] * (count - len(live)) + live if count else []

    def clear(self) -> None:
        self._live.clear()
        self.show(())

    def add(self, level: float) -> None:
        """One more moment of a recording that is being made."""
        self._live.append(level)
        self._draw()

    def show(self, levels: tuple[float, ...]) -> None:
        """A whole recording."""
        self._whole, self._played = levels, 1.0
        self._draw()

    def show_played(self, share: float) -> None:
        """Only this share of it, from the left, is in full colour."""
        self._played = share
        self._draw()

    def _start_anew(self) -> None:
        self.delete("all")
        pitch = px(self, BAR_PIXELS)
        count = min(max(self.winfo_width() // pitch, 1), MOST_BARS)
        self._bars = [self.create_line(0, 0, 0, 0, width=pitch * 0.6, capstyle="round") for _ in range(count)]
        self._fills = [""] * count
        self._draw()

    def _draw(self) -> None:
        count, middle = len(self._bars), self.winfo_height() / 2
        faint, muted, accent = (colour(self, name) for name in ("faint", "muted", "accent"))
        for number, level in enumerate(self.levels):
            x = (number + 0.5) * self.winfo_width() / count
            half = max(_height(level) * (middle - px(self, 3)), 0.5)
            self.coords(self._bars[number], x, middle - half, x, middle + half)
            fill = faint if level <= 0 else accent if (number + 0.5) / count <= self._played else muted
            if self._fills[number] != fill:
                self._fills[number] = fill
                self.itemconfigure(self._bars[number], fill=fill)


def _height(level: float) -> float:
    """Decibels make the room's noise look as tall as a voice; the square root of the peak looks as it sounds."""
    return float(10 ** (1.5 * (min(level, 1.0) - 1))) if level > 0 else 0.0


def _as_many(levels: Sequence[float], count: int) -> list[float]:
    """So many bars for all moments: the loudest moment of each, or one moment for several bars."""
    edges = [number * len(levels) // count for number in range(count + 1)]
    return [max(levels[first : max(last, first + 1)]) for first, last in pairwise(edges)]
