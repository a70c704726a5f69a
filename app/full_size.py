"""One picture, as large as it is or enlarged by whole steps, in a window of its own."""

import tkinter as tk
from tkinter import ttk

from PIL import Image, ImageTk

from app.keys import RETURN_KEYS
from app.theme import px


class FullSize(tk.Toplevel):
    def __init__(self, parent: tk.Misc, picture: Image.Image, sentence: str) -> None:
        super().__init__(parent)
        self.title(sentence)
        self.resizable(False, False)
        times = max(self._room() // picture.width, 1)
        side = min(picture.width * times, self._room())
        self._photo = ImageTk.PhotoImage(picture.resize((side, side), Image.Resampling.NEAREST), master=self)
        label = ttk.Label(self, image=self._photo)
        label.pack(padx=px(self, 16), pady=px(self, 16))
        ttk.Label(self, text=sentence, style="Muted.TLabel", wraplength=side).pack(pady=(0, px(self, 16)))
        for event in ("<Escape>", "<space>", "<Button-1>", *RETURN_KEYS):
            self.bind(event, lambda _: self.destroy())
        self.focus_set()

    def _room(self) -> int:
        """512 pixels of a 96 dpi screen, less where the screen is too low for that."""
        return min(px(self, 512), self.winfo_screenheight() - px(self, 120))
