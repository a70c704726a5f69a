"""The words that a place of a picture, or a whole picture, was painted from: a bar for each, most first."""

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.theme import STRONG, colour, px

ROWS = 8
BAR_HEIGHT = 8


class WordRanking(ttk.Frame):
    """As many words as there is room for, none of them cut."""

    def __init__(self, parent: tk.Misc, width: int) -> None:
        super().__init__(parent)
        self.heading = ttk.Label(self, font=STRONG, wraplength=width)
        self.heading.pack(fill="x", pady=(0, px(self, 8)))
        self._rows = [_Row(self) for _ in range(ROWS)]
        self._ranked: Sequence[tuple[str, float]] = ()
        self.bind("<Configure>", lambda _: self._fill())

    @property
    def words(self) -> list[str]:
        """Those that can be seen."""
        return [word for (word, _), row in zip(self._ranked, self._rows, strict=False) if row.winfo_manager()]

    def show(self, heading: str, ranked: Sequence[tuple[str, float]]) -> None:
        """ranked: words with their share of the attention, 0..1, most first."""
        self.heading.configure(text=heading)
        self._ranked = ranked
        self._fill()

    def _fill(self) -> None:
        room = self.winfo_height() - self.heading.winfo_reqheight() - px(self, 8)
        fitting = room // max(self._rows[0].winfo_reqheight(), 1)
        for number, row in enumerate(self._rows):
            if number < min(len(self._ranked), fitting):
                word, share = self._ranked[number]
                row.show(word, share, share / self._ranked[0][1])
                row.pack(fill="x")
            else:
                row.pack_forget()


class _Row(ttk.Frame):
    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self._word, self._share = ttk.Label(self), ttk.Label(self, style="Muted.TLabel")
        self._word.grid(row=0, column=0, sticky="w")
        self._share.grid(row=0, column=1, sticky="e")
        track = ttk.Frame(self, height=px(self, BAR_HEIGHT))
        track.grid(columnspan=2, sticky="ew", pady=(0, px(self, 6)))
        self._bar = tk.Frame(track)

    def show(self, word: str, share: float, length: float) -> None:
        """length: of the bar, 0..1"""
        self._word.configure(text=word)
        self._share.configure(text=f"{share:.1%}")
        self._bar.configure(background=colour(self, "accent"))
        self._bar.place(relwidth=max(length, 0.01), relheight=1)
