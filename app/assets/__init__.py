"""The pictures of the app, loaded at the size and in the colour a widget needs."""

import tkinter as tk
from functools import cache
from pathlib import Path

from PIL import Image, ImageColor, ImageTk


@cache
def load_picture(name: str, side: int, tint: str | None = None) -> Image.Image:
    """The picture `name` at side x side pixels; a tint recolours it and keeps its shape. Not to be changed."""
    with Image.open(Path(__file__).parent / f"{name}.png") as file:
        picture = file.convert("RGBA").resize((side, side), Image.Resampling.LANCZOS)
    if tint is None:
        return picture
    tinted = Image.new("RGBA", picture.size, ImageColor.getrgb(tint))
    tinted.putalpha(picture.getchannel("A"))
    return tinted


def load_photo(widget: tk.Misc, name: str, side: int, tint: str | None = None) -> ImageTk.PhotoImage:
    return ImageTk.PhotoImage(load_picture(name, side, tint), master=widget)
