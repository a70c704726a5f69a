"""One stage of one sample: its picture, and under it the maps of the five words it attended to most."""

import tkinter as tk
from tkinter import font, ttk

from PIL import Image, ImageTk

from app.full_size import FullSize
from app.pictures import TOP_WORDS, PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.theme import CAPTION, px

MAP_SIDE = 60


class StageCell(ttk.Frame):
    def __init__(self, parent: ScrolledFrame, size: int, side: int) -> None:
        super().__init__(parent.inside)
        self._scrolled = parent
        self._size = size
        self._side, self._map_side = side, px(self, MAP_SIDE)
        self._photos: list[ImageTk.PhotoImage] = []
        self.buttons: list[ttk.Button] = []
        self._empty = ttk.Frame(self, style="Card.TFrame", width=self._side, height=self._side)
        self._empty.pack_propagate(False)
        ttk.Label(self._empty, text=f"{size}", style="Muted.TLabel").pack(expand=True)
        self._empty.pack(anchor="w", padx=px(self, 2), pady=px(self, 2))

    def show(self, painted: PaintedStage, sample: int) -> None:
        self._empty.destroy()
        size = f"{self._size} × {self._size} pixels"
        self._add_picture(painted.pictures[sample], self._side, "", size, self).pack(anchor="w")
        maps = ttk.Frame(self)
        maps.pack(anchor="w")
        for attention in painted.attention[sample]:
            sentence = f"“{attention.word}”, {attention.weight:.0%} of the attention at {size}"
            word = self._shortened(attention.word)
            self._add_picture(attention.image, self._map_side, word, sentence, maps).pack(side="left")

    def _add_picture(self, picture: Image.Image, side: int, text: str, sentence: str, parent: ttk.Frame) -> ttk.Button:
        photo = ImageTk.PhotoImage(picture.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2), master=self)
        self._photos.append(photo)
        button = ttk.Button(
            parent,
            image=photo,
            text=text,
            compound="top" if text else "image",
            style="Picture.TButton",
            cursor="hand2",
            command=lambda: FullSize(self, picture, sentence),
        )
        self._scrolled.follow_focus(button)
        self.buttons.append(button)
        return button

    def _shortened(self, word: str) -> str:
        """As much of the word as fits under its map; the full-size window has all of it."""
        measure = font.nametofont(CAPTION, self).measure
        if measure(word) <= self._map_side:
            return word
        while word and measure(word + "…") > self._map_side:
            word = word[:-1]
        return word + "…"


def maps_width(widget: tk.Misc) -> int:
    """What a cell will need for its maps and their borders, so that nothing moves when they come."""
    return TOP_WORDS * px(widget, MAP_SIDE + 4) + px(widget, 4)
