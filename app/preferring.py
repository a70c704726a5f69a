"""Opens the preferences, keeps what is chosen there, and has it done."""

import tkinter as tk
from collections.abc import Callable

from app.background import Background
from app.only_window import find_window, lift_window
from app.preferences import Preferences
from app.settings import Settings
from app.speech import Speech


class Preferring:
    """Emits <<DeviceChosen>> on the root; `choose_theme` gets the theme."""

    def __init__(
        self,
        root: tk.Tk,
        background: Background,
        settings: Settings,
        remember: Callable[..., object],
        choose_theme: Callable[[str], object],
        speech: Speech,
    ) -> None:
        self._root, self._background, self._settings, self._remember = root, background, settings, remember
        self._choose_theme, self._speech = choose_theme, speech

    def open(self) -> Preferences:
        return lift_window(self._root, Preferences) or self._open()

    def _open(self) -> Preferences:
        window = Preferences(self._root, self._settings)
        self._speech.connect_choices(window.panel, window.speaking)
        for event, action in {
            "<<ThemeChosen>>": lambda: self._choose_theme(window.theme.key),
            "<<ScaleChosen>>": lambda: self._remember(scale=window.scale),
            "<<DeviceChosen>>": lambda: self._choose_device(window.device.key),
            "<<GoogleMayHear>>": lambda: self._remember(google_may_hear=window.google_may_hear),
        }.items():
            window.bind(event, lambda _, action=action: action())  # type: ignore[misc]
        self._list_devices(window)
        return window

    def show_theme(self) -> None:
        """It was chosen elsewhere."""
        window = find_window(self._root, Preferences)
        if window is not None:
            window.theme.choose(self._settings.theme)

    def _choose_device(self, name: str) -> None:
        if name != self._settings.device:
            self._remember(device=name)
            self._root.event_generate("<<DeviceChosen>>")

    def _list_devices(self, window: Preferences) -> None:
        def work() -> list[str]:
            from model.pipeline import available_devices  # imports torch: seconds, so never on the Tk thread

            return available_devices()

        def offer(names: list[str]) -> None:
            if window.winfo_exists():
                window.offer_devices(names)

        self._background.run(work, offer, lambda _: None)
