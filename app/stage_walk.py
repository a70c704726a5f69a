"""The stages of one sample as pictures: with a word glowing over them, and blended from one into the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from app.pictures import PaintedStage

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Glow:
    """How attention is shown: the word's token, None for the picture alone; a palette; 0..1 of its colour."""

    token: int | None
    palette: str
    strength: float


def seen(painted: PaintedStage, glow: Glow) -> Image.Image:
    """One stage's picture; the first stage, which attends to no word, never glows."""
    attention = attention_of(painted)
    if glow.token is None or attention is None:
        return painted.pictures[0]
    from model.pipeline import attention_overlay

    return attention_overlay(painted.stage.images[0], attention[glow.token], glow.palette, glow.strength)


def blended(stages: list[PaintedStage], position: float, glow: Glow) -> Image.Image:
    """Between two stages; position: 1.25 is a quarter of the way from the second to the third. As large as the last."""
    first = min(int(position), len(stages) - 1)
    side = stages[-1].size
    picture = _enlarged(seen(stages[first], glow), side)
    share = position - first
    if share <= 0 or first + 1 == len(stages):
        return picture
    return Image.blend(picture, _enlarged(seen(stages[first + 1], glow), side), share)


def attention_of(painted: PaintedStage) -> np.ndarray | None:
    """float32, words x side x side, as the network computed it; None at the first stage."""
    return None if painted.stage.attention is None else painted.stage.attention[0]


def weights(painted: PaintedStage, place: tuple[float, float] | None = None) -> list[float]:
    """Each word's share of a stage's attention, or of that of one place (x and y, 0..1); nothing at the first stage."""
    attention = attention_of(painted)
    if attention is None:
        return []
    if place is None:
        return [float(share) for share in attention.mean((1, 2))]
    side = attention.shape[-1]
    column, row = (min(int(share * side), side - 1) for share in place)
    return [float(share) for share in attention[:, row, column]]


def _enlarged(picture: Image.Image, side: int) -> Image.Image:
    return picture if picture.width == side else picture.resize((side, side), Image.Resampling.BICUBIC)
