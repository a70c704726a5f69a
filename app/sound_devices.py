"""The sound devices of this computer, through PortAudio: opened in peace, named as people know them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

SAMPLE_RATE = 16_000
BLOCK_FRAMES = 1024
_ONE_AT_A_TIME = threading.Lock()  # neither stderr nor PortAudio bears two threads that open or close
# Names that ALSA lists beside those of devices.
TO_THE_DEFAULT = {"default", "sysdefault", "pulse", "pipewire", "jack", "oss", "dsnoop"}
CONVERTERS = {"null", "lavrate", "samplerate", "speexrate", "speex", "upmix", "vdownmix"}


class SoundDeviceError(Exception):
    """Why no sound comes in or goes out: one plain sentence for the user."""


def open_sound_system() -> Any:
    """A PyAudio that knows the devices of this moment, if no other is open; to be used in `in_peace`."""
    try:
        import pyaudio
    except ImportError:
        raise SoundDeviceError("PyAudio is not installed, so sound can be neither recorded nor played.") from None
    return pyaudio.PyAudio()


def microphone_names() -> list[str]:
    """What can be recorded from besides the system's default; empty where there is no sound at all."""
    with in_peace():
        try:
            audio = open_sound_system()
        except SoundDeviceError:
            return []
        try:
            return list(dict.fromkeys(device["name"] for device in _microphones(audio)))
        finally:
            audio.terminate()


def microphone(audio: Any, name: str) -> dict[str, Any]:
    """The device of that name, or the system's default when it is not there or the name is empty."""
    for device in _microphones(audio):
        if device["name"] == name:
            return device
    try:
        default: dict[str, Any] = audio.get_default_input_device_info()
    except OSError:
        raise SoundDeviceError("No microphone was found.") from None
    return default


def _microphones(audio: Any) -> Iterator[dict[str, Any]]:
    """Of one host API only: Windows has several, and each of them lists every device."""
    try:
        api = audio.get_default_host_api_info()
    except OSError:
        return
    for number in range(api["deviceCount"]):
        device = audio.get_device_info_by_host_api_device_index(api["index"], number)
        if device["maxInputChannels"] > 0 and device["name"] not in TO_THE_DEFAULT | CONVERTERS:
            yield device


def formats_to_try(device: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Sample rate and channels: those of the recognisers first, then what bare hardware may insist on."""
    own_rate = int(device["defaultSampleRate"])
    yield SAMPLE_RATE, 1
    yield own_rate, 1
    yield own_rate, 2


@contextmanager
def in_peace() -> Iterator[None]:
    """Alone, and keeping off the terminal what ALSA and JACK print, from C, about every device that is not there."""
    with _ONE_AT_A_TIME, ExitStack() as undo:
        if sys.platform == "linux":
            stderr = os.dup(2)
            undo.callback(os.close, stderr)
            undo.callback(os.dup2, stderr, 2)
            with open(os.devnull, "wb") as nowhere:
                os.dup2(nowhere.fileno(), 2)
        yield
