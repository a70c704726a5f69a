"""One stage of one sample: its picture, and beside it the maps of the five words it attended to most."""

import math
import tkinter as tk
from tkinter import font, ttk

from PIL import Image, ImageTk

from app.full_size import FullSize
from app.pictures import TOP_WORDS, PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.theme import CAPTION, px

MAP_SIDE = 56
MAP_COLUMNS = 2


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
        self._empty.grid(sticky="n", padx=px(self, 2), pady=px(self, 2))
        self._maps = ttk.Frame(self)
        self._maps.grid(row=0, column=1, sticky="n")

    def keep_room_for_maps(self) -> None:
        """So that nothing moves when they come."""
        rows = math.ceil(TOP_WORDS / MAP_COLUMNS)
        word_height = font.nametofont(CAPTION, self).metrics("linespace")
        self.columnconfigure(1, minsize=maps_width(self))
        self.rowconfigure(0, minsize=rows * (px(self, MAP_SIDE + 8) + word_height))

    def show(self, painted: PaintedStage, sample: int) -> None:
        self._empty.destroy()
        size = f"{self._size} × {self._size} pixels"
        self._add_picture(painted.pictures[sample], self._side, "", size, self).grid(row=0, column=0, sticky="n")
        for number, attention in enumerate(painted.attention[sample]):
            sentence = f"“{attention.word}”, {attention.weight:.0%} of the attention at {size}"
            word = self._shortened(attention.word)
            row, column = divmod(number, MAP_COLUMNS)
            picture = self._add_picture(attention.image, self._map_side, word, sentence, self._maps)
            picture.grid(row=row, column=column)

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
    """What the maps of a cell need beside its picture."""
    return MAP_COLUMNS * px(widget, MAP_SIDE + 4)
