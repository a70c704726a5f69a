"""Photos streamed from worker processes make the batches that photos in memory make, in whatever order."""

from pathlib import Path

import torch

from model.data.crops import cropped
from model.data.cub import read_split
from model.data.drawing import Draws
from model.data.loading import load
from model.data.resident import fits, free_memory
from model.data.streamed import Streamed

CPU = torch.device("cpu")


def test_batches_are_those_of_photos_in_memory_in_any_order(birds: Path) -> None:
    photos = read_split(birds, "train")
    loaded = load(photos, 57, CPU, print)
    assert loaded.resident is not None
    draws = Draws(loaded.sizes, [[[1, 2]]] * len(photos), batch_size=4, seed=1, share=(0, 1))
    streamed = Streamed(photos, 57, draws, CPU)
    for step in (0, 1, 2, 1, 4, 3, 50, 51, 0):
        drawing = draws.draw(step)
        from_memory, from_workers = (
            cropped(*found, [24, 48]) for found in (loaded.resident.find(step, drawing), streamed.find(step, drawing))
        )
        assert all(torch.equal(*pair) for pair in zip(from_memory, from_workers, strict=True))


def test_photos_live_in_memory_only_where_they_fit() -> None:
    assert 2**20 < free_memory(CPU) < 2**50
    assert fits((10, 3, 400, 400), CPU)
    assert not fits((10**9, 3, 400, 400), CPU)
