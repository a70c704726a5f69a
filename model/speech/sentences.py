"""What people say to the program: the captions, the same after "um, I want", and pieces of them on their own."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from model.speech.kneser_ney import END, START, UNKNOWN, NGram
from model.speech.normalise import normalise, table
from model.speech.spelling import Corrector

EVERY_OPENED = 6  # one caption in so many is also said after an opening
EVERY_PIECE = 4  # and one in so many gives one of its pieces
LONGEST_PIECE = 8  # words
# A description, turned into the thing that somebody asks for.
_ASKED_FOR = (
    (("this", "bird", "has"), ("a", "bird", "with")),
    (("the", "bird", "has"), ("a", "bird", "with")),
    (("bird", "has"), ("a", "bird", "with")),
    (("this", "bird", "is"), ("a", "bird", "that", "is")),
    (("the", "bird", "is"), ("a", "bird", "which", "is")),
    (("this", "is"), ()),
    (("this",), ("a",)),
    (("the",), ("a",)),
    (("bird",), ("a", "bird")),
)


def spoken_sentences(captions: Iterable[str], corrector: Corrector) -> Iterator[list[str]]:
    """The words of what may be said, UNKNOWN for those that nobody can make out; the same for the same captions."""
    openings = [line.split() for line in table("openings.txt")]
    for number, caption in enumerate(captions):
        words = corrected(normalise(caption), corrector)
        if not words:
            continue
        yield words
        if number % EVERY_OPENED == 0:
            yield openings[number // EVERY_OPENED % len(openings)] + asked_for(words)
        if number % EVERY_PIECE == 0:
            parts = [corrected(normalise(part), corrector) for part in re.split(r"[,.;]| with | has | and ", caption)]
            short = [part for part in parts if 2 <= len(part) <= LONGEST_PIECE]
            if short:
                yield short[number // EVERY_PIECE % len(short)]


def corrected(words: list[str], corrector: Corrector) -> list[str]:
    return [meant for word in words for meant in corrector.correct(word) or (UNKNOWN,)]


def asked_for(words: list[str]) -> list[str]:
    """A caption as what follows "I want": "this bird has a red head" becomes "a bird with a red head"."""
    for said, asked in _ASKED_FOR:
        if tuple(words[: len(said)]) == said:
            return [*asked, *words[len(said) :]]
    return words


def trigrams(sentences: Iterable[list[str]], vocabulary: frozenset[str]) -> Counter[NGram]:
    """How often every three words follow each other, two STARTs before and an END after each sentence."""
    counts: Counter[NGram] = Counter()
    for sentence in sentences:
        said = [START, START, *(word if word in vocabulary else UNKNOWN for word in sentence), END]
        counts.update(zip(said, said[1:], said[2:], strict=False))
    return counts
