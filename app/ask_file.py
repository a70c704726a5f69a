"""File dialogs that may be open when the program is closed."""

import tkinter as tk
from collections.abc import Callable
from typing import Any


def ask_file(dialog: Callable[..., Any], **options: Any) -> str:
    """What one of tkinter's file dialogs answers; nothing when it was cancelled, or its window went away under it."""
    try:
        return dialog(**options) or ""
    except tk.TclError:
        return ""
