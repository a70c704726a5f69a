"""The loudspeaker: plays a recording, so that one hears what the recogniser hears."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.recording import read_wav, resampled
from app.sound_devices import SoundDeviceError, formats_to_try, in_peace, open_sound_system

if TYPE_CHECKING:
    import numpy as np

NO_LOUDSPEAKER = "There is no loudspeaker, or another program is using it."
AFTERWARDS_SECONDS = 0.5  # of silence, because ALSA drops what it still holds when a stream ends
BLOCKS_A_SECOND = 8  # more would leave a busy computer too little time for each


class Player:
    """Plays through the system's default loudspeaker; lets go of it when closed."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """How much was played so far."""
        self._stream: Any = None
        self._opened = ExitStack()

    @property
    def playing(self) -> bool:
        """False before `play`, after `close`, at the end of the sound, and once the loudspeaker is gone."""
        stream = self._stream
        with suppress(OSError):
            return stream is not None and bool(stream.is_active())
        return False

    def play(self, path: Path) -> None:
        """Begin, and return at once; raises SoundDeviceError, and RecordingError when `path` cannot be read."""
        self.close()
        self.seconds = 0.0
        samples, own_rate = read_wav(path)
        with ExitStack() as opened, in_peace():
            audio = open_sound_system()
            opened.callback(audio.terminate)
            try:
                device = audio.get_default_output_device_info()
            except OSError:
                raise SoundDeviceError(NO_LOUDSPEAKER) from None
            for rate, channels in formats_to_try(device):
                try:
                    stream = self._open(opened, audio, resampled(samples, own_rate, rate), rate, channels)
                except OSError:
                    continue
                self._stream = stream
                self._opened = opened.pop_all()
                return
            raise SoundDeviceError(NO_LOUDSPEAKER)

    def close(self) -> None:
        """Silence, at any time and as often as wanted."""
        self._stream = None
        with in_peace(), suppress(OSError):
            self._opened.close()

    def _open(self, opened: ExitStack, audio: Any, samples: np.ndarray, rate: int, channels: int) -> Any:
        import pyaudio

        frame_bytes = 2 * channels
        sound = samples.round().clip(-32768, 32767).astype("<i2").repeat(channels).tobytes()
        sound += bytes(int(AFTERWARDS_SECONDS * rate) * frame_bytes)
        position = 0

        def next_block(_data: None, frames: int, _time: object, _status: int) -> tuple[bytes, int]:
            nonlocal position
            block = sound[position : position + frames * frame_bytes]
            position += len(block)
            self.seconds = min(position / frame_bytes, len(samples)) / rate
            # a block that is too short ends the sound, and the rest of it is silence
            return block, pyaudio.paContinue if len(block) == frames * frame_bytes else pyaudio.paComplete

        stream = audio.open(
            rate,
            channels,
            pyaudio.paInt16,
            output=True,
            frames_per_buffer=rate // BLOCKS_A_SECOND,
            stream_callback=next_block,
            start=False,
        )
        with ExitStack() as stack:
            stack.callback(stream.close)
            stack.callback(stream.stop_stream)
            stream.start_stream()
            opened.push(stack.pop_all())
        return stream
