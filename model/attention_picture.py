"""Attention as pictures: which words a stage looked at, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont

if TYPE_CHECKING:
    from model.pipeline import Stage

GAP = 4  # pixels between the pictures of a sheet
DARKEST = 0.35  # brightness left where nothing is attended
# Evenly spaced colours of matplotlib's perceptually even maps (CC0), from nothing to most; both kinds of red-green
# blindness tell all of them apart, and "cividis" was made for that (Nunez et al. 2018).
PALETTES = {
    "inferno": ((0, 0, 4), (66, 10, 104), (147, 38, 103), (221, 81, 58), (252, 165, 10), (252, 255, 164)),
    "viridis": ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)),
    "cividis": ((0, 34, 78), (67, 78, 108), (125, 124, 120), (188, 174, 108), (254, 232, 56)),
    "grey": ((0, 0, 0), (255, 255, 255)),
}
SHADES = 256
GLOWING = 0.6  # how much of its palette's colour the brightest place takes on


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


def palette_colours(palette: str) -> np.ndarray:
    """A palette's colours, from nothing to most: uint8, 256 x 3; raises KeyError for an unknown one."""
    corners = np.array(PALETTES[palette], np.float32)
    places, shades = np.linspace(0, 1, len(corners)), np.linspace(0, 1, SHADES)
    return np.stack([np.interp(shades, places, channel) for channel in corners.T], 1).round().astype(np.uint8)


def attention_overlay(
    image: np.ndarray, attention_map: np.ndarray, palette: str = "inferno", glowing: float = GLOWING
) -> Image.Image:
    """A word's map glowing over the picture, each map from its own smallest to its own largest value.

    image: uint8, s x s x 3; attention_map: float, any square size; palette: one of PALETTES; glowing: 0 leaves the
    picture as it is, 1 shows the palette's own colour where the word was attended to most. Returns an s x s picture.
    """
    low, high = float(attention_map.min()), float(attention_map.max())
    scaled = (attention_map - low) / (high - low) if high > low else np.zeros_like(attention_map)
    shades = Image.fromarray((scaled * (SHADES - 1)).round().astype(np.uint8))
    shade = shades.resize(image.shape[1::-1], Image.Resampling.BILINEAR)
    dimming = 1 - (1 - DARKEST) * min(1, glowing / GLOWING)
    dimmed = shade.point([round(255 * dimming + (1 - dimming) * level) for level in range(SHADES)])
    colours = shade.copy()
    colours.putpalette(palette_colours(palette).tobytes())
    picture = ImageChops.multiply(Image.fromarray(image), Image.merge("RGB", [dimmed] * 3))
    return Image.composite(colours.convert("RGB"), picture, shade.point([round(glowing * i) for i in range(SHADES)]))


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
