"""The first steps of a run of each kind, for test_world.py; under torchrun the first process writes them down."""

import sys
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import torch
from safetensors.torch import save_file
from torch import Tensor

from model.data.batches import Batches
from model.data.cub import read_split
from model.data.photo import species_numbers
from model.training import damsm
from model.training.auxiliary import what_is_known
from model.training.damsm import DamsmRun, learnt_sizes
from model.training.gan_run import GanRun
from model.training.options import DamsmOptions, read_preset
from model.training.world import World, join_world
from model.vocabulary import Vocabulary

STEPS = 3
PLACE = torch.device("cpu")


def gan_steps(world: World, birds: Path, output: Path, encoders: str, preset: str) -> dict[str, Tensor]:
    run = GanRun(output, Path(encoders), read_preset(preset), PLACE, world)
    photos = read_split(birds, "train")
    run.finder = run.learn_parts(photos)
    run.species = species_numbers(photos)
    share, found = (world.rank, world.size), {}
    for phase in range(len(run.options.phases)):
        run.begin_phase(phase)
        batches = Batches(photos, run.vocabulary, run.current.sizes, run.current.options.batch_size, share=share)
        for step in range(STEPS):
            for name, value in run.train_step(batches).items():
                found[f"{name} of phase {phase}, step {step}"] = world.mean(value.clone())
    return found | run.average.network.state_dict()


def damsm_steps(world: World, birds: Path, output: Path) -> dict[str, Tensor]:
    photos = read_split(birds, "train")
    vocabulary = Vocabulary.build(caption for photo in photos for caption in photo.captions)
    options = DamsmOptions(batch_size=8, species_weight=1.0, attribute_weight=10.0, part_weight=1.0)
    run = DamsmRun(output, vocabulary, options, PLACE, world, what_is_known(birds, photos, options, world))
    sizes, share = learnt_sizes(run.image_encoder), (world.rank, world.size)
    batches = Batches(photos, vocabulary, sizes, options.batch_size, share=share)
    found = {}
    with patch.object(damsm, "autocast", nullcontext):  # its roundings are larger than what is looked for
        for step in range(STEPS):
            found[f"words of step {step}"], found[f"sentence of step {step}"] = run.train_step(batches, rate=1.0)
    return found | run.text_encoder.state_dict() | run.image_encoder.state_dict() | run.auxiliary.state_dict()


def first_steps(world: World, birds: Path, output: Path, encoders: str, preset: str) -> dict[str, dict[str, Tensor]]:
    """Losses and weights by name, of a GAN run and of a DAMSM run."""
    return {
        "gan": gan_steps(world, birds, output / "gan", encoders, preset),
        "damsm": damsm_steps(world, birds, output / "damsm"),
    }


def main(birds: str, output: str, encoders: str, preset: str) -> None:
    torch.set_num_threads(1)
    world = join_world(PLACE)
    found = first_steps(world, Path(birds), Path(output), encoders, preset)
    if world.first:
        for kind, tensors in found.items():
            written = {name: value.contiguous() for name, value in tensors.items()}
            save_file(written, Path(output) / f"{kind}.safetensors")


if __name__ == "__main__":
    main(*sys.argv[1:])
