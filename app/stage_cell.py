"""One stage of one sample: its picture, and under it the maps of the five words it attended to most."""

import math
import tkinter as tk
from tkinter import font, ttk

from PIL import Image, ImageTk

from app.pictures import TOP_WORDS, PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.shortened import shortened
from app.theme import BODY, CAPTION, px

MAP_COLUMNS = 3


class StageCell(ttk.Frame):
    """Emits <<Explore>> when a picture is pressed."""

    pressed: int | None = None
    """The word's token where a map was pressed."""

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

    def clear(self) -> None:
        """There is no such stage of this sample yet."""
        for button in self.buttons:
            button.destroy()
        self.buttons, self._photos = [], []
        self._heading.configure(text=f"{self._size} × {self._size}")
        self._empty.grid()

    def show(self, painted: PaintedStage) -> None:
        """Of one sample; where another was shown, its buttons stay and with them the focus."""
        maps = painted.attention[0]
        if len(self.buttons) != 1 + len(maps):
            self.clear()
            self._empty.grid_remove()
            self._add_button(self).grid(row=1)
            for number in range(len(maps)):
                row, column = divmod(number, MAP_COLUMNS)
                self._add_button(self._maps).grid(row=row, column=column)
        letters = font.nametofont(CAPTION, self)
        self._heading.configure(text=self._told(f"{painted.stage.seconds:.1f} s"))
        photos = [self._put(self.buttons[0], painted.pictures[0], self._side, None)]
        for button, attention in zip(self.buttons[1:], maps, strict=True):
            photos.append(self._put(button, attention.image, self._map_side, attention.token))
            button.configure(text=shortened(attention.word, self._map_side, letters.measure), compound="top")
        self._photos = photos  # those of before may go only now that nothing shows them

    def _add_button(self, parent: ttk.Frame) -> ttk.Button:
        button = ttk.Button(parent, style="Picture.TButton", cursor="hand2")
        self._scrolled.follow_focus(button)
        self.buttons.append(button)
        return button

    def _put(self, button: ttk.Button, picture: Image.Image, side: int, token: int | None) -> ImageTk.PhotoImage:
        photo = ImageTk.PhotoImage(picture.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=2), master=self)
        button.configure(image=photo, command=lambda: self._explore(token))
        return photo

    def _told(self, seconds: str) -> str:
        """The size once where it does not fit twice."""
        whole = f"{self._size} × {self._size}   {seconds}"
        fits = font.nametofont(BODY, self).measure(whole) <= self._side
        return whole if fits else f"{self._size}   {seconds}"

    def _explore(self, token: int | None) -> None:
        self.pressed = token
        self.event_generate("<<Explore>>")


def maps_height(widget: tk.Misc, side: int) -> int:
    """What the maps need under a picture of this side, in pixels of the screen."""
    rows = math.ceil(TOP_WORDS / MAP_COLUMNS)
    word_height = font.nametofont(CAPTION, widget).metrics("linespace")
    return rows * (side // MAP_COLUMNS + px(widget, 4) + word_height)
