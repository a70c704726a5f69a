"""Run by test_world.py, alone or under torchrun: the first steps of a GAN run, written down by the first process."""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from model.data.batches import Batches
from model.data.cub import read_split
from model.training.gan import GanRun
from model.training.options import read_preset
from model.training.world import join_world

STEPS = 3


def main(birds: Path, encoders: Path, preset: str, output: Path) -> None:
    torch.set_num_threads(1)
    place = torch.device("cpu")
    world = join_world(place)
    run = GanRun(output, encoders, read_preset(preset), place, world)
    photos = read_split(birds, "train")
    run.part_attention = run.learn_parts(photos)
    run.begin_phase(0)
    share = (world.rank, world.size)
    batches = Batches(photos, run.vocabulary, run.current.sizes, run.current.batch_size, share=share)
    found = {}
    for step in range(STEPS):
        for name, value in run.train_step(batches).items():
            found[f"{name} of step {step}"] = world.mean(value.clone())
    found |= {name: value.contiguous() for name, value in run.average.network.state_dict().items()}
    if world.first:
        save_file(found, output / "first_steps.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
