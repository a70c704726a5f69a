"""The choice of another word in place of the one that is kept: of its kind, or any that is written here."""

import tkinter as tk
from tkinter import ttk

from app.keys import RETURN_KEYS
from app.theme import px
from app.word_kinds import others_of_its_kind


class WordSwapper(ttk.Frame):
    """Emits <<Swap>> when a word was chosen or written: `word` tells which."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._instead = ""
        self.label = ttk.Label(self)
        self.label.pack(side="left", padx=px(self, 8))
        self.choice = ttk.Combobox(self, width=12)
        self.choice.pack(side="left")
        self.choice.bind("<<ComboboxSelected>>", lambda _: self.event_generate("<<Swap>>"))
        for key in RETURN_KEYS:
            self.choice.bind(key, lambda _: self._swap_written())
        self.offer("")

    @property
    def word(self) -> str:
        return self.choice.get().strip()

    def offer(self, word: str) -> None:
        """Offer what can be said for `word`; nothing for an empty one."""
        if word == self._instead and word:
            return
        self._instead = word
        self.choice.set("")
        self.choice.configure(values=others_of_its_kind(word))
        self.choice.state(["!disabled" if word else "disabled"])
        self.label.configure(text=f"Instead of “{word}”:" if word else "Press a word to change it:")

    def _swap_written(self) -> None:
        if self.word and self.word != self._instead:
            self.event_generate("<<Swap>>")
