"""Captions to words, words to tokens, and back from disk."""

from pathlib import Path

import pytest

from model.errors import WeightsError
from model.vocabulary import PADDING, Vocabulary, split_words


def test_captions_are_split_like_attngans() -> None:
    caption = "A red-winged bird, with 2 WHITE wing-bars."
    assert " ".join(split_words(caption)) == "a red winged bird with 2 white wing bars"
    assert split_words("the bird\ufffds beak") == ["the", "bird", "s", "beak"]
    assert split_words(" .,-! ") == []


def test_known_words_become_tokens_in_order_and_unknown_ones_are_told() -> None:
    vocabulary = Vocabulary((PADDING, "red", "bird"))
    assert vocabulary.encode("Bird, glittering red bird!") == ([2, 1, 2], ["glittering"])


def test_padding_cannot_be_said() -> None:
    vocabulary = Vocabulary((PADDING, "red"))
    assert vocabulary.encode("<end> red") == ([1], ["end"])


def test_built_from_captions_the_most_frequent_first() -> None:
    captions = ["red bird", "Red bird", "a red bird", "red a owl", "a bird"]
    assert Vocabulary.build(captions).words == (PADDING, "bird", "red", "a")


def test_round_trip_keeps_every_token(tmp_path: Path) -> None:
    vocabulary = Vocabulary((PADDING, "red", "naïve", "bird"))
    vocabulary.save(tmp_path / "vocabulary.txt")
    assert (tmp_path / "vocabulary.txt").read_text(encoding="utf-8").splitlines()[2] == "naïve"
    assert Vocabulary.load(tmp_path / "vocabulary.txt") == vocabulary


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="vocabulary"):
        Vocabulary.load(tmp_path / "vocabulary.txt")
    (tmp_path / "vocabulary.txt").write_bytes(b"\xff\xfe\xfa")
    with pytest.raises(WeightsError, match="vocabulary"):
        Vocabulary.load(tmp_path / "vocabulary.txt")
