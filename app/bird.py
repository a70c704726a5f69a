"""One painting in words and numbers: what was asked for and who painted it, enough to paint the same again."""

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

LARGEST_SEED = 2**31 - 1
MOST_SAMPLES = 100
LARGEST_PICTURE = 4096
LONGEST_SLUG = 48


@dataclass(frozen=True)
class Bird:
    caption: str
    seed: int
    samples: int
    weights: str
    weights_hash: str
    """SHA-256 of the weight set; the name alone does not say which training it came from."""
    device: str
    tokens: list[str]
    unknown_words: list[str]
    sizes: list[int]
    """Of all stages, also of those that were never painted."""
    first_sample: int = 0
    """The number, among all the samples of its seed, of the first that was painted."""

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, stored: Any) -> "Bird":
        """Raises ValueError for anything that `to_json` could not have written."""
        fields = dataclasses.fields(cls)
        needed = [field.name for field in fields if field.default is dataclasses.MISSING]
        if not (isinstance(stored, dict) and all(name in stored for name in needed)):
            raise ValueError("it does not describe a bird")
        bird = cls(**{field.name: stored[field.name] for field in fields if field.name in stored})
        sound = (
            all(isinstance(text, str) for text in (bird.caption, bird.weights, bird.weights_hash, bird.device))
            and _is_whole(bird.seed, 0, LARGEST_SEED)
            and _is_whole(bird.samples, 1, MOST_SAMPLES)
            and _is_whole(bird.first_sample, 0, MOST_SAMPLES)
            and all(isinstance(words, list) for words in (bird.tokens, bird.unknown_words, bird.sizes))
            and all(isinstance(word, str) for word in bird.tokens + bird.unknown_words)
            and all(_is_whole(size, 1, LARGEST_PICTURE) for size in bird.sizes)
        )
        if not sound:
            raise ValueError("what it says of the bird makes no sense")
        return bird


def seed_problem(text: str) -> str:
    """What is wrong with a seed that somebody wrote, in one sentence; nothing for nothing, which draws a new one."""
    short = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_SEED))
    if not text or (short and int(text) <= LARGEST_SEED):
        return ""
    return f"The seed is a whole number from 0 to {LARGEST_SEED}, or nothing for a new one."


def slug(caption: str) -> str:
    """The description as a file name: `a-small-red-bird`."""
    return "-".join(re.findall(r"\w+", caption.lower()))[:LONGEST_SLUG].rstrip("-")


def _is_whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most
