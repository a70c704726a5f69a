"""Photos that do not fit into memory: worker processes decode the next batches while one is learned from."""

import os
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from model.data.drawing import Drawing, Draws
from model.data.photo import Photo, decode

WORKERS = 8  # at most, and no more than there are processor cores
AHEAD = 4  # batches that may be skipped and asked for later, or asked for again


class Streamed:
    """Squares decoded when their batch comes; any batch may be asked for, following ones are there the soonest."""

    def __init__(self, photos: list[Photo], short_side: int, draws: Draws, device: torch.device) -> None:
        """short_side: the most a decoded photo's may have, in pixels; draws: what the batches are made of."""
        self.device = device
        self._steps = _Steps()
        self._loader = DataLoader(
            _Squares(photos, short_side, draws),
            batch_size=None,
            sampler=self._steps,
            num_workers=min(WORKERS, os.cpu_count() or 1),
            prefetch_factor=2,
            persistent_workers=True,
            pin_memory=device.type == "cuda",
        )
        self._squares: Iterator[Tensor] = iter(())
        self._next = 0  # the step whose squares come next
        self._ready: dict[int, Tensor] = {}

    def find(self, step: int, drawing: Drawing) -> tuple[Tensor, Drawing]:
        """The squares drawn for the step, one a picture, and the drawing in terms of them."""
        if step not in self._ready and not (self._ready and self._next <= step < self._next + AHEAD):
            self._ready.clear()
            self._steps.first = self._next = step
            self._squares = iter(self._loader)
        while self._next <= step:
            self._ready[self._next] = next(self._squares)
            self._next += 1
        self._ready = {number: squares for number, squares in self._ready.items() if number > self._next - 1 - AHEAD}
        squares = self._ready[step].to(self.device, non_blocking=True)
        corner = torch.zeros_like(drawing.tops)
        return squares, replace(drawing, photos=torch.arange(len(squares)), tops=corner, lefts=corner)


class _Steps(Sampler[int]):
    """All steps from `first` on."""

    def __init__(self) -> None:
        self.first = 0

    def __iter__(self) -> Iterator[int]:
        return count(self.first)


class _Squares(Dataset[Tensor]):
    """By step: uint8, rows x 3 x side x side, each square in its upper left corner."""

    def __init__(self, photos: list[Photo], short_side: int, draws: Draws) -> None:
        self.photos, self.short_side, self.draws = photos, short_side, draws

    def __getitem__(self, step: int) -> Tensor:
        drawing = self.draws.draw(step)
        longest = int(drawing.sides.max())
        squares = torch.empty(len(drawing.photos), 3, longest, longest, dtype=torch.uint8)
        places = zip(drawing.photos, drawing.tops, drawing.lefts, drawing.sides, strict=True)
        for square, (photo, top, left, side) in zip(squares, places, strict=True):
            picture = decode(self.photos[photo], self.short_side)
            square[:, :side, :side] = picture[:, top : top + side, left : left + side]
        return squares
