"""Word swaps: the change inside and outside of a region, worked by hand, and the pictures they are painted for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.evaluation.localisation import RADIUS
from model.evaluation.word_swap import SWAPS, Swap, SwapPictures, change, known_swaps, paint_swap, where_it_changes
from model.pipeline import TextToImagePipeline
from tests.tiny import tiny_weights

WINGS = Swap("a bird with {} wings", "red", "blue", "wings")


def half_changed(inside: int, elsewhere: int) -> SwapPictures:
    """Two seeds; the left half is the region, the second seed's pictures are 30 levels brighter everywhere."""
    region = np.zeros((2, 4, 4), bool)
    region[:, :, :2] = True
    before = np.zeros((2, 4, 4, 3), np.uint8)
    before[1] = 30
    after = before + np.where(region, inside, elsewhere)[..., None].astype(np.uint8)
    return SwapPictures(WINGS, before, after, region)


def whose_part_is_found(pictures: SwapPictures) -> SwapPictures:
    """The part is on the other half than the one attended to."""
    return replace(pictures, near=~pictures.region)


def test_change_inside_and_elsewhere() -> None:
    pictures = half_changed(40, 10)
    assert change(pictures.before[0], pictures.after[0], pictures.region[0]) == (40, 10)
    assert change(pictures.after[0], pictures.before[0], pictures.region[0]) == (40, 10)


def test_ratios_by_word_and_by_noise() -> None:
    found = where_it_changes([half_changed(40, 10), half_changed(60, 30)])
    assert (found["inside"], found["elsewhere"], found["ratio"]) == (50, 20, 2.5)
    assert found["deviation"] == 0  # both seeds alike
    assert found["ratio_by_noise"] == 1  # another seed changes everything by 30
    assert found["swaps"] == [
        {"sentence": WINGS.sentence, "before": "red", "after": "blue", "inside": inside, "elsewhere": elsewhere}
        for inside, elsewhere in ((40, 10), (60, 30))
    ]
    assert found["near_part"] is None


def test_near_the_part_is_not_where_the_word_attends() -> None:
    found = where_it_changes([whose_part_is_found(half_changed(10, 40)), half_changed(10, 200)])
    assert (found["inside"], found["elsewhere"]) == (10, 120)
    near = found["near_part"]
    assert isinstance(near, dict)
    assert (near["inside"], near["elsewhere"], near["ratio"], near["deviation"]) == (40, 10, 4, 0)
    assert (near["ratio_by_noise"], near["radius"], len(near["swaps"])) == (1, RADIUS, 1)


def test_what_is_near_the_part_is_around_where_it_is_found(weights: Path) -> None:
    pipeline = TextToImagePipeline.from_pretrained(weights, "cpu")
    asked = []

    def find(picture: np.ndarray) -> torch.Tensor:
        asked.append(picture)
        return torch.tensor([[0.1, 0.1], [0.5, 0.25], [0.1, 0.1], [0.1, 0.1]])

    pictures = paint_swap(pipeline, WINGS, (3,), lambda: None, find)
    assert np.array_equal(asked, pictures.before[None])
    assert pictures.near is not None
    rows, columns = np.nonzero(pictures.near[0])
    assert (rows.mean(), columns.mean()) == pytest.approx((127.5, 255.5), abs=1)
    assert pictures.near.mean() == pytest.approx(np.pi * RADIUS**2, rel=0.02)
    nameless = replace(WINGS, part=None)
    assert paint_swap(pipeline, nameless, (3,), lambda: None, find).near is None


def test_no_ratio_where_nothing_changes_elsewhere() -> None:
    found = where_it_changes([half_changed(40, 0)])
    assert (found["ratio"], found["deviation"]) == (None, None)


def test_both_sentences_are_painted_with_the_same_noise(weights: Path) -> None:
    pipeline = TextToImagePipeline.from_pretrained(weights, "cpu")
    steps: list[None] = []
    pictures = paint_swap(pipeline, WINGS, (3, 4), lambda: steps.append(None))
    assert len(steps) == 4
    for seed, number in ((3, 0), (4, 1)):
        before, after = (
            pipeline(f"a bird with {colour} wings", seed).stages[-1].images[0] for colour in ("red", "blue")
        )
        assert np.array_equal(pictures.before[number], before)
        assert np.array_equal(pictures.after[number], after)
    assert pictures.region.shape == (2, 512, 512)
    assert pictures.region.mean((1, 2)) == pytest.approx([0.25, 0.25])


def test_only_known_colours_are_swapped_and_only_where_there_is_attention(weights: Path, tmp_path: Path) -> None:
    pipeline = TextToImagePipeline.from_pretrained(weights, "cpu")
    assert known_swaps(pipeline, SWAPS) == list(SWAPS)
    assert known_swaps(pipeline, (WINGS, Swap("a {} bird", "red", "grey"))) == [WINGS]
    one_stage = TextToImagePipeline.from_pretrained(tiny_weights(tmp_path / "one", stages=1), "cpu")
    assert known_swaps(one_stage, SWAPS) == []
