"""From a voice to a text: one recording at a time; made, played and recognised off the Tk thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.background import Background
from app.player import Player
from app.recorder import Recorder
from app.recording import Recording, look_at
from app.settings import home
from app.sound_devices import microphone_names

if TYPE_CHECKING:
    from app.transcriber import Transcript

EMPTY_BYTES = 44  # of a WAV file without sound
Failed = Callable[[str], object]


class Dictation:
    """The WAV stays on disk until `forget`, so that a failed transcription loses nothing."""

    transcribed = False
    """Whether somebody has seen what the recording says; until then it is not to be forgotten."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._path = home() / "recording.wav"
        self._recorder = Recorder(self._path)
        self._player = Player()

    @property
    def recording(self) -> bool:
        return self._recorder.recording

    @property
    def seconds(self) -> float:
        return self._recorder.seconds

    @property
    def level(self) -> float:
        return self._recorder.level

    @property
    def trouble(self) -> str:
        return self._recorder.trouble

    @property
    def playing(self) -> bool:
        return self._player.playing

    @property
    def played_seconds(self) -> float:
        return self._player.seconds

    @property
    def has_recording(self) -> bool:
        with suppress(OSError):
            return self._path.stat().st_size > EMPTY_BYTES
        return False

    def list_microphones(self, done: Callable[[list[str]], object]) -> None:
        self._run(microphone_names, done, lambda _: done([]))

    def start(self, microphone: str, started: Callable[[str], object], failed: Failed) -> None:
        """`started` gets the name of the microphone that records: the default one where `microphone` is missing."""
        self.transcribed = False
        self._run(lambda: self._recorder.start(microphone), started, failed)
        self._background.run(_get_ready, _nothing, _nothing)

    def stop(self, stopped: Callable[[Recording], object], failed: Failed) -> None:
        def work() -> Recording:
            self._recorder.stop()
            return look_at(self._path)

        self._run(work, stopped, failed)

    def open(self, path: Path, opened: Callable[[Recording], object], failed: Failed) -> None:
        """Take a sound file for the recording."""

        def work() -> Recording:
            from app.sound_file import take_sound_file

            take_sound_file(path, self._path)
            return look_at(self._path)

        self.transcribed = False
        self._run(work, opened, failed)

    def look(self, seen: Callable[[Recording], object], failed: Failed) -> None:
        """At the recording that is there."""
        self._run(lambda: look_at(self._path), seen, failed)

    def play(self, started: Callable[[], object], failed: Failed) -> None:
        self._run(lambda: self._player.play(self._path), lambda _: started(), failed)

    def stop_playing(self, stopped: Callable[[], object]) -> None:
        self._run(self._player.close, lambda _: stopped(), lambda _: stopped())

    def transcribe(self, engine: str, language: str, done: Callable[[Transcript], object], failed: Failed) -> None:
        def work() -> Transcript:
            from app.transcriber import transcribe

            return transcribe(self._path, engine, language=language)

        self.transcribed = False
        self._run(work, done, failed)

    def recorded(self) -> bytes:
        """The WAV file as it is; nothing when it cannot be read."""
        with suppress(OSError):
            return self._path.read_bytes()
        return b""

    def forget(self) -> None:
        """A file that cannot be deleted is no reason to stop: the next recording replaces it."""
        self.transcribed = False
        with suppress(OSError):
            self._path.unlink()

    def close(self) -> None:
        self._recorder.close()
        self._player.close()

    def _run(self, work: Callable[[], object], done: Callable[..., object], failed: Failed) -> None:
        self._background.run(work, done, lambda error: failed(_plain_sentence(error)))


def _get_ready() -> None:
    """While somebody speaks there is time to load what will listen offline."""
    from app.bird_ears import get_ready

    get_ready()


def _nothing(_: object) -> None:
    """Whoever listens later tells what is missing."""


def _plain_sentence(error: Exception) -> str:
    """The recorder, the player and the transcriber speak in sentences; anything else is named."""
    text = str(error) or type(error).__name__
    return text if text.endswith((".", "!", "?")) else f"Listening did not work: {text}."
