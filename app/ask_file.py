"""File dialogs: they start where the last one of their purpose ended, and may be open when the program is closed."""

import os
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs

from app.remembered import remember, remembered

FOLDERS = "::speak_out_folders"
PICTURES, SOUNDS, WEIGHTS = "pictures", "sounds", "weights"


def ask_file(purpose: str, dialog: Callable[..., Any], parent: tk.Misc, **options: Any) -> str:
    """What one of tkinter's file dialogs answers; nothing when it was cancelled, or its window went away under it."""
    usual = [platformdirs.user_pictures_dir()] if purpose == PICTURES else []
    places = [remembered(parent, FOLDERS).get(purpose, ""), *usual, str(Path.home())]
    start = next(filter(os.path.isdir, places), "")
    try:
        wanted: str = dialog(parent=parent, initialdir=start, **options) or ""
    except tk.TclError:
        return ""
    if wanted:
        goes_into = options.get("mustexist") is False
        remember(parent, FOLDERS, {purpose: wanted if goes_into else os.path.dirname(wanted)})
    return wanted
