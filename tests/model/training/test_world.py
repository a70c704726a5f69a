"""Several processes train like one."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from model.errors import PlainError
from model.training.gan_run import GanRun
from model.training.options import read_preset
from model.training.world import World
from tests.model.evaluation.data import birds_with_attributes, birds_with_parts

ROOT = Path(__file__).parents[3]
TWO_STAGES = "{ first = 0, last = 1, share = 1.0 }"


ALONE: list[str] = []
TOGETHER = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def first_steps(launcher: list[str], kind: str, birds: Path, output: Path, *further: object) -> dict[str, Tensor]:
    """Losses and weights by name. further: what a run of this kind is told beside; see first_steps.py."""
    script = Path(__file__).with_name("first_steps.py")
    command = [sys.executable, *launcher, *map(str, (script, kind, birds, output, *further))]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)
    assert ended.returncode == 0, ended.stderr
    return load_file(output / "first_steps.safetensors")


def moved(one: dict[str, Tensor], other: dict[str, Tensor]) -> float:
    """How far apart the weights are, where that is farthest."""
    weights = [name for name in one if " of step " not in name]
    return max(float((other[name].float() - one[name].float()).abs().mean()) for name in weights)


def test_two_processes_take_the_first_steps_of_one_with_the_same_batch(
    encoders: Path, tmp_path: Path, preset: Callable[..., str]
) -> None:
    birds = birds_with_parts(tmp_path / "birds")
    losses = (
        "damsm_weight = 1.0\nspectrum_weight = 1.0\nwrong_captions = 6\nattention_weight = 1.0\nspecies_weight = 1.0"
        "\nhead_weight = 1.0"
    )
    recipe = preset(TWO_STAGES, f'precision = "float32"\nshift = 3\n{losses}')
    alone = first_steps(ALONE, "gan", birds, tmp_path / "one", encoders, recipe)
    together = first_steps(TOGETHER, "gan", birds, tmp_path / "two", encoders, recipe)
    assert alone.keys() == together.keys()
    assert {"D of step 2", "damsm of step 2"} <= alone.keys()
    for name in ("D", "apart", "G", "damsm", "attention"):
        first, third = f"{name} of step 0", f"{name} of step 2"
        torch.testing.assert_close(together[first], alone[first], rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(together[third], alone[third], rtol=1e-2, atol=1e-2)  # Adam makes much of roundings
    assert moved(alone, together) < 1e-4


def test_two_processes_learn_to_match_words_and_photos_like_one_with_the_same_batch(tmp_path: Path) -> None:
    birds = birds_with_attributes(tmp_path / "birds")
    alone = first_steps(ALONE, "damsm", birds, tmp_path / "one")
    together = first_steps(TOGETHER, "damsm", birds, tmp_path / "two")
    assert alone.keys() == together.keys()
    assert {"heads.species_of.weight", "heads.attributes_of.weight", "heads.parts_of.weight"} <= alone.keys()
    for loss in ("words", "sentence"):
        first, third = f"{loss} of step 0", f"{loss} of step 2"
        torch.testing.assert_close(together[first], alone[first], rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(together[third], alone[third], rtol=5e-3, atol=1e-3)
    assert moved(alone, together) < 1e-4


def test_a_batch_that_cannot_be_shared_is_told(encoders: Path, tmp_path: Path, preset: Callable[..., str]) -> None:
    with pytest.raises(PlainError, match="batch of 4 cannot be shared by 3 processes"):
        GanRun(tmp_path / "run", encoders, read_preset(preset(TWO_STAGES)), torch.device("cpu"), World(0, 3))
