"""Windows open where, and as large as, they were left; the place of each kind is remembered."""

import re
import tkinter as tk

from app.remembered import remembered
from app.theme import px

PLACES = "::speak_out_places"
# Tk's "720x440+10+-5", and the scale
PLACE = re.compile(r"(\d{2,5})x(\d{2,5})\+(-?\d{1,5})\+(-?\d{1,5})@([1-4]\.?\d*)")
SMALLEST = 600, 330  # that a window can be made, where the screen is not smaller still
STEP = 28  # so that a window does not hide another of its kind


def is_place(text: object) -> bool:
    return isinstance(text, str) and PLACE.fullmatch(text) is not None


def put_in_place(
    window: tk.Tk | tk.Toplevel, kind: str, width: float, height: float, menu: float = 0
) -> tuple[int, int]:
    """Where the last of its kind was, else of that size, in pixels of a 96 dpi screen; returns the size it has.

    menu: the height of its menu bar, which comes on top
    """
    last = PLACE.fullmatch(remembered(window, PLACES).get(kind, ""))
    if last:
        width, height = (int(pixels) / float(last[5]) for pixels in last.groups()[:2])
    across, down = fitting(window, width, height, menu)
    where = ""
    if last:
        step = px(window, STEP) * _others_of_its_kind(window)
        x = _within(int(last[3]) + step, across, window.winfo_vrootx(), window.winfo_vrootwidth())
        y = _within(int(last[4]) + step, down, window.winfo_vrooty(), window.winfo_vrootheight())
        where = f"+{x}+{y}"
    window.geometry(f"{across}x{down}{where}")
    window.minsize(min(across, px(window, SMALLEST[0])), min(down, px(window, SMALLEST[1])))
    _follow(window, kind, "" if (across, down) == (px(window, width), px(window, height)) else f"{across}x{down}")
    return across, down


def fitting(window: tk.Misc, width: float, height: float, menu: float = 0) -> tuple[int, int]:
    """A size in pixels of a 96 dpi screen, in those of this one, as far as it goes."""
    return (
        min(px(window, width), window.winfo_screenwidth() - 20),
        min(px(window, height), window.winfo_screenheight() - 40 - px(window, menu)),
    )


def _within(start: int, length: int, screen_start: int, screen_length: int) -> int:
    """The screen may have been another one."""
    return max(min(start, screen_start + screen_length - length), screen_start)


def _others_of_its_kind(window: tk.Misc) -> int:
    siblings = window.master.winfo_children() if window.master else []
    return sum(type(sibling) is type(window) for sibling in siblings if sibling is not window)


def _follow(window: tk.Tk | tk.Toplevel, kind: str, forced: str) -> None:
    """By a tag of its own: what is bound to a window is bound to all that is in it.

    forced: the size that a small screen forced upon it, which is nobody's wish
    """
    tag = f"Place.{kind}"
    window.bindtags((tag, *window.bindtags()))
    keep = f"set {PLACES}({kind}) [wm geometry %W]@$::speak_out_scale"
    window.tk.eval(f"bind {tag} <Configure> {{if {{![string match {{{forced}+*}} [wm geometry %W]]}} {{{keep}}}}}")
