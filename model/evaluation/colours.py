"""Colour sentences painted with several noises: is the asked colour seen, and what does one other word change?"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from model.evaluation.judge import Judge
from model.pipeline import TextToImagePipeline

COLOURS = ("red", "blue", "yellow", "black", "white", "brown", "green", "grey")
SENTENCES = ("this bird is {}", "a small {} bird with a short beak", "a bird with {} wings and a {} belly")
SEEDS = (0, 1, 2)


@dataclass(frozen=True)
class ColourGrid:
    """images: uint8, colours x sentences x seeds x s x s x 3, the last stage's; features: ... x size, by the judge."""

    colours: tuple[str, ...]
    images: np.ndarray
    features: Tensor


def known_colours(pipeline: TextToImagePipeline) -> tuple[str, ...]:
    """Those of COLOURS that the weight set has a word for."""
    return tuple(colour for colour in COLOURS if colour in pipeline.vocabulary.token_of)


def paint_colours(pipeline: TextToImagePipeline, judge: Judge, painted: Callable[[], object]) -> ColourGrid:
    """Every known colour in every sentence with every seed; calls `painted` after each picture."""
    colours, size = known_colours(pipeline), pipeline.config.image_sizes[-1]
    images = np.zeros((len(colours), len(SENTENCES), len(SEEDS), size, size, 3), np.uint8)
    for (c, colour), (s, sentence), (n, seed) in _places(colours):
        images[c, s, n] = pipeline(sentence.format(colour, colour), seed).stages[-1].images[0]
        painted()
    features = judge.see(images.reshape(-1, size, size, 3))
    return ColourGrid(colours, images, features.unflatten(0, images.shape[:3]))


def _places(colours: tuple[str, ...]) -> list[tuple[tuple[int, str], tuple[int, str], tuple[int, int]]]:
    return [(c, s, n) for c in enumerate(colours) for s in enumerate(SENTENCES) for n in enumerate(SEEDS)]


def faithfulness(grid: ColourGrid, judge: Judge) -> dict[str, float]:
    """Share of each colour's pictures that fit the sentence with that colour better than with any other one."""
    best = []
    for s, sentence in enumerate(SENTENCES):
        said = judge.read([sentence.format(colour, colour) for colour in grid.colours])  # colours x size
        best.append((grid.features[:, s] @ said.T).argmax(2))  # colours x seeds
    seen = torch.stack(best, 1) == torch.arange(len(grid.colours))[:, None, None]
    return dict(zip(grid.colours, seen.float().mean((1, 2)).tolist(), strict=True))


def change_by_word(grid: ColourGrid) -> float:
    """Mean absolute change of a picture, in levels of 255, when only the colour word changes."""
    pairs = combinations(range(len(grid.colours)), 2)
    return float(np.mean([_difference(grid.images[a], grid.images[b]) for a, b in pairs]))


def change_by_noise(grid: ColourGrid) -> float:
    """Mean absolute change of a picture, in levels of 255, when only the noise changes."""
    pairs = combinations(range(len(SEEDS)), 2)
    return float(np.mean([_difference(grid.images[:, :, a], grid.images[:, :, b]) for a, b in pairs]))


def _difference(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first.astype(np.int16) - second).mean())


def diversity(grid: ColourGrid) -> float:
    """Mean distance (1 - cosine) of the judge's features between pictures of one sentence, over all pairs of seeds."""
    pairs = combinations(range(len(SEEDS)), 2)
    alike = [(grid.features[:, :, a] * grid.features[:, :, b]).sum(2).mean() for a, b in pairs]
    return 1 - float(torch.stack(alike).mean())
