"""A picture that is dropped on the first window is opened, where tkdnd can be loaded; elsewhere nothing happens."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path

COPY = "copy"  # tells the program that it was dragged from to keep its file


def accept_dropped_files(root: tk.Tk, opened: Callable[[Path], object]) -> None:
    """Calls `opened` with the first of the files that were dropped."""
    try:
        from tkinterdnd2 import DND_FILES, TkinterDnD

        TkinterDnD._require(root)  # there is no public name but one that makes a root of its own
    except (ImportError, RuntimeError, tk.TclError):
        return

    def take(paths: str) -> str:
        opened(Path(root.tk.splitlist(paths)[0]))
        return COPY

    root.tk.call("tkdnd::drop_target", "register", root, DND_FILES)
    for event in ("<<DropEnter>>", "<<DropPosition>>"):
        root.tk.call("bind", root, event, f"list {COPY}")
    root.tk.call("bind", root, "<<Drop>>", f"{root.register(take)} %D")
