"""A whole round with the real program: speak, correct, paint, explore a word, change a colour, save, quit, reopen."""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from app.gallery import Gallery
from app.picture_text import read_recipe
from app.settings import Settings
from tests.app.conftest import home
from tests.end_to_end.desk import PATIENCE_SECONDS, Desk
from tests.virtual_microphone import VirtualMicrophone
from tests.waiting import wait_until

__all__ = ["home"]

ROOT = Path(__file__).parents[2]
SAID = "a black bird with a curved beak"
MEANT = "a blue bird with a white belly"
IN_RED = "a red bird with a white belly"


@contextmanager
def program() -> Iterator[Desk]:
    """The program with its window on the screen; left by closing it with Ctrl+Q."""
    with subprocess.Popen([sys.executable, "main.py"], cwd=ROOT) as process:
        desk = Desk(dict(os.environ))
        try:
            desk.look_at("Speak Out and Get Your Bird")
            yield desk
            desk.look_at("Speak Out and Get Your Bird")
            desk.press("ctrl+q")
            assert process.wait(60) == 0
        finally:
            process.kill()


def listeners(environment: dict[str, str]) -> int:
    listed = subprocess.run(["pactl", "list", "short", "source-outputs"], env=environment, capture_output=True)
    return len(listed.stdout.splitlines())


def captions() -> list[str]:
    return [kept.bird.caption for kept in Gallery().birds()[0]]


@pytest.mark.usefixtures("display", "home")
def test_a_whole_round(virtual_microphone: VirtualMicrophone, voice: Callable[[str], Path], tmp_path: Path) -> None:
    Settings(engine="sphinx", samples=1).save()
    nobody = listeners(dict(os.environ))
    picture = tmp_path / "blue.png"
    with program() as desk:
        desk.press_until(("alt+s",), lambda: listeners(desk.environment) > nobody, "the microphone")
        virtual_microphone.speak(voice(SAID))
        desk.press_until(("alt+o",), lambda: listeners(desk.environment) == nobody, "the end of the recording")
        desk.press_until(("alt+w",), lambda: desk.all_text() == SAID, "the text")

        desk.fill_in(MEANT)
        desk.press("Return")
        wait_until(lambda: captions() == [MEANT], "the bird", PATIENCE_SECONDS)
        desk.look_at(MEANT)
        desk.press("Tab", "Return")
        desk.look_at(f"Up close: {MEANT}")
        desk.press("Tab", "Tab", "space", *["Tab"] * 6)
        desk.write("red")
        desk.press("Return")
        wait_until(lambda: captions() == [IN_RED, MEANT], "the red bird", PATIENCE_SECONDS)

        desk.look_at(MEANT)
        desk.press("ctrl+s")
        desk.look_at("Save As")
        desk.fill_in(str(picture))
        desk.press("Return")
        wait_until(picture.exists, "the picture")
    with program() as desk:
        desk.press_until(("ctrl+g",), lambda: desk.sees("Your birds"), "the gallery")
        desk.look_at("Your birds")
        desk.fill_in("blue")
        desk.press_until(("Down", "Return"), lambda: desk.sees(MEANT), "the blue bird")
        desk.look_at(MEANT)
        desk.press_until(("ctrl+c",), lambda: desk.copied("image/png"), "the copy")
    copied = Image.open(io.BytesIO(desk.copied("image/png")))
    assert read_recipe(picture).caption == MEANT
    assert copied.tobytes() == Image.open(picture).tobytes()
