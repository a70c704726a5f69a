"""What many tests need: a screen, a microphone, somebody to speak, and Google."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.google_server import GoogleServer
from tests.google_server import google_server as serve_google
from tests.virtual_microphone import (
    VirtualMicrophone,
    silent_environment,
    spoken,
)
from tests.virtual_microphone import (
    virtual_microphone as run_microphone,
)
from tests.virtual_screen import virtual_screen


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stands between the tests and their own servers, or between them and a network that is not there."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """The name of a screen of the tests' own; it is the one that windows open on."""
    with virtual_screen() as name, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DISPLAY", name)
        yield name


@pytest.fixture(scope="session")
def shared_microphone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualMicrophone]:
    """The one virtual microphone that most tests speak into, not yet plugged in: see `virtual_microphone`."""
    with run_microphone(tmp_path_factory.mktemp("microphone")) as microphone:
        yield microphone


@pytest.fixture
def virtual_microphone(shared_microphone: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch) -> VirtualMicrophone:
    """The default microphone of this test and of the programs it starts."""
    for name, value in shared_microphone.environment.items():
        monkeypatch.setenv(name, value)
    return shared_microphone


@pytest.fixture
def vanishing_microphone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    """A microphone like `virtual_microphone` for one test only, which may `unplug` it."""
    directory = tmp_path / "microphone"
    directory.mkdir()
    with run_microphone(directory) as microphone:
        for name, value in microphone.environment.items():
            monkeypatch.setenv(name, value)
        yield microphone


@pytest.fixture
def no_microphone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave this test without any sound device, whatever the machine has."""
    for name, value in silent_environment(tmp_path).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def voice(tmp_path: Path) -> Callable[[str], Path]:
    """A function that has a synthetic voice say a text into a WAV file."""
    return lambda text: spoken(text, tmp_path / "spoken.wav")


@pytest.fixture
def google_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleServer]:
    """A local stand-in for Google's recogniser, asked by this test and by the programs it starts."""
    with serve_google() as google:
        monkeypatch.setenv("SPEAK_OUT_GOOGLE_ENDPOINT", google.endpoint)
        yield google
