"""Two birds of one sentence learn to sit as differently as birds in photos do."""

from pathlib import Path

import pytest
import torch

from model.data.cub import read_split
from model.training.gan_losses import pose_variety
from tests.model.evaluation.data import birds_with_parts
from tests.model.training.gan_runs import FIRST, Preset, batches_for, new_run

ALONE = "\n".join(f"{name} = 0.0" for name in ("damsm_weight", "kl_weight", "variety_weight", "discriminator_lr"))


def test_pairs_are_apart_by_the_mean_distance_of_their_parts() -> None:
    first, second = torch.tensor([[0.1, 0.5], [0.5, 0.5]]), torch.tensor([[0.4, 0.9], [0.5, 0.5]])
    assert pose_variety(torch.stack((first, first))).item() == 0
    assert pose_variety(torch.stack((first, second))).item() == pytest.approx(0.25)
    assert pose_variety(torch.stack((first, second, first, first, second))).item() == pytest.approx(0.125)


def test_birds_of_one_sentence_are_pulled_apart(encoders: Path, preset: Preset, tmp_path: Path) -> None:
    birds, apart = birds_with_parts(tmp_path / "birds"), []
    for weight in (1e-6, 200.0):
        recipe = preset(FIRST, f"{ALONE}\ngenerator_lr = 0.01\npose_weight = {weight}")
        run = new_run(tmp_path / f"run{weight}", encoders, recipe)
        run.finder = run.learn_parts(read_split(birds, "train"))
        run.begin_phase(0)
        batches = batches_for(run, birds)
        steps = [float(run.train_step(batches)["poses"]) for _ in range(24)]
        apart.append(sum(steps[12:]))
    assert apart[1] > 1.5 * apart[0]
