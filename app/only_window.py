"""Windows of which there is one at a time: it is brought back to the front where it is open already."""

import tkinter as tk
from typing import TypeVar

W = TypeVar("W", bound=tk.Toplevel)


def find_window(parent: tk.Misc, kind: type[W]) -> W | None:
    """The one that is open."""
    return next((child for child in parent.winfo_children() if isinstance(child, kind)), None)


def lift_window(parent: tk.Misc, kind: type[W]) -> W | None:
    """The same, before all others, and with the focus where it was in it."""
    window = find_window(parent, kind)
    if window is not None:
        last = window.focus_lastfor()
        window.deiconify()
        window.lift()
        if last and last is not window:  # one that is just opening takes the focus where it was told to
            last.focus_set()
    return window
