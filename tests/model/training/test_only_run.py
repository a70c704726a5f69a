"""Two processes never train in the same folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from model.errors import PlainError
from model.training.damsm import train_damsm
from model.training.gan import train_gan
from tests.model.malice import one_sentence
from tests.model.training.gan_runs import FIRST, Preset

HOLD = """
import sys
from pathlib import Path
from model.training.only_run import only_run
from model.training.world import World
with only_run(Path(sys.argv[1]), False, World()):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_told_and_one_that_was_killed_is_not_in_the_way(
    birds: Path, encoders: Path, preset: Preset, tmp_path: Path, steps_for_minutes: None
) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path / "run" / "checkpoint")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        with pytest.raises(PlainError, match="Another process trains in") as told:
            train_gan(birds, tmp_path / "run", encoders, 1, preset(FIRST), device="cpu")
        assert one_sentence(str(told.value))
        with pytest.raises(PlainError, match="Another process trains in"):
            train_damsm(birds, tmp_path / "run", 1, device="cpu")
        other.kill()
    train_gan(birds, tmp_path / "run", encoders, 1, preset(FIRST), device="cpu")
    assert (tmp_path / "run" / "weights-64").is_dir()
