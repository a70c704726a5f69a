"""What windows and dialogs leave to the next of their kind: arrays in the Tcl of the program, kept in the settings."""

import tkinter as tk


def remember(widget: tk.Misc, array: str, values: dict[str, str]) -> None:
    """Any widget of the program will do."""
    widget.tk.call("array", "set", array, [part for pair in values.items() for part in pair])


def remembered(widget: tk.Misc, array: str) -> dict[str, str]:
    found = list(map(str, widget.tk.splitlist(widget.tk.call("array", "get", array))))
    return dict(zip(found[::2], found[1::2], strict=True))
