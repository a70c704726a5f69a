"""From a voice to a text: one recording at a time, made and recognised off the Tk thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from app.background import Background
from app.settings import home

if TYPE_CHECKING:
    from app.recorder import Recorder
    from app.transcriber import Transcript

Failed = Callable[[str], object]


class Dictation:
    """The WAV stays on disk until `forget`, so that a failed transcription loses nothing."""

    transcribed = False
    """Whether somebody has seen what the recording says; until then it is not to be forgotten."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._path = home() / "recording.wav"
        self._recorder: Recorder | None = None

    @property
    def recording(self) -> bool:
        return self._recorder is not None and self._recorder.recording

    @property
    def seconds(self) -> float:
        return self._recorder.seconds if self._recorder else 0.0

    @property
    def level(self) -> float:
        return self._recorder.level if self._recorder else 0.0

    @property
    def has_recording(self) -> bool:
        return self._path.exists()

    def start(self, started: Callable[[], object], failed: Failed) -> None:
        def work() -> None:
            from app.recorder import Recorder

            if self._recorder is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._recorder = Recorder(self._path)
            self._recorder.start()

        self.transcribed = False
        self._run(work, lambda _: started(), failed)

    def stop(self, stopped: Callable[[], object], failed: Failed) -> None:
        def work() -> None:
            if self._recorder is not None:
                self._recorder.stop()

        self._run(work, lambda _: stopped(), failed)

    def transcribe(self, engine: str, done: Callable[[Transcript], object], failed: Failed) -> None:
        def work() -> Transcript:
            from app.transcriber import transcribe

            return transcribe(self._path, engine)

        self.transcribed = False
        self._run(work, done, failed)

    def forget(self) -> None:
        """A file that cannot be deleted is no reason to stop: the next recording replaces it."""
        self.transcribed = False
        with suppress(OSError):
            self._path.unlink()

    def close(self) -> None:
        if self._recorder is not None:
            self._recorder.close()

    def _run(self, work: Callable[[], object], done: Callable[..., object], failed: Failed) -> None:
        self._background.run(work, done, lambda error: failed(_plain_sentence(error)))


def _plain_sentence(error: Exception) -> str:
    """The recorder and the transcriber speak in sentences; anything else is named."""
    text = str(error) or type(error).__name__
    return text if text.endswith((".", "!", "?")) else f"Listening did not work: {text}."
