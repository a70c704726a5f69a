"""Start, Stop, Play and Show, how long the recording is, and the keys that do the same."""

import tkinter as tk
from tkinter import ttk

from app import theme
from app.keys import RETURN_KEYS, add_mnemonic
from app.theme import px


class SpeechButtons(ttk.Frame):
    """Emits <<Start>>, <<Stop>>, <<Play>> and <<Show>> on its panel.

    Space starts and stops and Return shows, unless the focus is on a button that is for something else.
    """

    def __init__(self, panel: ttk.Frame) -> None:
        super().__init__(panel)
        self._panel = panel
        self.start = self._button("Start", "s", "<<Start>>")
        self.stop = self._button("Stop", "o", "<<Stop>>")
        self.play = self._button("Play", "p", "<<Play>>")
        self.show = self._button("Show", "w", "<<Show>>")
        self.all = (self.start, self.stop, self.play, self.show)
        self.time = ttk.Label(self, font=theme.SUBTITLE)
        self.time.pack(side="right")
        window = self.winfo_toplevel()
        window.bind("<space>", lambda event: self._press(event, self.stop, self.start), add=True)
        self.show.bind("<space>", lambda _: self._start_again())
        for key in RETURN_KEYS:
            window.bind(key, lambda event: self._press(event, self.show), add=True)

    @property
    def enabled(self) -> list[ttk.Button]:
        return [button for button in self.all if not button.instate(["disabled"])]

    def enable(self, *buttons: ttk.Button) -> None:
        """The first of them is what one most likely wants next."""
        for button in self.all:
            button.state(["!disabled" if button in buttons else "disabled"])
            button.configure(style="Accent.TButton" if button in buttons[:1] else "TButton")
        self.start.configure(text="Start again" if self.play in buttons else "Start")

    def show_time(self, seconds: float) -> None:
        tenths = int(seconds * 10 + 0.5)
        self.time.configure(text=f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}")

    def _button(self, text: str, letter: str, event: str) -> ttk.Button:
        button = ttk.Button(self, text=text, width=10, command=lambda: self._panel.event_generate(event))
        button.pack(side="left", padx=(0, px(self, 8)))
        add_mnemonic(button, letter)
        return button

    def _press(self, event: "tk.Event[tk.Misc]", *buttons: ttk.Button) -> None:
        """The first that can be pressed."""
        if self.winfo_viewable() and not isinstance(event.widget, ttk.Button):
            for button in buttons:
                if button in self.enabled:
                    button.invoke()
                    return

    def _start_again(self) -> str:
        self.start.invoke()
        return "break"
