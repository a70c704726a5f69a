"""Animated pictures: how a bird came about, its stages melting into each other, and a walk from one to another."""

from itertools import pairwise
from pathlib import Path

from PIL import Image

from app.pictures import PaintedStage

STAGE_MILLISECONDS, LAST_MILLISECONDS = 900, 2500
PALETTE_SIDE = 96
MELTING_FRAMES, MELTING_MILLISECONDS = 7, 50
STEP_MILLISECONDS = 90  # of a walk


def save_animation(painted: list[PaintedStage], sample: int, path: Path) -> None:
    """The stages, each at the size of the last."""
    _save(*_frames([stage.pictures[sample] for stage in painted]), path)


def save_walk(steps: list[Image.Image], path: Path) -> None:
    frames = to_and_fro(steps)
    _save(frames, [STEP_MILLISECONDS] * len(frames), path)


def to_and_fro(steps: list[Image.Image]) -> list[Image.Image]:
    """There and back, without showing either end twice."""
    return [*steps, *steps[-2:0:-1]]


def _save(frames: list[Image.Image], milliseconds: list[int], path: Path) -> None:
    """WebP or GIF, as the suffix says; it starts over for ever."""
    if path.suffix.lower() == ".gif":
        frames = _with_one_palette(frames)
    frames[0].save(
        path,
        save_all=True,
        append_images=frames[1:],
        duration=milliseconds,
        loop=0,
        quality=90,  # of WebP; GIF does not look at it
    )


def _with_one_palette(frames: list[Image.Image]) -> list[Image.Image]:
    """Found once, from all frames made small: a palette for each would flicker, and take seconds."""
    all_colours = Image.new("RGB", (PALETTE_SIDE, PALETTE_SIDE * len(frames)))
    for number, frame in enumerate(frames):
        all_colours.paste(frame.resize((PALETTE_SIDE, PALETTE_SIDE)), (0, PALETTE_SIDE * number))
    palette = all_colours.quantize(256)
    return [frame.quantize(palette=palette) for frame in frames]


def _frames(pictures: list[Image.Image]) -> tuple[list[Image.Image], list[int]]:
    """Enlarged without smoothing, so that the first stages show the pixels they have."""
    side = pictures[-1].size
    stages = [picture.resize(side, Image.Resampling.NEAREST) for picture in pictures]
    frames, milliseconds = [stages[0]], [STAGE_MILLISECONDS]
    for before, after in pairwise(stages):
        for step in range(1, MELTING_FRAMES + 1):
            frames.append(Image.blend(before, after, step / (MELTING_FRAMES + 1)))
            milliseconds.append(MELTING_MILLISECONDS)
        frames.append(after)
        milliseconds.append(STAGE_MILLISECONDS)
    milliseconds[-1] = LAST_MILLISECONDS
    return frames, milliseconds
