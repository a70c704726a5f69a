"""GAN runs on drawn birds, as the tests of training begin them."""

from collections.abc import Callable
from pathlib import Path

import torch

from model.data.batches import Batches
from model.data.cub import read_split
from model.data.photo import species_numbers
from model.training.gan_run import GanRun
from model.training.options import read_preset
from tests.model.evaluation.data import birds_with_parts

Preset = Callable[..., str]
SPECIES = 9  # one more than the largest number among the drawn birds
FIRST = "{ first = 0, last = 0, share = 1.0 }"
GROWING = """
    { first = 0, last = 0, share = 0.3 },
    { first = 1, last = 1, share = 0.2, batch_size = 2, discriminator_channels = 3 },
    { first = 2, last = 2, share = 0.25, crop = 64 },
    { first = 3, last = 3, share = 0.25, crop = 64 },
"""
EVERYTHING = """
discriminator = "projection"
loss = "hinge"
damsm_weight = 1.0
wrong_captions = 6
variety_weight = 1.0
consistency_weight = 1.0
species_weight = 1.0
spectrum_weight = 1.0
attention_weight = 1.0
head_weight = 1.0
shift = 2
"""
PHASES_OF_EVERYTHING = (
    "{ first = 0, last = 0, share = 0.2 }, { first = 1, last = 1, share = 0.2 }, "
    "{ first = 2, last = 2, share = 0.3, crop = 32 }, { first = 0, last = 2, share = 0.3 }"
)


def new_run(output: Path, encoders: Path, preset: str) -> GanRun:
    return GanRun(output, encoders, read_preset(preset), torch.device("cpu"))


def batches_for(run: GanRun, birds: Path) -> Batches:
    return Batches(read_split(birds, "train"), run.vocabulary, run.current.sizes, run.current.options.batch_size)


def run_of_everything(folder: Path, encoders: Path, preset: Preset, more: str = "") -> tuple[GanRun, Path]:
    """A run with every part of the losses, and the birds with marked parts that it trains on; more: options."""
    birds = birds_with_parts(folder / "birds")
    run = new_run(folder / "run", encoders, preset(PHASES_OF_EVERYTHING, f"{EVERYTHING}{more}"))
    photos = read_split(birds, "train")
    run.species = species_numbers(photos)
    run.finder = run.learn_parts(photos)
    assert run.finder
    return run, birds
