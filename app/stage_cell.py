"""One stage of one sample: its picture, and under it the maps of the five words it attended to most."""

import math
import tkinter as tk
from tkinter import font, ttk

from PIL import Image, ImageTk

from app.pictures import TOP_WORDS, PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.theme import CAPTION, px

MAP_COLUMNS = 2


class StageCell(ttk.Frame):
    """Emits <<Explore>> when a picture is pressed; `pressed` tells which sample and word."""

    pressed: tuple[int, int | None] = 0, None
    """The sample, and the word's token where a map was pressed."""

    def __init__(self, parent: ttk.Frame, scrolled: ScrolledFrame, size: int, side: int) -> None:
        super().__init__(parent)
        self._scrolled = scrolled
        self._size = size
        self._side, self._map_side = side, side // MAP_COLUMNS - px(self, 4)
        self._photos: list[ImageTk.PhotoImage] = []
        self.buttons: list[ttk.Button] = []
        self._heading = ttk.Label(self, text=f"{size} × {size}", style="Muted.TLabel")
        self._heading.grid(sticky="w", padx=px(self, 2))
        self._empty = ttk.Frame(self, style="Card.TFrame", width=side, height=side)
        self._empty.grid(padx=px(self, 2), pady=px(self, 2))
        self._maps = ttk.Frame(self)
        self._maps.grid(row=2, sticky="nw")

    def keep_room_for_maps(self) -> None:
        """So that nothing moves when they come."""
        self.rowconfigure(2, minsize=maps_height(self, self._side))

    def show(self, painted: PaintedStage, sample: int) -> None:
        self._empty.destroy()
        size = f"{self._size} × {self._size}"
        self._heading.configure(text=f"{size}   {painted.stage.seconds:.1f} s")
        self._add_picture(painted.pictures[sample], self._side, "", (sample, None), self).grid(row=1)
        for number, attention in enumerate(painted.attention[sample]):
            word = self._shortened(attention.word)
            row, column = divmod(number, MAP_COLUMNS)
            shown = sample, attention.token
            picture = self._add_picture(attention.image, self._map_side, word, shown, self._maps)
            picture.grid(row=row, column=column)

    def _add_picture(
        self, picture: Image.Image, side: int, text: str, shown: tuple[int, int | None], parent: ttk.Frame
    ) -> ttk.Button:
        photo = ImageTk.PhotoImage(picture.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2), master=self)
        self._photos.append(photo)
        button = ttk.Button(
            parent,
            image=photo,
            text=text,
            compound="top" if text else "image",
            style="Picture.TButton",
            cursor="hand2",
            command=lambda: self._explore(shown),
        )
        self._scrolled.follow_focus(button)
        self.buttons.append(button)
        return button

    def _explore(self, shown: tuple[int, int | None]) -> None:
        self.pressed = shown
        self.event_generate("<<Explore>>")

    def _shortened(self, word: str) -> str:
        """As much of the word as fits under its map; the explorer has all of it."""
        measure = font.nametofont(CAPTION, self).measure
        if measure(word) <= self._map_side:
            return word
        while word and measure(word + "…") > self._map_side:
            word = word[:-1]
        return word + "…"


def maps_height(widget: tk.Misc, side: int) -> int:
    """What the maps need under a picture of this side, in pixels of the screen."""
    rows = math.ceil(TOP_WORDS / MAP_COLUMNS)
    word_height = font.nametofont(CAPTION, widget).metrics("linespace")
    return rows * (side // MAP_COLUMNS + px(widget, 4) + word_height)
