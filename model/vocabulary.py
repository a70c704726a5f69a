"""Words to numbers and back: tokenizing captions the way AttnGAN's data was."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nltk.tokenize import RegexpTokenizer

from model.errors import WeightsError

PADDING = "<end>"  # token 0: pads captions to one length, as in the published vocabularies

_tokenizer = RegexpTokenizer(r"\w+")


def split_words(caption: str) -> list[str]:
    """Lower-case words of a caption, without punctuation: "A red-winged bird." -> a, red, winged, bird."""
    words: list[str] = _tokenizer.tokenize(caption.lower().replace("\ufffd", " "))
    return words


@dataclass(frozen=True)
class Vocabulary:
    """The words a text encoder knows; a word's token is its place in `words`, and token 0 is padding."""

    words: tuple[str, ...]

    @cached_property
    def token_of(self) -> dict[str, int]:
        """Token of every word except the padding."""
        return {word: token for token, word in enumerate(self.words) if token > 0}

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, caption: str) -> tuple[list[int], list[str]]:
        """Tokens of the known words in order, and the words that are not known."""
        words = split_words(caption)
        tokens = [self.token_of[word] for word in words if word in self.token_of]
        return tokens, [word for word in words if word not in self.token_of]

    @classmethod
    def build(cls, captions: Iterable[str], minimum_count: int = 3) -> "Vocabulary":
        """All words seen at least `minimum_count` times, the most frequent first."""
        counts = Counter(word for caption in captions for word in split_words(caption))
        known = [word for word, count in counts.items() if count >= minimum_count]
        return cls((PADDING, *sorted(known, key=lambda word: (-counts[word], word))))

    def save(self, path: Path) -> None:
        """Write one word a line; the line number (from 0) is the token."""
        path.write_text("\n".join(self.words) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        """Read `vocabulary.txt`; raises WeightsError when it cannot be read."""
        try:
            words = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise WeightsError(f"The vocabulary {path} cannot be read ({error}).") from None
        return cls(tuple(words[:-1] if words[-1] == "" else words))
