"""Colour measures on features and pictures that are known."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from model.evaluation import colours
from model.evaluation.colours import (
    ColourGrid,
    change_by_noise,
    change_by_word,
    diversity,
    faithfulness,
    paint_colours,
    within_species,
)
from model.evaluation.judge import Judge
from model.pipeline import TextToImagePipeline

KNOWN = ("red", "blue", "black")
SHAPE = (len(KNOWN), len(colours.SENTENCES), 3)  # three seeds


class ColourJudge(Judge):
    """Reads nothing but the colour."""

    def __init__(self) -> None:
        pass

    def read(self, captions: list[str]) -> Tensor:
        return torch.stack([torch.eye(3)[[name in caption for name in KNOWN].index(True)] for caption in captions])


def grid(features: Tensor | None = None, images: np.ndarray | None = None) -> ColourGrid:
    return ColourGrid(
        KNOWN,
        np.zeros((*SHAPE, 2, 2, 3), np.uint8) if images is None else images,
        torch.zeros(*SHAPE, 3) if features is None else features,
        torch.zeros(*SHAPE, 3, 8, 8, dtype=torch.half),
    )


def test_eight_colours_in_several_sentences_with_sixteen_noises() -> None:
    assert len(colours.COLOURS) == 8
    assert len(colours.SENTENCES) > 1
    assert len(set(colours.SEEDS)) == 16


def test_a_colour_is_seen_where_its_sentence_fits_best() -> None:
    features = torch.zeros(*SHAPE, 3)
    features[0, ..., 0] = 1  # red is always red
    features[1, ..., 2] = 1  # blue is always black
    features[2, ..., 0] = 0.4
    features[2, 0, :, 2] = 0.5  # black is black in the first sentence, else red
    shares, deviation = faithfulness(grid(features), ColourJudge())
    assert shares == pytest.approx({"red": 1.0, "blue": 0.0, "black": 1 / len(colours.SENTENCES)})
    assert deviation == pytest.approx(0)


def test_the_deviation_is_over_the_seeds() -> None:
    features = torch.zeros(*SHAPE, 3)
    features[..., 0] = 1  # everything is red ...
    features[:, :, 2] = torch.eye(3)[:, None]  # ... but with the third noise all is as asked
    shares, deviation = faithfulness(grid(features), ColourJudge())
    assert shares == pytest.approx({"red": 1.0, "blue": 1 / 3, "black": 1 / 3})
    assert deviation == pytest.approx(float(np.std([1 / 3, 1 / 3, 1])))


def test_changes_by_word_and_by_noise_are_told_apart() -> None:
    images = np.zeros((*SHAPE, 2, 2, 3), np.uint8)
    images += np.array([0, 30, 60], np.uint8)[:, None, None, None, None, None]
    images += np.array([0, 3, 6], np.uint8)[:, None, None, None]
    assert change_by_word(grid(images=images)) == pytest.approx((30 + 30 + 60) / 3)
    assert change_by_noise(grid(images=images)) == pytest.approx((3 + 3 + 6) / 3)


def test_diversity_is_how_far_pictures_of_a_sentence_are_apart() -> None:
    same = torch.zeros(*SHAPE, 3)
    same[..., 1] = 1
    assert diversity(same) == pytest.approx(0)
    assert diversity(torch.eye(3).expand(*SHAPE, 3)) == pytest.approx(1)
    east, slanted = torch.tensor([1.0, 0.0]), torch.tensor([0.6, 0.8])
    assert diversity(torch.stack((east, east, slanted))) == pytest.approx(1 - (1 + 0.6 + 0.6) / 3)


def test_photos_are_compared_with_those_of_their_species() -> None:
    east, north, slanted = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), torch.tensor([0.6, 0.8])
    photos = torch.stack((east, north, slanted, north, east))
    assert within_species(diversity, photos, torch.tensor([7, 3, 7, 3, 9])) == pytest.approx((0.4 + 0) / 2)
    assert within_species(diversity, photos, torch.arange(5)) is None


def test_every_known_colour_is_painted_in_every_sentence(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colours, "SENTENCES", colours.SENTENCES[:2])
    pipeline = TextToImagePipeline.from_pretrained(weights, "cpu")
    steps: list[None] = []
    judge = Judge.from_folder(weights, pipeline.device)
    painted = paint_colours(pipeline, judge, (0, 7), lambda: steps.append(None))
    assert painted.colours == ("red", "blue", "yellow", "black", "white")
    assert len(steps) == 5 * 2 * 2
    asked = pipeline(colours.SENTENCES[1].format("yellow"), seed=7).stages[-1].images[0]
    assert np.array_equal(painted.images[2, 1, 1], asked)
    assert painted.features.shape == (*painted.images.shape[:3], pipeline.config.text_size)
    torch.testing.assert_close(painted.features[2, 1, 1], judge.see(asked[None])[0], rtol=1e-4, atol=1e-5)
