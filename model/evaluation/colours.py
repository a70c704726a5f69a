"""Colour sentences painted with several noises: is the asked colour seen, and what does one other word change?"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
from torch import Tensor

from model.evaluation.judge import Judge
from model.image_encoder import REGIONS
from model.pipeline import TextToImagePipeline

COLOURS = ("red", "blue", "yellow", "black", "white", "brown", "green", "grey")
SENTENCES = ("this bird is {}", "a small {} bird with a short beak", "a bird with {} wings and a {} belly")
SEEDS = tuple(range(16))


@dataclass(frozen=True)
class ColourGrid:
    """images: uint8, colours x sentences x seeds x s x s x 3, the last stage's.

    By the judge, features: ... x size, and regions: half precision, ... x size x 8 x 8.
    """

    colours: tuple[str, ...]
    images: np.ndarray
    features: Tensor
    regions: Tensor


def known_colours(pipeline: TextToImagePipeline, judge: Judge) -> tuple[str, ...]:
    """Those of COLOURS that both the weight set and the judge have a word for."""
    known = pipeline.vocabulary.token_of.keys() & judge.vocabulary.token_of.keys()
    return tuple(colour for colour in COLOURS if colour in known)


def paint_colours(
    pipeline: TextToImagePipeline, judge: Judge, seeds: tuple[int, ...], painted: Callable[[], object]
) -> ColourGrid:
    """Every known colour in every sentence with every seed; calls `painted` after each picture."""
    colours, size = known_colours(pipeline, judge), pipeline.config.image_sizes[-1]
    images = np.zeros((len(colours), len(SENTENCES), len(seeds), size, size, 3), np.uint8)
    features = torch.zeros(*images.shape[:3], judge.config.text_size)
    regions = torch.zeros(*features.shape, REGIONS, REGIONS, dtype=torch.half)
    for c, colour in enumerate(colours):
        for s, sentence in enumerate(SENTENCES):
            for n, seed in enumerate(seeds):
                images[c, s, n] = pipeline(sentence.format(colour, colour), seed).stages[-1].images[0]
                painted()
            features[c, s], regions[c, s] = judge.look(images[c, s])
    return ColourGrid(colours, images, features, regions)


def seen_as_asked(grid: ColourGrid, judge: Judge) -> Tensor:
    """Whether a picture fits the sentence of its colour better than of any other: bool, colours x sentences x seeds.

    The other colours are those of the grid, so that chance is one in their number.
    """
    best = []
    for s, sentence in enumerate(SENTENCES):
        said = judge.read([sentence.format(colour, colour) for colour in grid.colours])  # colours x size
        best.append((grid.features[:, s] @ said.T).argmax(2))  # colours x seeds
    return torch.stack(best, 1) == torch.arange(len(grid.colours))[:, None, None]


def faithfulness(grid: ColourGrid, judge: Judge) -> tuple[dict[str, float], float]:
    """Each colour's share of pictures seen as asked, 0..1, and the deviation of the share over the seeds."""
    seen = seen_as_asked(grid, judge).double()
    return dict(zip(grid.colours, seen.mean((1, 2)).tolist(), strict=True)), float(seen.mean((0, 1)).std(correction=0))


def change_by_word(grid: ColourGrid) -> float:
    """Mean absolute change of a picture, in levels of 255, when only the colour word changes."""
    pairs = combinations(range(len(grid.colours)), 2)
    return float(np.mean([_difference(grid.images[a], grid.images[b]) for a, b in pairs]))


def change_by_noise(grid: ColourGrid) -> float:
    """Mean absolute change of a picture, in levels of 255, when only the noise changes; needs two seeds."""
    pairs = combinations(range(grid.images.shape[2]), 2)
    return float(np.mean([_difference(grid.images[:, :, a], grid.images[:, :, b]) for a, b in pairs]))


def _difference(first: np.ndarray, second: np.ndarray) -> float:
    """Mean absolute difference; picture by picture, since a grid can fill much of the memory."""
    pictures = zip(first.reshape(-1, *first.shape[-3:]), second.reshape(-1, *second.shape[-3:]), strict=True)
    return float(np.mean([np.abs(one.astype(np.int16) - other).mean() for one, other in pictures]))


def diversity(features: Tensor) -> float:
    """Mean distance (1 - cosine, 0..2) between the pictures of a group, over all pairs in it, then over the groups.

    features: of length 1, ... groups x pictures x size, at least two pictures a group.
    """
    count = features.shape[-2]
    alike = features @ features.mT
    pairs = alike.sum((-2, -1)) - alike.diagonal(dim1=-2, dim2=-1).sum(-1)
    return 1 - float(pairs.mean()) / (count * (count - 1))


def within_species(measure: Callable[[Tensor], float], photos: Tensor, species: Tensor) -> float | None:
    """Mean of a measure of groups, such as `diversity`, over the species with at least two photos; None without one.

    photos: what is known of each, photos x ...; species: photos.
    """
    groups = [photos[species == one] for one in species.unique()]
    values = [measure(group) for group in groups if len(group) > 1]
    return float(np.mean(values)) if values else None
