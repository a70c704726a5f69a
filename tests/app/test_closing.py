"""Closing the window in the middle of anything ends the program: no traceback, no thread left behind."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.application import Application
from tests.app.conftest import Start
from tests.app.driving import PATIENCE_SECONDS, Stepped, paint, text_of, wait_for


@pytest.fixture
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def close_window(app: Application) -> None:
    """As the window manager asks for it."""
    app.root.tk.call(app.root.protocol("WM_DELETE_WINDOW"))


@pytest.mark.usefixtures("no_thread_is_left")
def test_while_loading(app: Application, capfd: pytest.CaptureFixture[str]) -> None:
    app.load()
    close_window(app)
    app.join()
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("no_thread_is_left")
def test_while_painting(start: Start, weights: Path, capfd: pytest.CaptureFixture[str]) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    tab = paint(app).current_tab
    pipeline.step()
    wait_for(app.root, lambda: tab.painted, "the first stage")
    close_window(app)
    pipeline.step(3)
    app.join()
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("no_thread_is_left", "virtual_microphone")
def test_while_recording(app: Application, capfd: pytest.CaptureFixture[str]) -> None:
    app.main.speak.invoke()
    buttons = app.speech.panel.buttons
    buttons.start.invoke()
    wait_for(app.root, lambda: text_of(buttons.time) > "0:00.1", "the microphone")
    close_window(app)
    app.join()
    assert capfd.readouterr().err == ""


@pytest.mark.usefixtures("home")
def test_the_program_ends_when_it_is_told_to_while_torch_loads(display: str) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", "import sys; from app.application import open_app; sys.exit(open_app())"],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        search = ["xdotool", "search", "--onlyvisible", "--name", "Speak Out and Get Your Bird"]
        while subprocess.run(search, capture_output=True, check=False).returncode:
            assert time.monotonic() < deadline, "the window never came"
        program.send_signal(signal.SIGTERM)
        _, errors = program.communicate(timeout=PATIENCE_SECONDS)
    finally:
        program.kill()
    assert (program.returncode, errors) == (0, "")


def test_without_a_screen_there_is_one_sentence() -> None:
    program = subprocess.run(
        [sys.executable, "-c", "import sys; from app.application import open_app; sys.exit(open_app())"],
        env={"DISPLAY": ":no-such-screen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert program.returncode == 2
    assert program.stderr.startswith("There is no screen to open a window on")
    assert len(program.stderr.splitlines()) == 1
