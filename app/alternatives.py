"""What a recogniser also thought it heard: a few texts, each a click away."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from app.theme import px


class Alternatives(ttk.Frame):
    """One button for each text; nothing at all where there is none."""

    def __init__(self, parent: tk.Misc, choose: Callable[[str], object]) -> None:
        super().__init__(parent)
        self._choose = choose
        self.buttons: list[ttk.Button] = []

    def show(self, texts: tuple[str, ...]) -> None:
        for child in self.winfo_children():
            child.destroy()
        self.buttons = []
        if not texts:
            self.grid_remove()
            return
        self.grid()
        for text in texts:
            button = ttk.Button(self, text=text, command=lambda text=text: self._choose(text))  # type: ignore[misc]
            button.pack(anchor="w", fill="x", pady=(px(self, 2), 0))
            self.buttons.append(button)
