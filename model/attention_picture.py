"""Attention as pictures: which words a stage looked at, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from model.pipeline import Stage

GAP = 4  # pixels between the pictures of a sheet
DARKEST = 0.35  # brightness left where nothing is attended
# Corners of matplotlib's perceptually even "inferno" (CC0), dark to bright.
GLOW = np.array([(0, 0, 4), (66, 10, 104), (147, 38, 103), (221, 81, 58), (252, 165, 10), (252, 255, 164)], np.float32)


@dataclass(frozen=True)
class WordWeight:
    """A word of the caption and the share of a stage's attention it got."""

    word: str
    index: int  # its place in the tokens
    weight: float  # mean over the picture, 0..1; all words of the caption sum to 1


def top_words(stage: Stage, tokens: list[str], sample: int, count: int = 5) -> list[WordWeight]:
    """The words a refinement stage attended to most for one sample, best first; none at the initial stage."""
    if stage.attention is None:
        return []
    weights = stage.attention[sample].mean(axis=(1, 2))
    best = np.argsort(-weights, kind="stable")[:count]
    return [WordWeight(tokens[i], int(i), float(weights[i])) for i in best]


def attention_overlay(image: np.ndarray, attention_map: np.ndarray) -> Image.Image:
    """A word's map glowing over the picture, each map from its own smallest to its own largest value.

    image: uint8, s x s x 3; attention_map: float, any square size. Returns an s x s picture.
    """
    low, high = float(attention_map.min()), float(attention_map.max())
    scaled = (attention_map - low) / (high - low) if high > low else np.zeros_like(attention_map)
    enlarged = Image.fromarray(scaled.astype(np.float32)).resize(image.shape[1::-1], Image.Resampling.BILINEAR)
    strength = np.asarray(enlarged)[..., None].clip(0, 1)
    places = np.linspace(0, 1, len(GLOW))
    glow = np.concatenate([np.interp(strength, places, GLOW[:, channel]) for channel in range(3)], axis=2)
    dimmed = image * (DARKEST + (1 - DARKEST) * strength)
    mixed = dimmed * (1 - 0.6 * strength) + glow * 0.6 * strength
    return Image.fromarray(mixed.round().clip(0, 255).astype(np.uint8))


def attention_sheet(stage: Stage, tokens: list[str], sample: int, count: int = 5) -> Image.Image:
    """A row: the picture, then the maps of its most attended words over it, each with the word beneath.

    Raises ValueError for the initial stage, which attends to nothing.
    """
    if stage.attention is None:
        raise ValueError("the initial stage has no attention")
    picture = stage.images[sample]
    best = top_words(stage, tokens, sample, count)
    tiles = [(Image.fromarray(picture), f"{stage.size} px")]
    tiles += [
        (attention_overlay(picture, stage.attention[sample, word.index]), f"{word.word} {word.weight:.0%}")
        for word in best
    ]
    label_size = max(11, stage.size // 12)
    font = ImageFont.load_default(label_size)
    width, height = stage.size + GAP, stage.size + round(label_size * 1.6)
    sheet = Image.new("RGB", (width * len(tiles) - GAP, height), "white")
    draw = ImageDraw.Draw(sheet)
    for i, (tile, label) in enumerate(tiles):
        sheet.paste(tile, (i * width, 0))
        draw.text((i * width + stage.size / 2, stage.size + label_size * 0.2), label, "black", font, anchor="ma")
    return sheet
