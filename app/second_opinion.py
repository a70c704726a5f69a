"""The text that two listeners and a language model agree on best.

PocketSphinx proposes what it heard, Whisper several readings of its own. All passages in which they differ from the
best text so far make a lattice; Whisper looks at the most promising ways through it until that finds no better text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple, Protocol

# Chosen on the development voices; log probabilities are natural ones.
LANGUAGE = 1.0  # how much the language model's log probability counts beside Whisper's
WORD = 2.0  # for every word, or short texts would win
AGREED = 8.0  # for every word that PocketSphinx is sure of, less where it is less sure
HEARD = 8.0  # for every word that is in all of Whisper's readings, before Whisper is asked about the whole
UNKNOWN = -20.0  # ln p of a word that the language model has never seen, and the painter neither
MOST_LOOKS = 14  # texts that Whisper is asked about
AT_ONCE = 6  # of them before the best so far is chosen anew
OTHERS = 20  # of PocketSphinx's texts whose passages are considered
WAYS = 30  # through the lattice that are followed on from a place
EVENED = 0.2  # power of the shares of likelihood, which say more than Whisper knows
LOGARITHM = math.log(1.0001)  # of the base PocketSphinx counts in


@dataclass(frozen=True)
class Proposals:
    """PocketSphinx's texts, the likeliest first, and how sure it is of each word of the first (0 to 1)."""

    texts: list[str]
    sure: list[float]


class Ears(Protocol):
    def texts(self) -> list[str]:
        """Several readings, the best first; the same one may come again, and all may be missing."""

    def log_probability(self, text: str) -> float: ...


class Passage(NamedTuple):
    """`words` in place of those from `start` to `end` of another text."""

    start: int
    end: int
    words: tuple[str, ...]


def weigh(proposals: Proposals, ears: Ears, language: Any) -> dict[str, float]:
    """Texts and their shares of all likelihood, those first that are expected to have the fewest words wrong.

    language: PocketSphinx's n-gram model.
    """
    first = proposals.texts[0]
    heard = ears.texts()
    if heard and 2 * heard.count(first) >= len(heard):
        return {first: 1.0}
    seen: dict[str, float] = {}

    def look(text: str) -> None:
        words = text.split()
        agreed = AGREED * _agreed(first.split(), proposals.sure, words)
        seen[text] = ears.log_probability(text) + _as_description((), (*words, "</s>"), language) + agreed

    for text in dict.fromkeys((first, *heard[:1])):
        look(text)
    while len(seen) < MOST_LOOKS:
        best = max(seen, key=seen.__getitem__)
        ways = _ways(_lattice(best.split(), proposals, heard), len(best.split()), language)
        for text in [text for text in ways if text and text not in seen][: min(AT_ONCE, MOST_LOOKS - len(seen))]:
            look(text)
        if best == max(seen, key=seen.__getitem__):
            break
    return _fewest_errors_first(_shares(seen))


def _lattice(words: list[str], proposals: Proposals, heard: list[str]) -> dict[Passage, float]:
    """What is said of each passage: by PocketSphinx as far as it is sure, by Whisper in each of its readings."""
    said = {Passage(at, at + 1, (word,)): 0.0 for at, word in enumerate(words)}

    def add(others: list[str], worth: list[float]) -> None:
        for kind, start, end, begin, stop in SequenceMatcher(None, words, others, False).get_opcodes():
            if kind == "equal":
                for at, word, more in zip(range(start, end), words[start:end], worth[begin:stop], strict=True):
                    said[Passage(at, at + 1, (word,))] += more
            else:
                passage = Passage(start, end, tuple(others[begin:stop]))
                said[passage] = said.get(passage, 0.0) + sum(worth[begin:stop])

    add(proposals.texts[0].split(), [AGREED * sure for sure in proposals.sure])
    for text in proposals.texts[1:OTHERS]:
        add(text.split(), [0.0] * len(text.split()))
    for text in heard:
        add(text.split(), [HEARD / len(heard)] * len(text.split()))
    return said


def _ways(lattice: dict[Passage, float], length: int, language: Any) -> list[str]:
    """Texts made of passages, the most promising first: a beam search from place to place."""
    beams: list[dict[tuple[str, ...], float]] = [{(): 0.0}, *({} for _ in range(length))]
    for place, beam in enumerate(beams):
        for way in sorted(beam, key=beam.__getitem__, reverse=True)[WAYS:]:
            del beam[way]
        for between in (True, False):  # first at most one passage that takes no word's place
            steps = [step for step in lattice if step.start == place and (step.end == place) == between]
            for way, so_far in list(beam.items()):
                for step in steps:
                    longer, goal = way + step.words, beams[step.end]
                    worth = so_far + lattice[step] + _as_description(way, step.words, language)
                    goal[longer] = max(worth, goal.get(longer, -math.inf))
    ended = {way: worth + _as_description(way, ("</s>",), language) for way, worth in beams[-1].items()}
    return [" ".join(way) for way in sorted(ended, key=ended.__getitem__, reverse=True)]


def _as_description(before: tuple[str, ...], words: tuple[str, ...], language: Any) -> float:
    """What `words` are worth after others: ln p by a trigram model, and something for every word."""
    worth, history = WORD * (len(words) - words.count("</s>")), ("<s>", *before[-2:])[-2:]
    for word in words:
        # the model takes the word first, and then what was before, backwards
        worth += LANGUAGE * max(language.prob([word, *history[::-1]]) * LOGARITHM, UNKNOWN)
        history = (*history, word)[-2:]
    return worth


def _agreed(words: list[str], sure: list[float], others: list[str]) -> float:
    blocks = SequenceMatcher(None, words, others, False).get_matching_blocks()
    return sum(sum(sure[block.a : block.a + block.size]) for block in blocks)


def _shares(seen: dict[str, float]) -> dict[str, float]:
    most = max(seen.values())
    weights = {text: math.exp(seen[text] - most) for text in sorted(seen, key=seen.__getitem__, reverse=True)}
    return {text: weight / sum(weights.values()) for text, weight in weights.items()}


def _fewest_errors_first(shares: dict[str, float]) -> dict[str, float]:
    """By how much they differ from one another, likely ones counting more (minimum Bayes risk, Goel and Byrne 2000)."""
    weights = {text: share**EVENED for text, share in shares.items()}

    def errors(text: str) -> float:
        return sum(weight * _different(text.split(), other.split()) for other, weight in weights.items())

    return {text: shares[text] for text in sorted(shares, key=errors)}


def _different(words: list[str], others: list[str]) -> int:
    """How many words of the longer one are not in the other, in the same order."""
    return max(len(words), len(others)) - round(_agreed(words, [1.0] * len(words), others))
