"""How words are spoken: from the dictionary, from a birder, from what they are made of, from their letters."""

from pathlib import Path

import pytest

from model.errors import DataError
from model.speech.letters import spell_out
from model.speech.pronunciations import Pronunciations, dictionary_lines


@pytest.fixture
def pronunciations(tmp_path: Path) -> Pronunciations:
    path = tmp_path / "cmu.dict"
    path.write_text("bird B ER D\nred R EH D\neye AY\npatch P AE CH\ntomato T AH M EY T OW\ntomato(2) T AH M AA T OW\n")
    return Pronunciations(path)


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("bird", ["B ER D"]),
        ("tomato", ["T AH M EY T OW", "T AH M AA T OW"]),
        ("nape", ["N EY P"]),
        ("bird's", ["B ER D Z"]),
        ("patches", ["P AE CH AH Z"]),
        ("reddish", ["R EH D IH SH"]),
        ("birdlike", ["B ER D L AY K"]),
        ("eyepatch", ["AY P AE CH"]),
        ("snape", ["S N EY P"]),
    ],
)
def test_every_word_has_a_pronunciation(pronunciations: Pronunciations, word: str, spoken: list[str]) -> None:
    assert pronunciations.of(word) == spoken


def test_rectrices_may_be_said_in_many_ways(pronunciations: Pronunciations) -> None:
    lines = dictionary_lines(["rectrices"], pronunciations)
    assert lines[0] == "rectrices R EH K T R IH S IY Z"
    assert lines[1].startswith("rectrices(2) ")
    assert len(set(lines)) == len(lines) > 4


@pytest.mark.parametrize("word", ["a", "zzyzx", "xylophones", "qu", "o'o", "bcdfg", "eee"])
def test_letters_alone_are_enough(word: str) -> None:
    assert spell_out(word)


def test_a_file_that_is_no_dictionary_is_named(tmp_path: Path) -> None:
    (tmp_path / "no.dict").write_text("nothing\n")
    with pytest.raises(DataError, match="is no pronunciation dictionary"):
        Pronunciations(tmp_path / "no.dict")
    with pytest.raises(DataError, match="cannot be read"):
        Pronunciations(tmp_path / "missing.dict")
