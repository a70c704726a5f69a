"""A recording to look at: its waveform, and how loud it is while it is made."""

import tkinter as tk
from tkinter import ttk

from app.level_meter import LevelMeter
from app.recording import Recording
from app.theme import px
from app.waveform import Waveform


class RecordingView(ttk.Frame):
    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, style="Card.TFrame", padding=px(parent, 8))
        self.seconds = 0.0
        """Length of what is shown."""
        self.waveform = Waveform(self)
        self.waveform.pack(side="left", fill="both", expand=True)
        self.meter = LevelMeter(self)
        self.meter.pack(side="left", fill="y", padx=(px(self, 8), 0))

    def show(self, recording: Recording) -> None:
        self.seconds = recording.seconds
        self.meter.show(0.0)
        self.waveform.clear()
        self.waveform.show(recording.levels)

    def add(self, level: float) -> None:
        self.meter.show(level)
        self.waveform.add(level)

    def show_played(self, seconds: float) -> None:
        self.waveform.show_played(min(seconds / self.seconds, 1.0) if self.seconds else 1.0)
