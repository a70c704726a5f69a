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
from tests.model.evaluation.data import birds_with_attributes
from tests.model.training.first_steps import first_steps
from tests.tiny import narrow_preset

ROOT = Path(__file__).parents[3]
TWO_STAGES = "{ first = 0, last = 1, share = 0.5 }"
CROPS = "{ first = 2, last = 2, share = 0.5, crop = 32, batch_size = 6 }"  # three rows a process
LOSSES = """damsm_weight = 1.0
spectrum_weight = 1.0
wrong_captions = 6
attention_weight = 1.0
species_weight = 1.0
head_weight = 1.0"""

Steps = dict[str, dict[str, Tensor]]


@pytest.fixture(scope="module")
def both(encoders: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Steps, Steps]:
    """The first steps of each kind of run, as first_steps.py finds them: of one process, and of two."""
    folder = tmp_path_factory.mktemp("world")
    birds = birds_with_attributes(folder / "birds")
    recipe = narrow_preset(folder, f"{TWO_STAGES}, {CROPS}", f'precision = "float32"\nshift = 3\n{LOSSES}')
    script, told = Path(__file__).with_name("first_steps.py"), (birds, folder / "two", encoders, recipe)
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, *launcher, *map(str, (script, *told))]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200)
    assert ended.returncode == 0, ended.stderr
    together = {kind: load_file(folder / "two" / f"{kind}.safetensors") for kind in ("gan", "damsm")}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        alone = first_steps(World(), birds, folder / "one", str(encoders), recipe)
    finally:
        torch.set_num_threads(threads)
    return alone, together


def moved(one: dict[str, Tensor], other: dict[str, Tensor]) -> float:
    """How far apart the weights are, where that is farthest."""
    weights = [name for name in one if "step " not in name]
    return max(float((other[name].float() - one[name].float()).abs().mean()) for name in weights)


def test_two_processes_take_the_first_steps_of_one_with_the_same_batch(both: tuple[Steps, Steps]) -> None:
    alone, together = (of["gan"] for of in both)
    assert alone.keys() == together.keys()
    for name in ("D", "apart", "G", "damsm", "attention"):
        first, third = f"{name} of phase 0, step 0", f"{name} of phase 0, step 2"
        torch.testing.assert_close(together[first], alone[first], rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(together[third], alone[third], rtol=1e-2, atol=1e-2)  # Adam makes much of roundings
    for name in ("D", "apart", "G", "attention"):
        of_crops = f"{name} of phase 1, step 0"
        torch.testing.assert_close(together[of_crops], alone[of_crops], rtol=1e-3, atol=1e-3)
    assert moved(alone, together) < 1e-4


def test_two_processes_learn_to_match_words_and_photos_like_one_with_the_same_batch(both: tuple[Steps, Steps]) -> None:
    alone, together = (of["damsm"] for of in both)
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
