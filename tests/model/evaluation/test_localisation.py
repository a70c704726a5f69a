"""Attention near a part, against even attention, worked by hand."""

import numpy as np
import pytest
import torch

from model.evaluation.localisation import RADIUS, Localisation, attended, words_of
from model.pipeline import Result, Stage

HERE, THERE = (0.25, 0.25), (0.75, 0.75)


def maps_at(*places: tuple[float, float]) -> np.ndarray:
    """One map a word, all of it at one place."""
    maps = np.zeros((len(places), 64, 64), np.float32)
    for word, (x, y) in enumerate(places):
        maps[word, int(64 * y), int(64 * x)] = 1
    return maps


def test_attention_is_near_or_it_is_not() -> None:
    maps = maps_at(HERE, THERE, THERE)
    near = attended(maps, [0], HERE)
    assert (near.mass, near.other_words, near.peak) == (1, 0, True)
    far = attended(maps, [0], THERE)
    assert (far.mass, far.other_words, far.peak) == (0, 1, False)
    assert near.chance == pytest.approx(np.pi * RADIUS**2, rel=0.02)
    both = attended(maps, [0, 1], HERE)
    assert (both.mass, both.other_words) == (0.5, 0)


def test_even_attention_is_chance() -> None:
    found = attended(np.full((2, 64, 64), 1 / 4096, np.float32), [1], HERE)
    assert found.mass == pytest.approx(found.chance, rel=1e-4)
    assert found.other_words == pytest.approx(found.chance, rel=1e-4)


def test_a_caption_of_one_word_is_compared_with_chance() -> None:
    alone = attended(maps_at(HERE), [0], HERE)
    assert alone.other_words == alone.chance


def test_parts_are_known_by_their_words() -> None:
    tokens = ["a", "bird", "with", "a", "short", "bill", "and", "brown", "wings", "and", "another", "bill"]
    assert words_of("beak", tokens) == [5, 11]
    assert words_of("wings", tokens) == [8]
    assert words_of("crown", tokens) == []


def test_means_over_pictures_and_none_for_unnamed_parts() -> None:
    kept = Localisation()
    places = torch.tensor([HERE, HERE, HERE, HERE])
    for place in (HERE, THERE):
        attention = maps_at(place, THERE)[None]
        stage = Stage(128, np.zeros((1, 128, 128, 3), np.uint8), attention, 0.0)
        kept.add(Result("beak bird", ["beak", "bird"], [], 0, 1, "none", "none", [stage]), places)
    found = kept.findings()
    assert found["wings"] is found["belly"] is found["crown"] is None
    beak = found["beak"]
    assert beak is not None
    assert (beak["mass"], beak["peak"], beak["other_words"], beak["pictures"]) == (0.5, 0.5, 0, 2)
    assert beak["deviation"] == pytest.approx(0.5 / 2**0.5)
