"""Light, dark, or whatever the desktop is, also when that changes."""

import math
import time
import tkinter as tk
from collections.abc import Callable

from app import theme
from app.background import Background
from app.settings import Settings
from app.system_theme import system_theme

SECONDS_BETWEEN_LOOKS = 2.0


def last_known_theme(settings: Settings) -> str:
    """To be shown at once: a desktop takes its time to say what it is, and some never do."""
    return settings.desktop if settings.theme == "system" else settings.theme


class ThemeChoice:
    """Looks at the desktop at the start, and when a window of the app gets the focus: its user may come from there."""

    def __init__(
        self, root: tk.Tk, background: Background, settings: Settings, remember: Callable[..., object]
    ) -> None:
        self._root, self._background, self._settings, self._remember = root, background, settings, remember
        self._looked = -math.inf
        root.bind_all("<FocusIn>", lambda _: self._look(), add=True)
        self._look()

    def show(self) -> None:
        """What was chosen."""
        theme.use(self._root, last_known_theme(self._settings))
        self._looked = -math.inf
        self._look()

    def _look(self) -> None:
        if self._settings.theme == "system" and time.monotonic() > self._looked + SECONDS_BETWEEN_LOOKS:
            self._looked = time.monotonic()
            self._background.run(system_theme, self._follow, lambda _: None)

    def _follow(self, desktop: str) -> None:
        if desktop != self._settings.desktop:
            self._remember(desktop=desktop)
            if self._settings.theme == "system":
                theme.use(self._root, desktop)
