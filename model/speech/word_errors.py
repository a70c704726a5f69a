"""How many words were heard wrong: all of them, and those that name a colour or a part of a bird."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from nltk.metrics.distance import edit_distance_align

from model.speech.normalise import normalise, table

Pair = tuple[str | None, str | None]


@dataclass
class WordErrors:
    """Counts over any number of sentences."""

    words: int = 0
    wrong: int = 0
    """Substituted, left out or put in."""
    named: int = 0
    """Words for colours and parts among them."""
    named_wrong: int = 0
    """Substituted or left out, and those put in where nothing was said."""

    def add(self, said: str, heard: str) -> None:
        """Both are normalised first, so that "gray" for "grey" is no error."""
        telling = telling_words()
        for spoken, understood in aligned(normalise(said), normalise(heard)):
            self.words += spoken is not None
            self.wrong += spoken != understood
            self.named += spoken in telling
            self.named_wrong += spoken != understood and (
                spoken in telling or (spoken is None and understood in telling)
            )

    @property
    def rate(self) -> float:
        return self.wrong / max(self.words, 1)

    @property
    def named_rate(self) -> float:
        return self.named_wrong / max(self.named, 1)


@cache
def telling_words() -> frozenset[str]:
    """Colours and parts, the words that a painting depends on most."""
    return frozenset(word for line in table("telling.txt") for word in line.split())


def aligned(said: list[str], heard: list[str]) -> list[Pair]:
    """Pairs of words with the least edits (Levenshtein); None where one was left out or put in."""
    path = edit_distance_align(said, heard)  # numbers of words done with on both sides, from (0, 0) on
    return [
        (said[row] if next_row > row else None, heard[column] if next_column > column else None)
        for (row, column), (next_row, next_column) in pairwise(path)
    ]
