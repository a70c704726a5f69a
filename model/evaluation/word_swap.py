"""Word swap: another colour word with the same noise changes the part it names (AttnGAN, figure 4), and little else."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from model.evaluation.attention_maps import SIDE, disc, most_attended, word_maps
from model.evaluation.localisation import RADIUS
from model.evaluation.parts import PARTS
from model.pipeline import Result, TextToImagePipeline

REGION = 0.25  # share of the picture that counts as attended to

Finder = Callable[[np.ndarray], Tensor]  # a picture, uint8, 1 x s x s x 3 -> where its parts are, parts x (x, y), 0..1


@dataclass(frozen=True)
class Swap:
    """A sentence with a place for one colour, the colour before and after, and which of PARTS it belongs to."""

    sentence: str
    before: str
    after: str
    part: str | None = None


SWAPS = (
    Swap("this bird has {} wings and a white belly", "black", "red", "wings"),
    Swap("this bird has a {} belly and black wings", "yellow", "white", "belly"),
    Swap("a small brown bird with a {} crown", "red", "black", "crown"),
    Swap("this bird is {} and has a short beak", "red", "blue"),
)


@dataclass(frozen=True)
class SwapPictures:
    """before, after: uint8, seeds x s x s x 3; region: bool, seeds x s x s, the quarter the word attends to most.

    near: bool like region, what is within RADIUS of the part in `before`; None where nobody finds it.
    """

    swap: Swap
    before: np.ndarray
    after: np.ndarray
    region: np.ndarray
    near: np.ndarray | None = None


def known_swaps(pipeline: TextToImagePipeline, swaps: tuple[Swap, ...]) -> list[Swap]:
    """Those whose colours the weight set knows; none when it has no stage that attends."""
    known = pipeline.vocabulary.token_of
    attends = pipeline.config.stages > 1
    return [swap for swap in swaps if attends and swap.before in known and swap.after in known]


def paint_swap(
    pipeline: TextToImagePipeline,
    swap: Swap,
    seeds: tuple[int, ...],
    painted: Callable[[], object],
    find: Finder | None = None,
) -> SwapPictures:
    """Both sentences with every seed; calls `painted` after each picture. The swap is one of known_swaps."""
    before, after, regions, near = [], [], [], []
    for seed in seeds:
        results = []
        for colour in (swap.before, swap.after):
            results.append(pipeline(swap.sentence.format(colour), seed))
            painted()
        before.append(results[0].stages[-1].images[0])
        after.append(results[1].stages[-1].images[0])
        regions.append(_as_large(_attended(*results), before[-1]))
        if find and swap.part:
            x, y = find(before[-1][None])[PARTS.index(swap.part)].tolist()
            near.append(_as_large(disc((x, y), RADIUS), before[-1]))
    return SwapPictures(swap, np.stack(before), np.stack(after), np.stack(regions), np.stack(near) if near else None)


def _as_large(cells: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """bool, 64 x 64 -> s x s."""
    side = picture.shape[0] // SIDE
    return np.kron(cells, np.ones((side, side), bool))


def _attended(before: Result, after: Result) -> np.ndarray:
    """bool, 64 x 64: the quarter that the swapped word attends to most, both sentences together."""
    place = [old != new for old, new in zip(before.tokens, after.tokens, strict=True)].index(True)
    maps = [word_maps(result) for result in (before, after)]
    return most_attended(np.sum([words[place] for words in maps if words is not None], axis=0), REGION)


def change(one: np.ndarray, other: np.ndarray, region: np.ndarray) -> tuple[float, float]:
    """Mean absolute change inside the region and elsewhere, in levels of 255.

    one, other: uint8, s x s x 3; region: bool, s x s, neither empty nor everything.
    """
    difference = np.abs(one.astype(np.int16) - other).mean(2)
    return float(difference[region].mean()), float(difference[~region].mean())


def where_it_changes(swapped: list[SwapPictures]) -> dict[str, object]:
    """Means over all pictures: the change inside the regions and elsewhere, in levels of 255, and their ratio.

    ratio_by_noise is the same ratio in the same regions when only the noise changes, to the next seed's picture: a
    region in the middle of a picture changes more than the background, whatever is changed. The deviation is the
    ratio's over the seeds. A ratio is None where nothing changes elsewhere. Every swap has the same seeds, two or more.
    near_part is all this near the parts instead, None where none were found.
    """
    near = [replace(these, region=these.near) for these in swapped if these.near is not None]
    return _in_regions(swapped) | {
        "region": REGION,
        "near_part": _in_regions(near) | {"radius": RADIUS} if near else None,
    }


def _in_regions(swapped: list[SwapPictures]) -> dict[str, object]:
    by_word = np.array([_changes(these.before, these.after, these.region) for these in swapped])  # swaps x seeds x 2
    by_noise = np.array([_changes(these.before, np.roll(these.before, -1, 0), these.region) for these in swapped])
    inside, elsewhere = by_word.mean((0, 1)).tolist()
    ratios = [_ratio(by_word[:, seed]) for seed in range(by_word.shape[1])]
    return {
        "inside": inside,
        "elsewhere": elsewhere,
        "ratio": _ratio(by_word),
        "deviation": None if None in ratios else float(np.std(np.array(ratios, np.float64))),
        "ratio_by_noise": _ratio(by_noise),
        "swaps": [
            {"sentence": these.swap.sentence, "before": these.swap.before, "after": these.swap.after}
            | dict(zip(("inside", "elsewhere"), changes.mean(0).tolist(), strict=True))
            for these, changes in zip(swapped, by_word, strict=True)
        ],
    }


def _changes(before: np.ndarray, after: np.ndarray, region: np.ndarray) -> list[tuple[float, float]]:
    return [change(*these) for these in zip(before, after, region, strict=True)]


def _ratio(changes: np.ndarray) -> float | None:
    """Mean change inside over mean change elsewhere. changes: ... x (inside, elsewhere)."""
    inside, elsewhere = changes.reshape(-1, 2).mean(0)
    return float(inside / elsewhere) if elsewhere > 0 else None
