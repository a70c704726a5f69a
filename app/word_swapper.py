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
        self._instead: str | None = None
        self._word = tk.StringVar(self)
        self.label = ttk.Label(self)
        self.label.pack(side="left", padx=px(self, 8))
        self.choice = ttk.Combobox(self, width=12, textvariable=self._word)
        self.choice.bind("<<ComboboxSelected>>", lambda _: self.event_generate("<<Swap>>"))
        self.entry = ttk.Entry(self, width=14, textvariable=self._word)
        for field in (self.choice, self.entry):
            for key in RETURN_KEYS:
                field.bind(key, lambda _: self._swap_written())
        self.offer("")

    @property
    def word(self) -> str:
        return self._word.get().strip()

    def offer(self, word: str) -> None:
        """Offer what can be said for `word`: a list for one that has a kind, else a field; nothing for an empty one."""
        if word == self._instead:
            return
        self._instead = word
        self._word.set("")
        if not word and self.focus_get() in (self.choice, self.entry):
            self.winfo_toplevel().focus_set()  # or keys would go on to a field that nobody sees
        others = others_of_its_kind(word)
        self.choice.configure(values=others)
        self.choice.pack_forget()
        self.entry.pack_forget()
        if word:
            (self.choice if others else self.entry).pack(side="left")
        self.label.configure(text=f"Instead of “{word}”:" if word else "Press a word to change it.")

    def _swap_written(self) -> None:
        if self._instead and self.word and self.word != self._instead:
            self.event_generate("<<Swap>>")
