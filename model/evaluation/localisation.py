"""Attention localisation: is a part's word looked for where a part detector finds the part?"""

from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from model.evaluation.attention_maps import disc, word_maps
from model.evaluation.parts import PARTS, WORDS
from model.pipeline import Result

RADIUS = 0.15  # of the picture's side: how near to the part attention has to be


@dataclass(frozen=True)
class Attended:
    """One word in one picture: shares of attention within RADIUS of the part, 0..1."""

    mass: float  # of the word's own map
    chance: float  # of an even map
    other_words: float  # of the caption's other words' maps, which also lie on the bird
    peak: bool  # whether the map's largest value is there


@dataclass
class Localisation:
    """What was found in the pictures so far, for each part."""

    attended: dict[str, list[Attended]] = field(default_factory=lambda: {part: [] for part in PARTS})

    def add(self, result: Result, places: Tensor) -> None:
        """Look at one picture. places: parts x (x, y) as the detector found them, 0..1."""
        maps = word_maps(result)
        if maps is None:
            return
        for part, place in zip(PARTS, places.tolist(), strict=True):
            its_words = words_of(part, result.tokens)
            if its_words:
                self.attended[part].append(attended(maps, its_words, (place[0], place[1])))

    def findings(self) -> dict[str, dict[str, float | int] | None]:
        """Means over the pictures, for each part; None for a part that no caption names."""
        return {part: _mean(values) if values else None for part, values in self.attended.items()}


def words_of(part: str, tokens: list[str]) -> list[int]:
    """Where in the caption's tokens a part is named."""
    return [i for i, token in enumerate(tokens) if token in WORDS[part]]


def attended(maps: np.ndarray, its_words: list[int], place: tuple[float, float]) -> Attended:
    """maps: words x 64 x 64, each summing to 1; its_words: which of them name the part; place: x, y, 0..1."""
    near = disc(place, RADIUS)
    own = maps[its_words].mean(0)
    others = np.delete(maps, its_words, axis=0)
    return Attended(
        mass=float(own[near].sum()),
        chance=float(near.mean()),
        other_words=float(others[:, near].sum(1).mean()) if len(others) else float(near.mean()),
        peak=bool(near.flat[own.argmax()]),
    )


def _mean(values: list[Attended]) -> dict[str, float | int]:
    mass = [value.mass for value in values]
    return {
        "mass": float(np.mean(mass)),
        "chance": float(np.mean([value.chance for value in values])),
        "other_words": float(np.mean([value.other_words for value in values])),
        "peak": float(np.mean([value.peak for value in values])),
        "deviation": float(np.std(mass) / len(mass) ** 0.5),
        "pictures": len(values),
    }
