"""The colours that a map glows in, with the numbers that they stand for."""

import tkinter as tk
from tkinter import ttk

from PIL import Image, ImageTk

from app.theme import CAPTION, px

HEIGHT = 14


class PaletteBar(ttk.Frame):
    def __init__(self, parent: tk.Misc, width: int) -> None:
        super().__init__(parent)
        self._width = width
        self._photo: ImageTk.PhotoImage | None = None
        self._bar = ttk.Label(self)
        self._bar.grid(columnspan=2, sticky="w")
        self.low, self.high = (ttk.Label(self, font=CAPTION, style="Muted.TLabel") for _ in range(2))
        self.low.grid(row=1, column=0, sticky="w")
        self.high.grid(row=1, column=1, sticky="e")
        self.columnconfigure((0, 1), weight=1)

    def show(self, palette: str, low: float, high: float) -> None:
        """low, high: the map's smallest and largest value, 0..1."""
        from model.pipeline import palette_colours

        strip = Image.fromarray(palette_colours(palette)[None]).resize((self._width, px(self, HEIGHT)))
        photo = ImageTk.PhotoImage(strip, master=self)
        self._bar.configure(image=photo)
        self._photo = photo
        self.low.configure(text=f"{low:.1%}")
        self.high.configure(text=f"{high:.1%}")

    def clear(self) -> None:
        self._bar.configure(image="")
        self.low.configure(text="")
        self.high.configure(text="")
