"""GAN runs on drawn birds, as the tests of training begin them."""

from collections.abc import Callable
from pathlib import Path

import torch

from model.data.batches import Batches
from model.data.cub import read_split
from model.training.gan_run import GanRun
from model.training.options import read_preset

Preset = Callable[..., str]
SPECIES = 9  # one more than the largest number among the drawn birds
FIRST = "{ first = 0, last = 0, share = 1.0 }"
GROWING = """
    { first = 0, last = 0, share = 0.3 },
    { first = 1, last = 1, share = 0.2, batch_size = 2, discriminator_channels = 3 },
    { first = 2, last = 2, share = 0.25, crop = 64 },
    { first = 3, last = 3, share = 0.25, crop = 64 },
"""


def new_run(output: Path, encoders: Path, preset: str) -> GanRun:
    return GanRun(output, encoders, read_preset(preset), torch.device("cpu"))


def batches_for(run: GanRun, birds: Path) -> Batches:
    return Batches(read_split(birds, "train"), run.vocabulary, run.current.sizes, run.current.options.batch_size)
