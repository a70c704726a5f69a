"""All samples of a description as small pictures, a grid that fills as they are painted; one of them is chosen."""

import tkinter as tk
from dataclasses import dataclass
from tkinter import ttk

from PIL import Image, ImageTk

from app import theme
from app.keys import has_focus
from app.theme import px

ROWS = 4
SMALLEST_SIDE, LARGEST_SIDE = 60, 110
SCROLLED_COLUMNS = 2
BORDER = 8  # around each picture, both sides together
STEPS = {"<Left>": -1, "<Right>": 1, "<Up>": None, "<Down>": None}


@dataclass(frozen=True)
class GridShape:
    side: int
    """Of a picture, in pixels of the screen."""
    across: int
    width: int


class SampleGrid(ttk.Frame):
    """Emits <<SampleChosen>> when one is pressed or reached with the arrow keys: `chosen` tells which."""

    def __init__(self, parent: tk.Misc, samples: int, shape: GridShape) -> None:
        super().__init__(parent)
        self.chosen = 0
        self._side, self._across = shape.side, shape.across
        self._photos: dict[int, ImageTk.PhotoImage] = {}
        self._waiting: dict[int, Image.Image] = {}
        self.buttons = [self._add(sample) for sample in range(samples)]
        self._draw_empty()
        self.bind("<<ThemeChanged>>", lambda _: self._draw_empty())
        self._mark()

    def show(self, sample: int, picture: Image.Image) -> None:
        """Drawn soon, one at a time, so that many at once do not hold up the window."""
        if not self._waiting:
            self.after(1, self._draw_next)
        self._waiting[sample] = picture

    def choose(self, sample: int) -> None:
        if 0 <= sample < len(self.buttons) and sample != self.chosen:
            self.chosen = sample
            self._mark()
            if has_focus(self, *self.buttons):
                self.buttons[sample].focus_set()
            self.event_generate("<<SampleChosen>>")

    def _add(self, sample: int) -> ttk.Button:
        button = ttk.Button(self, style="Picture.TButton", cursor="hand2", compound="center")
        button.configure(command=lambda: self._press(sample))
        row, column = divmod(sample, self._across)
        button.grid(row=row, column=column)
        button.bind("<FocusIn>", lambda _: self.choose(sample))
        for key, steps in STEPS.items():
            further = steps or self._across * (1 if key == "<Down>" else -1)
            button.bind(key, lambda _, further=further: self._go_to(sample + further))  # type: ignore[misc]
        return button

    def _press(self, sample: int) -> None:
        self.buttons[sample].focus_set()
        self.choose(sample)

    def _go_to(self, sample: int) -> None:
        if 0 <= sample < len(self.buttons):
            self.buttons[sample].focus_set()

    def _mark(self) -> None:
        for sample, button in enumerate(self.buttons):
            chosen = sample == self.chosen
            button.state(["selected" if chosen else "!selected"])
            button.configure(takefocus=chosen)  # Tab stops once; the arrow keys go on from there

    def _draw_empty(self) -> None:
        empty = Image.new("RGB", (self._side, self._side), theme.colour(self, "faint"))
        self._empty = ImageTk.PhotoImage(empty, master=self)
        for sample, button in enumerate(self.buttons):
            if sample not in self._photos:
                button.configure(image=self._empty, text=str(sample + 1))

    def _draw_next(self) -> None:
        sample = next(iter(self._waiting))
        picture = self._waiting.pop(sample)
        sized = picture.resize((self._side, self._side), Image.Resampling.BICUBIC, reducing_gap=2)
        photo = ImageTk.PhotoImage(sized, master=self)
        self.buttons[sample].configure(image=photo, text="")
        self._photos[sample] = photo
        if self._waiting:
            self.after(1, self._draw_next)


def fitting_shape(widget: tk.Misc, samples: int, height: int) -> GridShape:
    """All rows stand in the height; where the pictures would be too small for that, fewer columns scroll."""
    border, smallest, across = px(widget, BORDER), px(widget, SMALLEST_SIDE), -(-samples // ROWS)
    side = min(px(widget, LARGEST_SIDE), height // min(samples, ROWS) - border)
    if side < smallest:
        side, across = smallest, min(across, SCROLLED_COLUMNS)
    return GridShape(side, across, across * (side + border))
