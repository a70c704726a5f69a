"""Word swap: another colour word with the same noise changes the part it names (AttnGAN, figure 4), and little else."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.evaluation.attention_maps import SIDE, most_attended, word_maps
from model.pipeline import Result, TextToImagePipeline

REGION = 0.25  # share of the picture that counts as attended to


@dataclass(frozen=True)
class Swap:
    """A sentence with a place for one colour, and the colour before and after."""

    sentence: str
    before: str
    after: str


SWAPS = (
    Swap("this bird has {} wings and a white belly", "black", "red"),
    Swap("this bird has a {} belly and black wings", "yellow", "white"),
    Swap("a small brown bird with a {} crown", "red", "black"),
    Swap("this bird is {} and has a short beak", "red", "blue"),
)


@dataclass(frozen=True)
class SwapPictures:
    """before, after: uint8, seeds x s x s x 3; region: bool, seeds x s x s, the quarter the word attends to most."""

    swap: Swap
    before: np.ndarray
    after: np.ndarray
    region: np.ndarray


def known_swaps(pipeline: TextToImagePipeline, swaps: tuple[Swap, ...]) -> list[Swap]:
    """Those whose colours the weight set knows; none when it has no stage that attends."""
    known = pipeline.vocabulary.token_of
    attends = pipeline.config.stages > 1
    return [swap for swap in swaps if attends and swap.before in known and swap.after in known]


def paint_swap(
    pipeline: TextToImagePipeline, swap: Swap, seeds: tuple[int, ...], painted: Callable[[], object]
) -> SwapPictures:
    """Both sentences with every seed; calls `painted` after each picture. The swap is one of known_swaps."""
    before, after, regions = [], [], []
    for seed in seeds:
        results = []
        for colour in (swap.before, swap.after):
            results.append(pipeline(swap.sentence.format(colour), seed))
            painted()
        before.append(results[0].stages[-1].images[0])
        after.append(results[1].stages[-1].images[0])
        cells = before[-1].shape[0] // SIDE
        regions.append(np.kron(_attended(*results), np.ones((cells, cells), bool)))
    return SwapPictures(swap, np.stack(before), np.stack(after), np.stack(regions))


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
    """
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
        "region": REGION,
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
