"""What the app remembers, to be changed: every choice counts at once."""

import tkinter as tk
from collections.abc import Iterable
from tkinter import ttk

from app import theme
from app.choice import Choice
from app.keys import add_mnemonic
from app.panel_heading import wrapped_label
from app.settings import DEVICES, THEMES, Settings
from app.speech_choices import SpeechChoices
from app.theme import px
from app.window_places import fitting

SCALES = {"": "Automatic", **{str(percent / 100): f"{percent} %" for percent in (100, 125, 150, 175, 200)}}
LATER = "Another size shows when the program starts again."


class Preferences(tk.Toplevel):
    """Emits <<ThemeChosen>>, <<ScaleChosen>>, <<DeviceChosen>> and <<GoogleMayHear>>; the speech choices on `panel`."""

    def __init__(self, parent: tk.Misc, settings: Settings) -> None:
        super().__init__(parent)
        self.title("Preferences")
        self.transient(parent.winfo_toplevel())
        self.resizable(False, False)
        self.columnconfigure(0, weight=1, minsize=fitting(self, 560, 0)[0])
        self.panel = ttk.Frame(self, padding=px(self, 18))
        self.panel.grid(sticky="nsew")
        self.panel.columnconfigure(0, weight=1)
        self._settings = settings
        self._add_look().grid(sticky="ew")
        self._add_speaking().grid(sticky="ew")
        close = ttk.Button(self.panel, text="Close", command=self.destroy)
        close.grid(sticky="e", pady=(px(self, 16), 0))
        add_mnemonic(close, "c")
        self.bind("<Escape>", lambda _: self.destroy())
        self.theme.box.focus_set()

    @property
    def scale(self) -> float | None:
        return float(self._scale.key) if self._scale.key else None

    @property
    def google_may_hear(self) -> bool:
        return self._google.instate(["selected"])

    def offer_devices(self, names: Iterable[str]) -> None:
        """And the one that was chosen, should it not be there now."""
        offered = {"auto", self._settings.device, *names}
        self.device.offer({key: DEVICES[key] for key in DEVICES if key in offered}, self._settings.device)

    def say(self, sentence: str) -> None:
        self.status.configure(text=sentence)

    def _add_look(self) -> ttk.Frame:
        frame = self._section("Looks and painting")
        self.theme = self._choice(frame, 0, "Theme", "<<ThemeChosen>>")
        self.theme.offer(THEMES, self._settings.theme)
        self._scale = self._choice(frame, 1, "Size", "<<ScaleChosen>>")
        chosen = "" if self._settings.scale is None else str(float(self._settings.scale))
        self._scale.offer(SCALES | {chosen: SCALES.get(chosen, f"{float(chosen or 1):.0%}")}, chosen)
        self.device = self._choice(frame, 2, "Paints on", "<<DeviceChosen>>")
        self.offer_devices(())
        self.status = wrapped_label(frame)
        self.status.configure(text=LATER)
        self.status.grid(row=2, column=0, columnspan=3, sticky="ew", pady=(px(self, 6), 0))
        return frame

    def _add_speaking(self) -> ttk.Frame:
        frame = self._section("Speaking")
        self.speaking = SpeechChoices(self.panel)
        self.speaking.grid(in_=frame, row=1, column=0, columnspan=3, sticky="ew")
        self._google = ttk.Checkbutton(
            frame,
            text="My recordings may be sent to Google",
            style="Switch.TCheckbutton",
            command=lambda: self.event_generate("<<GoogleMayHear>>"),
        )
        self._google.state(["!alternate", "selected" if self._settings.google_may_hear else "!selected"])
        self._google.grid(row=2, column=0, columnspan=3, sticky="w", pady=(px(self, 8), 0))
        return frame

    def _section(self, title: str) -> ttk.Frame:
        frame = ttk.Frame(self.panel)
        for column in range(3):
            frame.columnconfigure(column, weight=1, uniform="choice")
        ttk.Label(frame, text=title, font=theme.STRONG).grid(
            row=0, column=0, columnspan=3, sticky="w", pady=(px(self, 8), px(self, 4))
        )
        return frame

    def _choice(self, frame: ttk.Frame, column: int, title: str, event: str) -> Choice:
        choice = Choice(frame, title, lambda: self.event_generate(event))
        choice.grid(row=1, column=column, sticky="ew", padx=(0, px(self, 12) if column < 2 else 0))
        return choice
