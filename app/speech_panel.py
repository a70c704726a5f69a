"""Record a description, look at it and hear it, choose who listens, and show the text."""

import math
import tkinter as tk
from tkinter import ttk

from app.google_question import GoogleQuestion
from app.keys import add_mnemonic, has_focus
from app.panel_heading import PanelHeading, wrapped_label
from app.recording import LONGEST_SECONDS, Recording
from app.recording_view import RecordingView
from app.speech_buttons import SpeechButtons
from app.speech_choices import SpeechChoices
from app.theme import px

COUNT_DOWN_SECONDS = 10
EXAMPLE = "Press Start or the space bar and say, for example: “a small red bird with white wings”."
RECORDED = "Press Show or Return to see it as text."


class SpeechPanel(ttk.Frame):
    """Emits <<Open>>, <<Back>>, and what its buttons, its choices and its question emit."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, padding=px(parent, 24))
        gap = px(self, 10)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._add_heading().grid(sticky="ew", pady=(0, gap))
        self.sound = RecordingView(self)
        self.sound.grid(sticky="nsew")
        self.buttons = SpeechButtons(self)
        self.buttons.grid(sticky="ew", pady=gap)
        self._add_status().grid(row=3, sticky="ew")
        self.question = GoogleQuestion(self)
        self.question.grid(row=3, sticky="ew")
        self.choices = SpeechChoices(self)
        self.choices.grid(row=4, sticky="ew", pady=(gap, 0))
        self.show_idle()

    @property
    def believes_recording(self) -> bool:
        return self._doing == "recording"

    @property
    def believes_playing(self) -> bool:
        return self._doing == "playing"

    @property
    def asks(self) -> bool:
        return bool(self.question.winfo_manager())

    def focus_default(self) -> None:
        buttons = self.buttons
        wanted = (buttons.show, buttons.stop, buttons.start)
        default = next((button for button in wanted if button in buttons.enabled), self)
        (self.question.here if self.asks else default).focus_set()

    def show_idle(self) -> None:
        self.show_sound(Recording(0.0, ()))
        self.say(EXAMPLE)
        self._enable(self.buttons.start)

    def show_waiting(self, sentence: str) -> None:
        self.say(sentence)
        self._enable()
        self._working.grid()
        self._working.start(15)

    def show_recording(self, sentence: str) -> None:
        self.show_sound(Recording(0.0, ()))
        self.say(sentence)
        self._enable(self.buttons.stop, doing="recording")

    def show_level(self, seconds: float, level: float) -> None:
        self.buttons.show_time(seconds)
        self.sound.add(level)
        left = math.ceil(LONGEST_SECONDS - seconds)
        if left <= COUNT_DOWN_SECONDS:
            self.say(f"Listening … {left} more second{'s' if left != 1 else ''}.")

    def show_sound(self, recording: Recording) -> None:
        """The whole of a recording, or none at all."""
        self.sound.show(recording)
        self.buttons.show_time(recording.seconds)

    def show_recorded(self, sentence: str) -> None:
        self._show_played(self.sound.seconds)
        self.say(sentence)
        self._enable(self.buttons.show, self.buttons.start, self.buttons.play)

    def show_playing(self, seconds: float) -> None:
        self._show_played(seconds)
        if not self.believes_playing:
            self.say("Playing what was recorded …")
            self._enable(self.buttons.stop, doing="playing")

    def show_failure(self, sentence: str, recorded: bool) -> None:
        """What went wrong; a recording that exists can be shown again."""
        if recorded:
            self.show_recorded(sentence)
        else:
            self.show_idle()
        self.say(sentence, "Error.TLabel")

    def ask_about_google(self) -> None:
        self._enable(self.buttons.start, self.buttons.play)
        self.buttons.start.configure(style="TButton")
        self._status_row.grid_remove()
        self.choices.privacy.grid_remove()
        self.question.grid()
        self.question.here.focus_set()

    def say(self, sentence: str, style: str = "Muted.TLabel") -> None:
        self._working.stop()
        self._working.grid_remove()
        self.question.grid_remove()
        self._status_row.grid()
        self.choices.privacy.grid()
        self.status.configure(text=sentence, style=style)

    def _show_played(self, seconds: float) -> None:
        self.buttons.show_time(seconds)
        self.sound.show_played(seconds)

    def _enable(self, *buttons: ttk.Button, doing: str = "") -> None:
        self._doing = doing
        mine = (self, self.open, self.question.here, self.question.to_google, *self.buttons.all)
        had_focus = has_focus(self, *mine)
        self.buttons.enable(*buttons)
        at_rest = self.buttons.start in buttons
        self.open.state(["!disabled" if at_rest else "disabled"])
        self.choices.microphone.enable(at_rest)
        if had_focus:
            (buttons[0] if buttons else self).focus_set()

    def _add_heading(self) -> ttk.Frame:
        row = ttk.Frame(self)
        PanelHeading(self, "Say it").pack(in_=row, side="left")
        self.open = ttk.Button(row, text="Open a sound file …", command=lambda: self.event_generate("<<Open>>"))
        self.open.pack(side="right")
        add_mnemonic(self.open, "n")
        return row

    def _add_status(self) -> ttk.Frame:
        self._status_row = ttk.Frame(self)
        self._status_row.columnconfigure(1, weight=1)
        self._working = ttk.Progressbar(self._status_row, mode="indeterminate", length=px(self, 90))
        self._working.grid(row=0, column=0, padx=(0, px(self, 12)))
        self.status = wrapped_label(self._status_row)
        self.status.grid(row=0, column=1, sticky="ew")
        return self._status_row
