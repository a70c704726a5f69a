"""All pictures of a bird, in a folder named after its description and seed."""

import itertools
from contextlib import suppress
from pathlib import Path

from app.bird import Bird, slug
from app.picture_text import save_png
from app.pictures import TOP_WORDS, PaintedStage


def new_bird_folder(parent: Path, caption: str, seed: int) -> Path:
    """Make a folder that holds no other bird, such as `a-small-red-bird-seed-7`."""
    name = f"{slug(caption)}-seed-{seed}"
    folder = parent / name
    parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(2):
        with suppress(FileExistsError):
            folder.mkdir()
            break
        folder = parent / f"{name}-{number}"
    return folder


def save_pictures(bird: Bird, stages: list[PaintedStage], folder: Path) -> int:
    """Files named as `generate` names them; returns how many were written."""
    from model.pipeline import attention_sheet

    written = 0
    for painted in stages:
        for sample, picture in enumerate(painted.pictures):
            place = folder / f"{sample:02}"
            place.mkdir(parents=True, exist_ok=True)
            save_png(picture, place / f"{painted.size}.png", bird, sample)
            written += 1
            if painted.stage.attention is not None:
                sheet = attention_sheet(painted.stage, painted.tokens, sample, TOP_WORDS)
                save_png(sheet, place / f"attention_{painted.size}.png", bird, sample)
                written += 1
    return written
