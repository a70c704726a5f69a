"""A kept bird as a small picture with its description, to be selected, opened or deleted."""

import tkinter as tk
from datetime import datetime
from tkinter import font, ttk

from PIL import Image, ImageTk

from app.kept_bird import KeptBird
from app.shortened import shortened
from app.theme import CAPTION, px

THUMBNAIL = 152
LINES = 2  # of the description


class BirdTile(ttk.Button):
    """Emits <<Select>>, <<Open>> and <<Delete>>. A press of the mouse selects, a double one or Return opens."""

    def __init__(self, parent: tk.Misc, kept: KeptBird) -> None:
        super().__init__(parent, style="Picture.TButton", compound="top", cursor="hand2")
        self.kept = kept
        self.sample = 0
        """Whose picture is shown."""
        self.asked = False
        """Whether its picture is on the way."""
        self._side = px(self, THUMBNAIL)
        self._photo = ImageTk.PhotoImage(Image.new("RGBA", (self._side, self._side)), master=self)
        self.configure(image=self._photo, text=self._text(), command=lambda: self.event_generate("<<Open>>"))
        self.bind("<FocusIn>", lambda _: self.event_generate("<<Select>>"))
        self.bind("<Button-1>", lambda _: self._take_focus())
        self.bind("<Double-Button-1>", lambda _: self._open())
        self.bind("<Delete>", lambda _: self.event_generate("<<Delete>>"))

    def show(self, picture: Image.Image) -> None:
        self._photo = ImageTk.PhotoImage(picture, master=self)
        self.configure(image=self._photo)

    def mark(self, selected: bool) -> None:
        self.state(["selected" if selected else "!selected"])

    def _take_focus(self) -> str:
        self.focus_set()
        return "break"

    def _open(self) -> str:
        self.event_generate("<<Open>>")
        return "break"

    def _text(self) -> str:
        lines = _wrapped(self.kept.bird.caption, font.nametofont(CAPTION, self), self._side)
        return "\n".join([*lines, *[""] * (LINES - len(lines)), day_and_time(self.kept.painted_at)])


def day_and_time(moment: datetime) -> str:
    """In the time of where the reader is: `23 Nov 2026, 15:30`."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def _wrapped(text: str, letters: font.Font, width: int) -> list[str]:
    """At most two lines; the rest is three dots."""
    lines, words = [""], text.split()
    for number, word in enumerate(words):
        longer = f"{lines[-1]} {word}".strip()
        if letters.measure(longer) <= width:
            lines[-1] = longer
        elif len(lines) < LINES and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {' '.join(words[number:])}".strip()
            break
    return [shortened(line, width, letters.measure) for line in lines]
