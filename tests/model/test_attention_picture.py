"""Which words a stage attended to, and pictures of where."""

import numpy as np
import pytest

from model.attention_picture import attention_overlay, attention_sheet, top_words
from model.pipeline import Stage

WORDS = ["a", "small", "red", "bird", "with", "wings"]
IMAGES = np.full((2, 64, 64, 3), 200, np.uint8)


def stage_attending(*weights: float) -> Stage:
    """The second sample attends evenly over the picture with these weights, the first only to the first word."""
    attention = np.zeros((2, len(weights), 32, 32), np.float32)
    attention[0, 0] = 1
    attention[1] = np.array(weights, np.float32)[:, None, None]
    return Stage(64, IMAGES, attention, 0.1)


def test_top_words_are_the_most_attended_ones_best_first() -> None:
    stage = stage_attending(0.05, 0.2, 0.3, 0.15, 0.1, 0.2)
    words = top_words(stage, WORDS, sample=1)
    assert [word.word for word in words] == ["red", "small", "wings", "bird", "with"]
    assert [word.index for word in words] == [2, 1, 5, 3, 4]
    assert [word.weight for word in words] == pytest.approx([0.3, 0.2, 0.2, 0.15, 0.1])
    assert top_words(stage, WORDS, sample=0, count=1)[0].word == "a"


def test_a_word_said_twice_counts_at_each_place() -> None:
    words = top_words(stage_attending(0.1, 0.5, 0.4), ["red", "and", "red"], sample=1)
    assert [(word.word, word.index) for word in words] == [("and", 1), ("red", 2), ("red", 0)]


def test_the_initial_stage_attends_to_nothing() -> None:
    initial = Stage(64, IMAGES, None, 0.1)
    assert top_words(initial, WORDS, 0) == []
    with pytest.raises(ValueError, match="initial"):
        attention_sheet(initial, WORDS, 0)


def test_an_overlay_glows_where_the_word_was_attended_to() -> None:
    attention = np.zeros((32, 32), np.float32)
    attention[:16] = 0.01
    overlay = np.asarray(attention_overlay(IMAGES[0], attention)).astype(float)
    assert overlay.shape == (64, 64, 3)
    assert overlay[:24].mean() > overlay[40:].mean() + 50


def test_even_attention_glows_nowhere() -> None:
    overlay = np.asarray(attention_overlay(IMAGES[0], np.full((32, 32), 0.5, np.float32)))
    assert (overlay == overlay[0, 0]).all()


def test_an_attention_sheet_starts_with_the_picture_and_shows_where_a_word_looked() -> None:
    attention = np.zeros((1, 2, 32, 32), np.float32)
    attention[0, 0] = 0.75
    attention[0, 1] = 0.25
    attention[0, 0, :16], attention[0, 1, :16] = 0.6, 0.4  # "red" looks down, "bird" up
    images = np.full((1, 64, 64, 3), 200, np.uint8)
    stage = Stage(64, images, attention, 0.1)
    sheet = np.asarray(attention_sheet(stage, ["red", "bird"], 0))
    assert np.array_equal(sheet[:64, :64], images[0])
    red, bird = (sheet[:64, start : start + 64].astype(float).mean((1, 2)) for start in (68, 136))
    assert red[50:].mean() > red[:14].mean() + 20
    assert bird[:14].mean() > bird[50:].mean() + 20
