"""The language model: probabilities that add up, and text that other programs read."""

from pathlib import Path

import pytest

from model.speech.arpa import write_arpa
from model.speech.kneser_ney import END, START, BackoffModel, estimate
from model.speech.sentences import trigrams

SENTENCES = [
    line.split()
    for line in (
        "a small red bird",
        "a small red bird with white wings",
        "a large white bird with red wings",
        "this bird is red and white",
        "this bird is small and red",
        "this bird has red wings and a small beak",
    )
]
VOCABULARY = frozenset(word for sentence in SENTENCES for word in sentence) | {"parrot"}


@pytest.fixture(params=[-100.0, 0.3], ids=["whole", "pruned"])
def model(request: pytest.FixtureRequest) -> BackoffModel:
    return estimate(trigrams(SENTENCES, VOCABULARY), VOCABULARY, request.param)


@pytest.mark.parametrize("history", [(), (START,), ("bird",), ("small", "red"), ("parrot", "is"), ("wings", "and")])
def test_after_any_words_all_words_together_are_certain(model: BackoffModel, history: tuple[str, ...]) -> None:
    total = sum(model.probability((*history, word)) for word in (*model.vocabulary, END))
    assert total == pytest.approx(1, abs=1e-6)


def test_what_was_said_is_likelier_and_what_never_was_is_possible(model: BackoffModel) -> None:
    assert model.probability(("small", "red")) > model.probability(("small", "is"))
    assert model.probability(("small", "parrot")) > 0


def test_pruning_leaves_less() -> None:
    whole, pruned = (estimate(trigrams(SENTENCES, VOCABULARY), VOCABULARY, gain) for gain in (-100.0, 0.3))
    assert len(pruned.probabilities[2]) < len(whole.probabilities[2])


def test_the_file_says_how_much_it_holds_and_is_always_the_same(model: BackoffModel, tmp_path: Path) -> None:
    write_arpa(model, tmp_path / "one.arpa")
    write_arpa(model, tmp_path / "two.arpa")
    text = (tmp_path / "one.arpa").read_text()
    assert text == (tmp_path / "two.arpa").read_text()
    header, *parts = text.split("-grams:\n")
    for size, part in enumerate(parts, 1):
        lines = [line for line in part.splitlines() if "\t" in line]
        assert f"ngram {size}={len(lines)}\n" in header
