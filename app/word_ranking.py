"""The words that a place of a picture, or a whole picture, was painted from: a bar for each, most first."""

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from app.theme import STRONG, colour, px

ROWS = 8
BAR_HEIGHT = 8


class WordRanking(ttk.Frame):
    def __init__(self, parent: tk.Misc, width: int) -> None:
        super().__init__(parent, width=width)
        self.columnconfigure(0, weight=1, minsize=width)
        self.heading = ttk.Label(self, font=STRONG, wraplength=width)
        self.heading.grid(columnspan=2, sticky="ew", pady=(0, px(self, 8)))
        self.rows = [self._add_row() for _ in range(ROWS)]
        self.words: list[str] = []

    def show(self, heading: str, ranked: Sequence[tuple[str, float]]) -> None:
        """ranked: words with their share of the attention, 0..1, most first; those beyond the rows are left out."""
        self.heading.configure(text=heading)
        self.words = [word for word, _ in ranked[:ROWS]]
        most = ranked[0][1] if ranked else 1.0
        for number, (word, share, bar) in enumerate(self.rows):
            there = number < len(ranked)
            word.configure(text=ranked[number][0] if there else "")
            share.configure(text=f"{ranked[number][1]:.1%}" if there else "")
            bar.configure(background=colour(self, "accent"))
            if there:
                bar.place(relwidth=max(ranked[number][1] / most, 0.01), relheight=1)
            else:
                bar.place_forget()

    def _add_row(self) -> tuple[ttk.Label, ttk.Label, tk.Frame]:
        word, share = ttk.Label(self), ttk.Label(self, style="Muted.TLabel")
        word.grid(column=0, sticky="w")
        share.grid(column=1, row=word.grid_info()["row"], sticky="e")
        track = ttk.Frame(self, height=px(self, BAR_HEIGHT))
        track.grid(columnspan=2, sticky="ew", pady=(0, px(self, 6)))
        return word, share, tk.Frame(track)
