"""Pictures beside each other at their true relative size, standing on one line; tells where one is pointed at."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image, ImageTk

from app.theme import CAPTION, colour, px

GAP = 10
LABEL_HEIGHT = 38  # of two lines


class Place(NamedTuple):
    """A place of picture number `picture`; x and y from its upper left corner, 0..1."""

    picture: int
    x: float
    y: float


class StageCanvas(tk.Canvas):
    """Emits <<PlacePointed>> when the pointer moves over a picture or leaves it: `pointed` tells where."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, highlightthickness=0, takefocus=False, width=1, height=1)
        self.pointed: Place | None = None
        self.boxes: list[tuple[int, int, int]] = []
        """Left, top and side of each picture, in pixels of the canvas."""
        self._photos: list[ImageTk.PhotoImage] = []
        self.bind("<Motion>", lambda event: self._point(event.x, event.y))
        self.bind("<Leave>", lambda _: self._point(-1, -1))

    def show(self, pictures: Sequence[Image.Image], labels: Sequence[str]) -> None:
        """As large as they are where there is room, else all smaller by the same factor."""
        gap, label_height = px(self, GAP), px(self, LABEL_HEIGHT)
        sides = [picture.width for picture in pictures]
        width = self.winfo_width() - gap * (len(pictures) - 1)
        height = self.winfo_height() - label_height
        factor = max(min(width / sum(sides), height / max(sides), px(self, 100) / 100), 0.05)
        shown = [max(round(side * factor), 1) for side in sides]
        left = max((self.winfo_width() - sum(shown) - gap * (len(shown) - 1)) // 2, 0)
        floor = (self.winfo_height() - label_height + max(shown)) // 2
        self.delete("all")
        self.boxes, photos = [], []
        for picture, side, label in zip(pictures, shown, labels, strict=True):
            sized = picture if picture.width == side else picture.resize((side, side), Image.Resampling.BICUBIC)
            photos.append(ImageTk.PhotoImage(sized, master=self))
            top = floor - side
            self.create_image(left, top, image=photos[-1], anchor="nw")
            self._write(left, floor, side, label)
            self.boxes.append((left, top, side))
            left += side + gap
        self._photos = photos  # those of before may go only now that nothing shows them

    def _write(self, left: int, floor: int, side: int, label: str) -> None:
        text = self.create_text(
            left, floor + px(self, 4), text=label, anchor="nw", font=CAPTION, fill=colour(self, "muted")
        )
        box = self.bbox(text)
        size, _, seconds = label.partition("   ")
        short = size.partition(" ")[0]
        for shorter in (f"{size}\n{seconds}", f"{short}\n{seconds}", short):
            if box[2] - box[0] > side + px(self, GAP) // 2:
                self.itemconfigure(text, text=shorter)
                box = self.bbox(text)

    def _point(self, x: int, y: int) -> None:
        self.pointed = next(
            (
                Place(number, (x - left) / side, (y - top) / side)
                for number, (left, top, side) in enumerate(self.boxes)
                if 0 <= x - left < side and 0 <= y - top < side
            ),
            None,
        )
        self.event_generate("<<PlacePointed>>")
