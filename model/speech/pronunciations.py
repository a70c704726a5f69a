"""How each word is spoken: CMU's dictionary, then the birders' words it lacks, then what the word is made of."""

import re
from pathlib import Path

from model.errors import DataError
from model.speech.letters import past, plural, spell_out
from model.speech.normalise import WORDS

BIRDERS = WORDS / "birders.dict"


class Pronunciations:
    """Phones in CMU's notation without stress, a string each, the commonest first."""

    def __init__(self, cmu: Path) -> None:
        self._spoken = read_dictionary(cmu)
        for word, spoken in read_dictionary(BIRDERS).items():
            self._spoken[word] = spoken + [old for old in self._spoken.get(word, []) if old not in spoken]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (word in self._spoken or (word.endswith("'s") and word[:-2] in self._spoken))

    def of(self, word: str) -> list[str]:
        """At least one pronunciation of any word."""
        return self._spoken.get(word) or self._made_of(word) or [spell_out(word)]

    def _made_of(self, word: str) -> list[str]:
        stems = [("'s", plural), ("es", plural), ("s", plural), ("ed", past), ("ish", _and_ish), ("like", _and_like)]
        for ending, spoken in stems:
            stem = word.removesuffix(ending)
            for known in (stem, stem + "e"):
                if stem != word and known in self._spoken:
                    return [spoken(phones) for phones in self._spoken[known]]
        halves = [(word[:cut], word[cut:]) for cut in range(3, len(word) - 2)]
        known_halves = [pair for pair in halves if all(half in self._spoken for half in pair)]
        if not known_halves:
            return []
        first, second = max(known_halves, key=lambda pair: min(map(len, pair)))
        return [f"{self._spoken[first][0]} {self._spoken[second][0]}"]


def read_dictionary(path: Path) -> dict[str, list[str]]:
    """A dictionary in CMU's form, "word(2) P HH OW N Z" a line; raises DataError when it is none."""
    spoken: dict[str, list[str]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"The dictionary {path} cannot be read: {error.strerror}.") from None
    for line in lines:
        word, _, phones = line.partition(" ")
        if not phones.strip():
            raise DataError(f"{path} is no pronunciation dictionary: it has the line {line!r}.")
        spoken.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(" ".join(phones.split()))
    return spoken


def dictionary_lines(words: list[str], pronunciations: Pronunciations) -> list[str]:
    """What PocketSphinx reads: a line for each pronunciation of each word."""
    return [
        f"{word}{f'({number})' if number > 1 else ''} {phones}"
        for word in words
        for number, phones in enumerate(dict.fromkeys(pronunciations.of(word)), 1)
    ]


def _and_ish(phones: str) -> str:
    return f"{phones} IH SH"


def _and_like(phones: str) -> str:
    return f"{phones} L AY K"
