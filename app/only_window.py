"""Windows of which there is one at a time: it is brought back to the front where it is open already."""

import tkinter as tk
from typing import TypeVar

W = TypeVar("W", bound=tk.Toplevel)


def find_window(parent: tk.Misc, kind: type[W]) -> W | None:
    """The one that is open."""
    return next((child for child in parent.winfo_children() if isinstance(child, kind)), None)


def lift_window(parent: tk.Misc, kind: type[W]) -> W | None:
    """The same, before all others, and with the focus where it was in it, or where it is to begin."""
    window = find_window(parent, kind)
    if window is not None:
        last, opening = window.focus_lastfor(), window.state() == "normal" and not window.winfo_viewable()
        window.deiconify()
        window.lift()
        if not opening:  # one that is just opening takes the focus where it was told to
            ((last if last is not window else window.tk_focusNext()) or window).focus_set()
    return window
