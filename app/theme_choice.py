"""Light, dark, or whatever the desktop is, also when that changes."""

import time
import tkinter as tk

from app import theme
from app.background import Background
from app.system_theme import system_theme

SECONDS_BETWEEN_LOOKS = 2.0


class ThemeChoice:
    """Looks at the desktop again when a window of the app gets the focus: its user may come from there."""

    def __init__(self, root: tk.Tk, background: Background, chosen: str) -> None:
        self._root, self._background, self._chosen = root, background, chosen
        self._looked = time.monotonic()
        root.bind_all("<FocusIn>", lambda _: self._look_again(), add=True)

    def choose(self, name: str) -> None:
        self._chosen = name
        if name == "system":
            self._look()
        else:
            theme.use(self._root, name)

    def _look_again(self) -> None:
        if self._chosen == "system" and time.monotonic() > self._looked + SECONDS_BETWEEN_LOOKS:
            self._look()

    def _look(self) -> None:
        self._looked = time.monotonic()
        self._background.run(system_theme, self._follow, lambda _: None)

    def _follow(self, name: str) -> None:
        if self._chosen == "system" and name != theme.current(self._root):
            theme.use(self._root, name)
