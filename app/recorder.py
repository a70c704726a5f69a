"""The microphone: what is said goes into a WAV file, block by block."""

from __future__ import annotations

from array import array
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from app.recording import RecordingError, level_of, read_wav, resampled, wav_writer, write_wav
from app.sound_devices import (
    BLOCK_FRAMES,
    SAMPLE_RATE,
    SoundDeviceError,
    formats_to_try,
    in_peace,
    microphone,
    open_sound_system,
)

GONE = "The microphone is gone; what it recorded is kept."


class Recorder:
    """Records a microphone into one WAV file: 16 kHz, mono, 16 bit.

    The file is a whole WAV after every block, so a crash loses at most the last fifteenth of a second.
    A microphone that vanishes ends the recording; `stop` still returns what was said before.
    """

    def __init__(self, path: Path) -> None:
        """Prepare to write `path`; nothing is opened before `start`."""
        self.path = path
        self.seconds = 0.0
        """Length of what was recorded so far."""
        self.level = 0.0
        """Peak of the last block, 0 for -60 dBFS or less, 1 for full scale."""
        self.trouble = ""
        """Why the recording ended by itself: a sentence, once it has."""
        self._stream: Any = None
        self._opened = ExitStack()

    @property
    def recording(self) -> bool:
        """Whether sound is coming in: false before `start`, after `stop`, and once the microphone is gone."""
        stream = self._stream  # another thread may be closing it just now
        with suppress(OSError):
            return stream is not None and bool(stream.is_active())
        return False

    def start(self, name: str = "") -> str:
        """Begin a new recording over whatever `path` held; returns the name of the microphone.

        The system's default microphone is used when there is none called `name`. Raises SoundDeviceError when
        there is no PyAudio, no microphone or it cannot be opened, RecordingError when the file cannot be written.
        """
        self.close()
        self.seconds = 0.0
        self.trouble = ""
        with ExitStack() as opened, in_peace():
            audio = open_sound_system()
            opened.callback(audio.terminate)
            device = microphone(audio, name)
            for rate, channels in formats_to_try(device):
                try:
                    stream = self._open(opened, audio, device["index"], rate, channels)
                except OSError:
                    continue
                self._stream = stream
                self._opened = opened.pop_all()
                return str(device["name"])
            raise SoundDeviceError("The microphone could not be opened; another program may be using it.")

    def stop(self) -> Path:
        """Finish the WAV file and return where it is.

        Raises RecordingError when nothing at all was recorded.
        """
        if self._stream is not None and not self.recording:
            self.trouble = self.trouble or GONE
        self.close()
        if not self.seconds:
            no_sound = "Nothing was recorded; the microphone gave no sound."
            raise RecordingError(no_sound if self.trouble in ("", GONE) else self.trouble)
        with suppress(OSError, RecordingError):
            self._convert()
        return self.path

    def close(self) -> None:
        """Let go of microphone and file, at any time and as often as wanted; what was recorded stays."""
        self._stream = None
        with in_peace(), suppress(OSError):
            self._opened.close()
        self.level = 0.0

    def _open(self, opened: ExitStack, audio: Any, index: int, rate: int, channels: int) -> Any:
        import pyaudio

        def write(data: bytes, frames: int, _time: object, _status: int) -> tuple[None, int]:
            try:
                file.writeframes(data)
            except OSError as error:
                self.trouble = f"The recording cannot be written to {self.path}: {error.strerror}."
                return None, pyaudio.paAbort
            self.seconds += frames / rate
            samples = array("h", data)
            self.level = level_of(max(max(samples), -min(samples)) / 32768)
            return None, pyaudio.paContinue

        stream = audio.open(
            rate,
            channels,
            pyaudio.paInt16,
            input=True,
            input_device_index=index,
            frames_per_buffer=BLOCK_FRAMES * rate // SAMPLE_RATE,
            stream_callback=write,
            start=False,
        )
        with ExitStack() as stack:
            stack.callback(stream.close)
            file = stack.enter_context(wav_writer(self.path, rate, channels))
            stack.callback(stream.stop_stream)
            stream.start_stream()
            opened.push(stack.pop_all())
        return stream

    def _convert(self) -> None:
        """Hardware that insisted on its own format left a file in it."""
        import wave

        with wave.open(str(self.path), "rb") as file:
            as_wanted = (file.getframerate(), file.getnchannels()) == (SAMPLE_RATE, 1)
        if not as_wanted:
            samples, rate = read_wav(self.path)
            write_wav(self.path, resampled(samples, rate, SAMPLE_RATE), SAMPLE_RATE)
