"""A microphone without a sound card: PulseAudio hears what it plays, and ALSA's default device listens."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.virtual_screen import DYING_WITH_THE_TESTS
from tests.waiting import wait_until

SERVER_SCRIPT = """
load-module module-null-sink sink_name=room rate=48000 channels=1
load-module module-null-sink sink_name=hall rate=48000 channels=1
set-default-sink room
set-default-source room.monitor
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
"""
ALSA_DEVICES = """
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
SERVER_OPTIONS = ("--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no")
COMMANDS = {"PATH": os.environ["PATH"]}


@dataclass(frozen=True)
class VirtualMicrophone:
    """Hears what is played with `speak` or `say` by every program that runs with `environment`."""

    environment: dict[str, str]
    directory: Path
    server: subprocess.Popen[bytes]

    def speak(self, sound: Path, meanwhile: Callable[[], object] = lambda: None, sink: str = "room") -> None:
        """Play a sound file into the microphone, calling `meanwhile` all the time, until it was played."""
        with subprocess.Popen(["paplay", f"--device={sink}", sound], env=self.environment | COMMANDS) as player:
            wait_until(lambda: (meanwhile(), player.poll() is not None)[1], "the sound to be played")
        assert player.returncode == 0

    def say(self, text: str) -> None:
        """Have a synthetic voice say `text` into the microphone; returns when it was said."""
        self.speak(spoken(text, self.directory / "said.wav"))

    @contextmanager
    def plugged_in(self, name: str, sink: str = "hall") -> Iterator[None]:
        """Another microphone, which hears what is played into `sink`, is there until the block ends."""
        devices = self.directory / "asound.conf"
        before = devices.read_text()
        _replace(devices, f'{before}pcm."{name}" {{ type pulse device "{sink}.monitor" }}\n')
        try:
            yield
        finally:
            _replace(devices, before)

    def unplug(self) -> None:
        """Make the microphone vanish, for good."""
        self.server.kill()
        self.server.wait()


@contextmanager
def virtual_microphone(directory: Path) -> Iterator[VirtualMicrophone]:
    """Run a PulseAudio server that keeps all it has in `directory`."""
    environment = silent_environment(directory)
    environment["PULSE_SERVER"] = f"unix:{directory / 'pulse.socket'}"
    script = directory / "server.pa"
    script.write_text(SERVER_SCRIPT.format(socket=directory / "pulse.socket"))
    variables = environment | COMMANDS
    server = subprocess.Popen(
        [*DYING_WITH_THE_TESTS, "pulseaudio", "-n", "-F", script, *SERVER_OPTIONS],
        env=variables | {"HOME": str(directory)},
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _succeeds(["pactl", "info"], variables), "PulseAudio")
        # The null sink moves sound in steps as long as its most patient listener allows, up to two seconds.
        with _listening_impatiently("room", variables), _listening_impatiently("hall", variables):
            yield VirtualMicrophone(environment, directory, server)
    finally:
        server.kill()
        server.wait()


def silent_environment(directory: Path) -> dict[str, str]:
    """Variables that leave a program one sound device, PulseAudio's, and no PulseAudio behind it."""
    devices = directory / "asound.conf"
    devices.write_text(ALSA_DEVICES)
    return {
        "ALSA_CONFIG_PATH": str(devices),
        "PULSE_SERVER": f"unix:{directory / 'nobody.socket'}",
        "XDG_RUNTIME_DIR": str(directory),
        "JACK_DEFAULT_SERVER": "nobody",
        "JACK_NO_START_SERVER": "1",
    }


def spoken(text: str, path: Path) -> Path:
    """Write a WAV file of a synthetic voice that says `text`, slowly enough for PocketSphinx."""
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "130", "-w", path, text], check=True)
    return path


@contextmanager
def _listening_impatiently(sink: str, variables: dict[str, str]) -> Iterator[None]:
    command = ["parec", "--latency-msec=20", f"--device={sink}.monitor"]
    with subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as listener:
        yield
        listener.terminate()


def _replace(file: Path, text: str) -> None:
    """A new file, because ALSA may not notice that an old one changed within the same second."""
    draft = file.with_suffix(".new")
    draft.write_text(text)
    draft.replace(file)


def _succeeds(command: list[str], variables: dict[str, str]) -> bool:
    return not subprocess.run(command, env=variables, capture_output=True).returncode
