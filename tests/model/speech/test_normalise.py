"""What is written becomes what is said, and slips of the pen become the words that were meant."""

from collections import Counter

import pytest

from model.speech.normalise import normalise
from model.speech.spelling import Corrector


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("This bird is Gray & white.", "this bird is grey and white"),
        ("a medium-sized bird with 2 wing bars", "a medium sized bird with two wingbars"),
        ("it's belly is white", "its belly is white"),
        ("it's a black/white bird", "it's a black white bird"),
        ("25 feathers, 140 spots", "twenty five feathers one hundred forty spots"),
        ("long retrices and an eye ring", "long rectrices and an eyering"),
        ("", ""),
        ("...!", ""),
    ],
)
def test_written_words_become_spoken_ones(written: str, said: str) -> None:
    assert " ".join(normalise(written)) == said


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yelow", ("yellow",)),
        ("withblack", ("with", "black")),
        ("beka", ("beak",)),
        ("qxzzy", ()),
        ("black", ("black",)),
    ],
)
def test_a_rare_slip_is_the_frequent_word_it_resembles(written: str, meant: tuple[str, ...]) -> None:
    known = {"yellow": 900, "with": 5000, "black": 4000, "beak": 2000}
    corrector = Corrector(Counter(known) + Counter([written]), known.__contains__)
    assert corrector.correct(written) == meant
