"""Which word a rare, unknown one was meant to be: one slip of the pen away from a word that is far more frequent."""

from collections import Counter
from collections.abc import Callable, Iterator

LETTERS = "abcdefghijklmnopqrstuvwxyz'"
TIMES_AS_FREQUENT = 30


class Corrector:
    """Learns from counts; `correct` gives the words that were meant, or () when nobody can tell."""

    def __init__(self, counts: Counter[str], known: Callable[[str], bool]) -> None:
        self._counts = counts
        self._known = known
        self._meant: dict[str, tuple[str, ...]] = {}

    def correct(self, word: str) -> tuple[str, ...]:
        if word not in self._meant:
            self._meant[word] = (word,) if self._known(word) else self._guess(word)
        return self._meant[word]

    def _guess(self, word: str) -> tuple[str, ...]:
        needed = max(TIMES_AS_FREQUENT * self._counts[word], 200)
        likely = [other for other in set(slips(word)) if self._counts[other] >= needed and self._known(other)]
        if likely and len(word) > 2:
            return (max(likely, key=lambda other: (self._counts[other], other)),)
        halves = [(word[:cut], word[cut:]) for cut in range(1, len(word))]
        frequent = [pair for pair in halves if all(self._counts[half] >= needed and self._known(half) for half in pair)]
        if frequent:
            return max(frequent, key=lambda pair: (min(self._counts[half] for half in pair), pair))
        return ()


def slips(word: str) -> Iterator[str]:
    """All that one letter left out, doubled up, swapped with its neighbour or mistyped makes of a word."""
    for cut in range(len(word) + 1):
        left, right = word[:cut], word[cut:]
        if right:
            yield left + right[1:]
            yield from (left + letter + right[1:] for letter in LETTERS)
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        yield from (left + letter + right for letter in LETTERS)
