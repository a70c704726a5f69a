"""What each weight set knows of a description, told before its networks are loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app.background import Background
from model.places import find_folder

if TYPE_CHECKING:
    from model.vocabulary import Vocabulary


class KnownWords:
    def __init__(self, background: Background, load: Callable[[str], Vocabulary]) -> None:
        self._background, self._load = background, load
        self._vocabularies: dict[str, Vocabulary] = {}

    def read(self, models: Sequence[str], done: Callable[[], object]) -> None:
        """Off the Tk thread; one that cannot be read will say so when it is to paint."""
        load = self._load

        def work() -> dict[str, Vocabulary]:
            found = {}
            for name in models:
                with suppress(Exception):
                    found[name] = load(name)
            return found

        def take(found: dict[str, Vocabulary]) -> None:
            self._vocabularies |= found
            done()

        self._background.run(work, take, lambda _: None)

    def unknown(self, model: str, caption: str) -> list[str]:
        """Words that will paint nothing, in lower case; none as long as the weight set has not been read."""
        return self._vocabularies[model].encode(caption)[1] if model in self._vocabularies else []


def load_vocabulary(model: str) -> Vocabulary:
    from model.vocabulary import Vocabulary  # half a second, so never on the Tk thread

    return Vocabulary.load((find_folder(model) or Path(model)) / "vocabulary.txt")
