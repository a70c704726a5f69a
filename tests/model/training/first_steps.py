"""Run by test_world.py, alone or under torchrun: the first steps of a run, written down by the first process."""

import sys
from collections.abc import Callable
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
    run.begin_phase(0)
    share = (world.rank, world.size)
    batches = Batches(photos, run.vocabulary, run.current.sizes, run.current.options.batch_size, share=share)
    found = {}
    for step in range(STEPS):
        for name, value in run.train_step(batches).items():
            found[f"{name} of step {step}"] = world.mean(value.clone())
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


KINDS: dict[str, Callable[..., dict[str, Tensor]]] = {"gan": gan_steps, "damsm": damsm_steps}


def main(kind: str, birds: str, output: str, *further: str) -> None:
    torch.set_num_threads(1)
    world = join_world(PLACE)
    found = KINDS[kind](world, Path(birds), Path(output), *further)
    if world.first:
        written = {name: value.contiguous() for name, value in found.items()}
        save_file(written, Path(output) / "first_steps.safetensors")


if __name__ == "__main__":
    main(*sys.argv[1:])
