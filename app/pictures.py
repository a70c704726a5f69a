"""What the network painted, ready to be looked at: pictures, and maps with their words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
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


def snapshot(birds: list[list[PaintedStage]]) -> list[list[PaintedStage]]:
    """What there is of each sample at this moment, for another thread."""
    return [list(stages) for stages in birds]


def together(birds: list[list[PaintedStage]]) -> list[PaintedStage]:
    """The stages of samples that were painted one after the other as those of all; one that was broken off stays out,
    unless it is the only one. Slow."""
    import numpy as np

    from model.pipeline import Stage

    def join(parts: tuple[PaintedStage, ...]) -> PaintedStage:
        maps = [part.stage.attention for part in parts if part.stage.attention is not None]
        stage = Stage(
            parts[0].size,
            np.concatenate([part.stage.images for part in parts]),
            np.concatenate(maps) if maps else None,
            sum(part.stage.seconds for part in parts),
        )
        pictures = chain.from_iterable(part.pictures for part in parts)
        return PaintedStage(
            stage, parts[0].tokens, list(pictures), list(chain.from_iterable(part.attention for part in parts))
        )

    most = len(birds[0])
    return [join(parts) for parts in zip(*(stages for stages in birds if len(stages) == most), strict=True)]


def apart(painted: list[PaintedStage]) -> list[list[PaintedStage]]:
    """The inverse: for each sample its stages."""
    from model.pipeline import Stage

    def part(whole: PaintedStage, sample: int) -> PaintedStage:
        here = slice(sample, sample + 1)
        stage, maps = whole.stage, whole.stage.attention
        alone = Stage(
            stage.size,
            stage.images[here],
            None if maps is None else maps[here],
            stage.seconds / len(whole.pictures),
        )
        return PaintedStage(alone, whole.tokens, whole.pictures[here], whole.attention[here])

    return [[part(stage, sample) for stage in painted] for sample in range(len(painted[0].pictures))]


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
