"""Record a description, see that it is heard, choose who listens, and show the text."""

import math
import tkinter as tk
from collections.abc import Mapping
from tkinter import ttk

from app import theme
from app.keys import add_mnemonic
from app.level_meter import LevelMeter
from app.panel_heading import PanelHeading, wrapped_label
from app.theme import px

ENGINE_NAMES = {"google": "Google", "sphinx": "PocketSphinx"}
WHERE_IT_GOES = {
    "google": "Google: your recording is sent to Google over https. If Google cannot be reached, "
    "PocketSphinx hears it on this computer.",
    "sphinx": "PocketSphinx: nothing leaves this computer.",
}


LONGEST_SECONDS = 60
COUNT_DOWN_SECONDS = 10


class SpeechPanel(ttk.Frame):
    """Emits <<Start>>, <<Stop>>, <<Show>>, <<EngineChosen>> and <<Back>>."""

    def __init__(self, parent: tk.Misc, engines: Mapping[str, str], engine: str) -> None:
        super().__init__(parent, padding=px(parent, 24))
        self._engine = tk.StringVar(self, engine if engine in engines else next(iter(engines)))
        gap = px(self, 12)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        PanelHeading(self, "Say it").grid(sticky="w", pady=(0, gap))
        self.meter = LevelMeter(self)
        self.meter.grid(sticky="nsew", pady=gap)
        self._add_controls().grid(sticky="ew", pady=gap)
        self._add_engines(engines).grid(sticky="w")
        self.privacy = wrapped_label(self)
        self.privacy.grid(sticky="ew")
        self._working = ttk.Progressbar(self, mode="indeterminate")
        self._working.grid(sticky="ew")
        self._working.grid_remove()
        self.status = wrapped_label(self)
        self.status.grid(sticky="ew", pady=(gap, 0))
        self._explain_engine()
        self.show_idle()

    @property
    def engine(self) -> str:
        return self._engine.get()

    @property
    def believes_recording(self) -> bool:
        return not self.stop.instate(["disabled"])

    def focus_default(self) -> None:
        next(button for button in (self.show, self.start, self.stop) if not button.instate(["disabled"])).focus_set()

    def show_idle(self) -> None:
        self._clear_meter()
        self._set("Press Start and say, for example: “a small red bird with white wings and a short beak”.")
        self._enable(self.start)

    def show_waiting(self, sentence: str) -> None:
        self._set(sentence)
        self._enable()
        self._working.grid()
        self._working.start(15)

    def show_recording(self) -> None:
        self._clear_meter()
        self._set("Listening …")
        self._enable(self.stop)

    def show_level(self, seconds: float, level: float) -> None:
        self.time.configure(text=f"{int(seconds) // 60}:{seconds % 60:04.1f}")
        self.meter.add(level)
        left = math.ceil(LONGEST_SECONDS - seconds)
        if seconds and left <= COUNT_DOWN_SECONDS:
            self.status.configure(
                text=f"Listening … {left} more seconds." if left != 1 else "Listening … 1 more second."
            )

    def show_recorded(self, sentence: str = "Recorded. Press Show to see it as text.") -> None:
        self._set(sentence)
        self._enable(self.show, self.start)

    def show_failure(self, sentence: str, recorded: bool) -> None:
        """What went wrong; a recording that exists can be shown again."""
        self._set(sentence, "Error.TLabel")
        self._enable(*([self.show] if recorded else []), self.start)

    def _clear_meter(self) -> None:
        self.meter.clear()
        self.show_level(0.0, 0.0)

    def _set(self, sentence: str, style: str = "Muted.TLabel") -> None:
        self._working.stop()
        self._working.grid_remove()
        self.status.configure(text=sentence, style=style)

    def _enable(self, *buttons: ttk.Button) -> None:
        had_focus = self.focus_get() in (self.start, self.stop, self.show)
        for button in (self.start, self.stop, self.show):
            button.state(["!disabled" if button in buttons else "disabled"])
            button.configure(style="Accent.TButton" if button in buttons[:1] else "TButton")
        if buttons and (had_focus or self.focus_get() is self):
            buttons[0].focus_set()
        elif had_focus:
            self.focus_set()

    def _add_controls(self) -> ttk.Frame:
        row = ttk.Frame(self)
        self.start = self._button(row, "Start", "s", "<<Start>>")
        self.stop = self._button(row, "Stop", "o", "<<Stop>>")
        self.show = self._button(row, "Show", "w", "<<Show>>")
        self.time = ttk.Label(row, text="0:00.0", font=theme.SUBTITLE)
        self.time.pack(side="right")
        return row

    def _button(self, row: ttk.Frame, text: str, letter: str, event: str) -> ttk.Button:
        button = ttk.Button(row, text=text, width=10, command=lambda: self.event_generate(event))
        button.pack(side="left", padx=(0, px(self, 8)))
        add_mnemonic(button, letter)
        return button

    def _add_engines(self, engines: Mapping[str, str]) -> ttk.Frame:
        row = ttk.Frame(self)
        ttk.Label(row, text="Who listens:").pack(side="left", anchor="n", padx=(0, px(self, 8)), pady=px(self, 4))
        self.engines: dict[str, ttk.Radiobutton] = {}
        for key, label in engines.items():
            choice = ttk.Radiobutton(row, text=label, value=key, variable=self._engine, command=self._choose_engine)
            choice.pack(anchor="w")
            self.engines[key] = choice
        return row

    def _choose_engine(self) -> None:
        self._explain_engine()
        self.event_generate("<<EngineChosen>>")

    def _explain_engine(self) -> None:
        self.privacy.configure(text=WHERE_IT_GOES.get(self.engine, "This engine works on this computer."))
