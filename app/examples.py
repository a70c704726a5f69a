"""Descriptions to begin with: each a button that hands its sentence over."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app import theme
from app.fitting_row import FittingRow
from app.theme import px

SENTENCES = (  # of birds that there are, which the shipped weights paint best
    "a green bird with a red throat",
    "a small yellow bird",
    "a grey bird with a short beak",
    "a brown bird with a white belly",
    "a bird with a red belly and a grey back",
)


class Examples(ttk.Frame):
    def __init__(self, parent: tk.Misc, chosen: Callable[[str], object]) -> None:
        super().__init__(parent)
        ttk.Label(self, text="For example", font=theme.STRONG).pack(anchor="w", pady=(0, px(self, 4)))
        row = FittingRow(self, px(self, 8))
        row.pack(fill="x")
        self.buttons = [
            ttk.Button(row, text=sentence, command=lambda sentence=sentence: chosen(sentence))  # type: ignore[misc]
            for sentence in SENTENCES
        ]
        row.show(self.buttons)
