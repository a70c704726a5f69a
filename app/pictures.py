"""What the network painted, ready to be looked at: pictures, and maps with their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from model.pipeline import Stage

TOP_WORDS = 5


@dataclass(frozen=True)
class AttentionPicture:
    """Where one word of the description was looked at, glowing over the picture."""

    word: str
    token: int  # its place in the painter's words
    weight: float
    image: Image.Image


@dataclass(frozen=True)
class PaintedStage:
    stage: Stage
    tokens: list[str]
    pictures: list[Image.Image]
    attention: list[list[AttentionPicture]]  # per sample, best word first; empty at the first stage

    @property
    def size(self) -> int:
        return int(self.stage.size)


def develop(stage: Stage, tokens: list[str]) -> PaintedStage:
    """Slow, so done where the stage was painted and not on the Tk thread."""
    pictures = [Image.fromarray(image) for image in stage.images]
    return PaintedStage(stage, tokens, pictures, [_attention(stage, tokens, i) for i in range(len(pictures))])


def _attention(stage: Stage, tokens: list[str], sample: int) -> list[AttentionPicture]:
    from model.pipeline import attention_overlay, top_words

    if stage.attention is None:
        return []
    return [
        AttentionPicture(
            best.word,
            best.index,
            best.weight,
            attention_overlay(stage.images[sample], stage.attention[sample, best.index]),
        )
        for best in top_words(stage, tokens, sample, TOP_WORDS)
    ]
