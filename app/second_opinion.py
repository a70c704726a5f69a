"""The text that two listeners and a language model agree on best.

PocketSphinx proposes what it heard, Whisper what it heard; then passages are exchanged between the proposals as long as
that makes the whole likelier: by Whisper's ear, as a bird description, and by PocketSphinx's ear word for word.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Protocol

# Chosen on the development voices; log probabilities are natural ones.
LANGUAGE = 1.2  # how much the language model's log probability counts beside Whisper's
WORD = 3.0  # for every word, or short texts would win
AGREED = 6.0  # for every word that PocketSphinx is sure of, less where it is less sure
UNKNOWN = -20.0  # ln p of a word that the language model has never seen, and the painter neither
MOST_LOOKS = 14  # texts that Whisper is asked about
AT_ONCE = 6  # of them between two choices
LOGARITHM = math.log(1.0001)  # of the base PocketSphinx counts in


@dataclass(frozen=True)
class Proposals:
    """PocketSphinx's texts, the likeliest first, and how sure it is of each word of the first (0 to 1)."""

    texts: list[str]
    sure: list[float]


class Ears(Protocol):
    def texts(self) -> list[str]: ...

    def log_probability(self, text: str) -> float: ...


def weigh(proposals: Proposals, ears: Ears, language: Any) -> dict[str, float]:
    """Texts, the likeliest first, and their shares of all likelihood; `language` is PocketSphinx's n-gram model."""
    first = proposals.texts[0]
    heard = ears.texts()
    if heard[:1] == [first]:
        return {first: 1.0}

    @cache
    def plausible(text: str) -> float:
        """All but Whisper's part, which costs the most."""
        agreed = _agreed(first.split(), proposals.sure, text.split())
        return LANGUAGE * _language(language, text) + WORD * len(text.split()) + AGREED * agreed

    seen: dict[str, float] = {}

    def look(text: str) -> None:
        seen[text] = ears.log_probability(text) + plausible(text)

    for text in (first, *heard[:1]):
        look(text)
    pool = list(dict.fromkeys(proposals.texts + heard))
    while len(seen) < MOST_LOOKS:
        best = max(seen, key=seen.__getitem__)
        new = {text for text in _exchanged(best, pool) if text and text not in seen}
        room = min(AT_ONCE, MOST_LOOKS - len(seen))
        for text in sorted(new, key=lambda text: (-plausible(text), text))[:room]:
            look(text)
        if best == max(seen, key=seen.__getitem__):
            break
    return _shares(seen)


def _exchanged(text: str, pool: list[str]) -> Iterator[str]:
    """The others whole, and `text` with one passage as in one of them."""
    words = text.split()
    for other in pool:
        theirs = other.split()
        yield other
        for kind, start, end, their_start, their_end in SequenceMatcher(None, words, theirs, False).get_opcodes():
            if kind != "equal":
                yield " ".join(words[:start] + theirs[their_start:their_end] + words[end:])


def _agreed(words: list[str], sure: list[float], others: list[str]) -> float:
    blocks = SequenceMatcher(None, words, others, False).get_matching_blocks()
    return sum(sum(sure[block.a : block.a + block.size]) for block in blocks)


def _language(language: Any, text: str) -> float:
    """ln p of the sentence by a trigram model, which takes the word first and then what went before, backwards."""
    words = ["<s>", *text.split(), "</s>"]
    histories = (words[max(0, at - 2) : at + 1][::-1] for at in range(1, len(words)))
    return sum(max(language.prob(history) * LOGARITHM, UNKNOWN) for history in histories)


def _shares(seen: dict[str, float]) -> dict[str, float]:
    most = max(seen.values())
    weights = {text: math.exp(seen[text] - most) for text in sorted(seen, key=seen.__getitem__, reverse=True)}
    return {text: weight / sum(weights.values()) for text, weight in weights.items()}
