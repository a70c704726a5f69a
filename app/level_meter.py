"""How loud it was during the last moments, as bars that wander from right to left."""

import tkinter as tk
from collections import deque

from app.theme import colour, px

BARS = 64


class LevelMeter(tk.Canvas):
    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, height=px(parent, 64), width=px(parent, 320), highlightthickness=0, takefocus=False)
        self._levels: deque[float] = deque([0.0] * BARS, BARS)
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _: self._draw())

    @property
    def level(self) -> float:
        return self._levels[-1]

    def clear(self) -> None:
        self._levels.extend([0.0] * BARS)
        self._draw()

    def add(self, level: float) -> None:
        self._levels.append(level)
        self._draw()

    def _draw(self) -> None:
        self.delete("all")
        width, height = self.winfo_width(), self.winfo_height()
        step, middle = width / BARS, height / 2
        for position, level in enumerate(self._levels):
            x = (position + 0.5) * step
            half = max(min(level, 1.0) * (middle - step), 0.5)
            fill = colour(self, "accent" if level > 0 else "faint")
            self.create_line(x, middle - half, x, middle + half, width=step * 0.55, capstyle="round", fill=fill)
