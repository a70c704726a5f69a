"""A picture dragged from another program and dropped on the window brings its description back."""

import subprocess
import sys
from pathlib import Path

from PIL import Image

from app.application import Application
from app.bird import Bird
from app.picture_text import save_png
from tests import dragged_file
from tests.app.driving import wait_for

BIRD = Bird("a blue bird with a white belly", 7, 1, "elsewhere", "ab" * 32, "CPU", [], [], [64])


def test_a_dropped_picture_is_opened(app: Application, tmp_path: Path) -> None:
    picture = tmp_path / "a blue {bird}, 100 %.png"
    save_png(Image.new("RGB", (64, 64), "blue"), picture, BIRD, 0)
    app.load()
    middle = app.root.winfo_rootx() + app.root.winfo_width() // 2, app.root.winfo_rooty() + 100
    command = [sys.executable, dragged_file.__file__, picture, *middle]
    with subprocess.Popen([str(part) for part in command]) as dragging:
        wait_for(app.root, lambda: dragging.poll() is not None, "the drop")
    assert dragging.returncode == 0
    wait_for(app.root, lambda: app.panel is app.keyboard, "the description")
    assert app.keyboard.caption == BIRD.caption
    assert app.keyboard.seed == 7
