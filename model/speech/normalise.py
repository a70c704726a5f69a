"""From what was written to what is said: lower case, no signs, numbers as words, one spelling for one sound."""

import re
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words"
_SIGNS = {"&": " and ", "+": " and ", "%": " percent ", "’": "'", "`": "'"}
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ONES = tuple(re.findall(r"\w+", f"zero one two three four five six seven eight nine {_TEENS}"))
_TENS = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
# "It's belly is white" sounds like "its belly"; only before these is it more likely to be short for "it is".
_AFTER_IT_IS = frozenset(
    ("a", "an", "the", "all", "also", "very", "mostly", "almost", "been", "not", "got", "covered", "mainly", "really")
)


def normalise(text: str) -> list[str]:
    """The words of a text as a person would say them; a word that nobody can say stays as it is written."""
    text = text.lower()
    for sign, said in _SIGNS.items():
        text = text.replace(sign, said)
    words: list[str] = []
    for token in re.findall(r"\d+|[^\W\d_]+(?:'[a-z]+)?", text):
        spelled = number(int(token)) if token.isdigit() else spellings().get(token, token)
        words += spelled.split()
    return _one_its(_joined(words))


def number(value: int) -> str:
    """Said in words up to 999; longer ones digit by digit."""
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (f" {_ONES[value % 10]}" if value % 10 else "")
    if value < 1000:
        return f"{_ONES[value // 100]} hundred" + (f" {number(value % 100)}" if value % 100 else "")
    return " ".join(_ONES[int(digit)] for digit in str(value))


@cache
def spellings() -> dict[str, str]:
    """Spelling variants and frequent slips of the pen, with what is said instead."""
    return {line.split()[0]: " ".join(line.split()[1:]) for line in table("spellings.txt")}


@cache
def compounds() -> dict[tuple[str, str], str]:
    """Pairs of words that sound like one word, with that word."""
    return {(first, second): whole for first, second, whole in (line.split() for line in table("compounds.txt"))}


def table(name: str) -> list[str]:
    """The lines of a file of `words`, without its comments."""
    lines = (WORDS / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _joined(words: list[str]) -> list[str]:
    joined: list[str] = []
    for word in words:
        whole = compounds().get((joined[-1], word)) if joined else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(word)
    return joined


def _one_its(words: list[str]) -> list[str]:
    after = [*words[1:], ""]
    return [
        "its" if word == "it's" and following not in _AFTER_IT_IS else word
        for word, following in zip(words, after, strict=False)
    ]
