"""Maps that sum to 1 over the places, discs and most attended quarters, worked by hand."""

from pathlib import Path

import numpy as np
import pytest

from model.evaluation.attention_maps import disc, most_attended, word_maps
from model.pipeline import Result, Stage, TextToImagePipeline


def result(*attentions: np.ndarray | None) -> Result:
    stages = [Stage(64, np.zeros((1, 64, 64, 3), np.uint8), attention, 0.0) for attention in attentions]
    return Result("a b", ["a", "b"], [], 0, 1, "none", "none", stages)


def test_every_stage_counts_the_same() -> None:
    first, second = np.zeros((1, 2, 64, 64), np.float32), np.zeros((1, 2, 128, 128), np.float32)
    first[0, 0, 5, 9] = 1.0
    second[0, 0, 20:22, 30:32] = 0.01  # one coarse place, (10, 15)
    first[0, 1] = second[0, 1] = 0.5
    maps = word_maps(result(None, first, second))
    assert maps is not None
    assert maps.sum((1, 2)) == pytest.approx([1, 1], abs=1e-4)
    assert maps[0, 5, 9] == pytest.approx(0.5)
    assert maps[0, 10, 15] == pytest.approx(0.5)
    assert maps[1] == pytest.approx(np.full((64, 64), 1 / 4096), rel=1e-4)


def test_a_painted_caption_has_a_map_for_each_word(weights: Path) -> None:
    painted = TextToImagePipeline.from_pretrained(weights, "cpu")("red bird with blue wings")
    maps = word_maps(painted)
    assert maps is not None
    assert maps.shape == (5, 64, 64)
    assert maps.sum((1, 2)) == pytest.approx(np.ones(5), rel=1e-3)


def test_one_stage_attends_to_nothing() -> None:
    assert word_maps(result(None)) is None


def test_a_disc_is_as_large_as_its_radius_says() -> None:
    middle = disc((0.5, 0.25), 0.2)
    assert middle.mean() == pytest.approx(np.pi * 0.2**2, rel=0.02)
    assert np.argwhere(middle).mean(0) == pytest.approx([16 - 0.5, 32 - 0.5])  # row, column
    assert disc((0.0, 0.0), 0.2).mean() == pytest.approx(np.pi * 0.2**2 / 4, rel=0.05)


def test_the_most_attended_quarter() -> None:
    attention = np.arange(16.0).reshape(4, 4)
    assert np.array_equal(most_attended(attention, 0.25), attention >= 12)
    assert most_attended(np.ones((4, 4)), 0.25).sum() == 4
