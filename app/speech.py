"""Speaking: connects what the speech panel emits with the dictation that does it."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from tkinter import filedialog
from typing import TYPE_CHECKING

from app.ask_file import SOUNDS, ask_file
from app.background import Background
from app.dictation import Dictation
from app.engines import ENGINES, GOOGLE, SPHINX, available_engines
from app.recording import LONGEST_SECONDS, Recording
from app.settings import Settings
from app.sound_file import KINDS
from app.speech_choices import SpeechChoices
from app.speech_panel import RECORDED, SpeechPanel

if TYPE_CHECKING:
    from app.transcriber import Transcript

FOLLOW_MILLISECONDS = 50
KEPT = f"Recorded. {RECORDED}"
TIME_IS_UP = f"{LONGEST_SECONDS} seconds are the most; press Show to see what you said as text."


class Speech:
    """`heard` gets a text while the panel is shown, and what to say about who heard it."""

    def __init__(
        self,
        root: tk.Tk,
        background: Background,
        settings: Settings,
        remember: Callable[..., object],
        back: Callable[[], object],
        heard: Callable[[Transcript, str], object],
    ) -> None:
        self._root, self._settings, self._remember = root, settings, remember
        self._back, self._heard = back, heard
        self._is_painted = False
        self._choices: list[SpeechChoices] = []
        self.dictation = Dictation(background)

    @cached_property
    def panel(self) -> SpeechPanel:
        panel = SpeechPanel(self._root)
        self.connect_choices(panel, panel.choices)
        self._connect(panel)
        if self.dictation.has_recording:
            panel.show_recorded("Your last recording is still here: show it, or start a new one.")
            self.dictation.look(panel.show_sound, self._fail)
        wanted = self._settings.engine
        if self._engine != wanted:
            gone = ENGINES[wanted].name if wanted in ENGINES else wanted
            panel.say(f"{gone} is not installed any more, so PocketSphinx listens.")
        return panel

    def connect_choices(self, panel: tk.Misc, choices: SpeechChoices) -> None:
        """`panel` is where the choices emit; wherever there are some, they say the same."""
        self._offer(choices)
        self._choices.append(choices)
        for event, action in {
            "<<MicrophonesWanted>>": lambda: self._list_microphones(choices),
            "<<MicrophoneChosen>>": lambda: self._choose(choices, microphone=choices.microphone.key),
            "<<LanguageChosen>>": lambda: self._choose(choices, language=choices.language.key),
            "<<EngineChosen>>": lambda: self._choose(choices, engine=choices.engine.key),
        }.items():
            panel.bind(event, lambda _, action=action: action())  # type: ignore[misc]

    def list_microphones(self) -> None:
        self._list_microphones(self.panel.choices)

    def painted(self) -> bytes:
        """The recording of the description that is painted now; nothing where that was not spoken."""
        self._is_painted = self.dictation.transcribed
        return self.dictation.recorded() if self._is_painted else b""

    def set_aside(self) -> None:
        """The description that comes now was not spoken; the recording stays for another time."""
        self.dictation.transcribed = False

    def forget(self) -> None:
        """What was said is kept with its bird, so nobody needs it here any more."""
        if self._is_painted and self.dictation.transcribed:
            self._is_painted = False
            self.dictation.forget()
            self.panel.show_idle()

    def close(self) -> None:
        self.dictation.close()

    @property
    def _engine(self) -> str:
        """Never Google in the place of an engine that sends nothing."""
        return self._settings.engine if self._settings.engine in available_engines() else SPHINX

    def _offer(self, choices: SpeechChoices) -> None:
        settings = self._settings
        choices.offer(available_engines(), self._engine, settings.language, settings.microphone)

    def _list_microphones(self, choices: SpeechChoices) -> None:
        def offer(names: list[str]) -> None:
            if choices.winfo_exists():
                choices.offer_microphones(names, self._settings.microphone)

        self.dictation.list_microphones(offer)

    def _choose(self, choices: SpeechChoices, **chosen: str) -> None:
        self._remember(**chosen)
        self._choices = [each for each in self._choices if each.winfo_exists()]
        for other in self._choices:
            if other is not choices:
                self._offer(other)
        if "engine" in chosen and "panel" in self.__dict__ and self.panel.asks:
            self.panel.show_recorded(RECORDED)

    def _connect(self, panel: SpeechPanel) -> None:
        for event, action in {
            "<<Start>>": self._start,
            "<<Stop>>": self._stop,
            "<<Play>>": self._play,
            "<<Show>>": self._show,
            "<<Open>>": self._open,
            "<<Back>>": self._back,
            "<<Left>>": self._leave,
            "<<SendToGoogle>>": self._send_to_google,
            "<<ListenHere>>": self._listen_here,
        }.items():
            panel.bind(event, lambda _, action=action: action())  # type: ignore[misc]

    def _start(self) -> None:
        wanted = self.panel.choices.microphone.key

        def started(name: str) -> None:
            if not self.panel.winfo_ismapped():
                self._stop_recording()
                return
            missing = wanted and name != wanted
            note = f"“{wanted}” is not there, so the default microphone listens." if missing else "Listening …"
            self.panel.show_recording(note)
            self._follow_recording()

        self.panel.show_waiting("Opening the microphone …")
        self.dictation.start(wanted, started, self._fail)

    def _follow_recording(self) -> None:
        if self.dictation.recording and self.dictation.seconds < LONGEST_SECONDS:
            self.panel.show_level(self.dictation.seconds, self.dictation.level)
            self._root.after(FOLLOW_MILLISECONDS, self._follow_recording)
        elif self.panel.believes_recording:
            time_is_up = self.dictation.seconds >= LONGEST_SECONDS
            self._stop_recording(TIME_IS_UP if time_is_up else KEPT)

    def _stop(self) -> None:
        if self.panel.believes_playing:
            self._stop_playing()
        else:
            self._stop_recording()

    def _stop_recording(self, sentence: str = KEPT) -> None:
        def stopped(recording: Recording) -> None:
            self.panel.show_sound(recording)
            if self.dictation.trouble:
                self.panel.show_failure(self.dictation.trouble, recorded=True)
            else:
                self.panel.show_recorded(sentence)

        self.dictation.stop(stopped, self._fail)
        self.panel.show_waiting("Keeping the recording …")

    def _play(self) -> None:
        def started() -> None:
            self.panel.show_playing(0.0)
            self._follow_playing()

        self.panel.show_waiting("Opening the loudspeaker …")
        self.dictation.play(started, self._fail)

    def _follow_playing(self) -> None:
        if self.dictation.playing and self.panel.winfo_ismapped():
            self.panel.show_playing(self.dictation.played_seconds)
            self._root.after(FOLLOW_MILLISECONDS, self._follow_playing)
        elif self.panel.believes_playing:
            self._stop_playing()

    def _stop_playing(self) -> None:
        self.panel.show_waiting("")
        self.dictation.stop_playing(lambda: self.panel.show_recorded(RECORDED))

    def _open(self) -> None:
        chosen = ask_file(
            SOUNDS,
            filedialog.askopenfilename,
            parent=self.panel,
            title="Open a sound file",
            filetypes=[("Sound", KINDS), ("All files", "*")],
        )
        if chosen:
            self._take(Path(chosen))

    def _take(self, path: Path) -> None:
        def opened(recording: Recording) -> None:
            self.panel.show_sound(recording)
            self.panel.show_recorded(f"“{path.name}” is open. {RECORDED}")

        self.panel.show_waiting(f"Opening “{path.name}” …")
        self.dictation.open(path, opened, self._fail)

    def _show(self) -> None:
        if self.panel.choices.engine.key == GOOGLE and not self._settings.google_may_hear:
            self.panel.ask_about_google()
        else:
            self._transcribe()

    def _send_to_google(self) -> None:
        self._remember(google_may_hear=True)
        self._transcribe()

    def _listen_here(self) -> None:
        self.panel.choices.choose_engine(SPHINX)
        self._remember(engine=SPHINX)
        self._transcribe()

    def _transcribe(self) -> None:
        def show(transcript: Transcript) -> None:
            self.panel.show_recorded(RECORDED)
            if self.panel.winfo_ismapped():  # else a text that is being written is not to be replaced
                self.dictation.transcribed = True
                self._heard(transcript, f"Heard by {ENGINES[transcript.engine].name}. {transcript.note}")

        self.panel.show_waiting("Listening to your recording …")
        choices = self.panel.choices
        self.dictation.transcribe(choices.engine.key, choices.language.key, show, self._fail)

    def _fail(self, sentence: str) -> None:
        self.panel.show_failure(sentence, self.dictation.has_recording)

    def _leave(self) -> None:
        if self.panel.believes_recording or self.panel.believes_playing:
            self._stop()
