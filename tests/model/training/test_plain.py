"""The plain version that `benchmark` compares against computes the same numbers."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from model.benchmark import _SyntheticBatches
from model.damsm import damsm_loss
from model.layers import padding_mask
from model.training.gan_run import GanRun
from model.training.options import read_preset
from model.training.plain import PlainPhase, plain_damsm_loss

CPU = torch.device("cpu")


def test_the_plain_loss_is_the_same_loss() -> None:
    words, sentence = torch.randn(5, 6, 7), torch.randn(5, 6)
    regions, whole = torch.randn(5, 6, 9), torch.randn(5, 6)
    lengths = torch.tensor([7, 3, 1, 5, 2])
    for pictures in (5, 3):
        seen = regions[:pictures], whole[:pictures]
        plain = plain_damsm_loss(words, sentence, lengths.tolist(), *seen)
        fast = sum(damsm_loss(words, sentence, padding_mask(lengths, 7), *seen, torch.arange(5)))
        torch.testing.assert_close(plain, fast, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("discriminator", ["projected", "published"])
def test_a_plain_step_is_the_same_step(
    encoders: Path, preset: Callable[..., str], tmp_path: Path, discriminator: str
) -> None:
    options = f'discriminator = "{discriminator}"\nloss = "hinge"\nprecision = "float32"\ndamsm_weight = 0.3\nshift = 3'
    options += "\nwrong_captions = 5"
    run = GanRun(tmp_path, encoders, read_preset(preset("{ first = 0, last = 1, share = 1.0 }", options)), CPU)
    run.begin_phase(0)
    plain = PlainPhase(run.current)
    plain.discriminators.load_state_dict(run.current.discriminators.state_dict())
    batches = _SyntheticBatches(run.current.sizes, 4, run.config.vocabulary_size)
    logs = [phase.step(batches, 0) for phase in (run.current, plain)]
    for name, value in logs[0].items():
        torch.testing.assert_close(value, logs[1][name], rtol=1e-3, atol=1e-4)
    # Adam's first step is the learning rate times a gradient's sign, which noise turns where the gradient is nothing.
    pairs = zip(run.current.generator.parameters(), plain.generator.parameters(), strict=True)
    changed = [((quick - plainly).abs() > 0.0001).float().mean() for quick, plainly in pairs]
    assert torch.stack(changed).mean() < 0.02
