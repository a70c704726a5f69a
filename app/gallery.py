"""What was made, kept on disk: a folder for each bird, named after its description and seed."""

import itertools
import re
from contextlib import suppress
from pathlib import Path

from app.pictures import TOP_WORDS, PaintedStage

LONGEST_DESCRIPTION = 48


def new_bird_folder(parent: Path, caption: str, seed: int) -> Path:
    """Make a folder that holds no other bird, such as `a-small-red-bird-seed-7`."""
    words = "-".join(re.findall(r"\w+", caption.lower()))[:LONGEST_DESCRIPTION].rstrip("-")
    folder = parent / f"{words}-seed-{seed}"
    parent.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(2):
        with suppress(FileExistsError):
            folder.mkdir()
            break
        folder = parent / f"{words}-seed-{seed}-{number}"
    return folder


def save_pictures(stages: list[PaintedStage], folder: Path) -> int:
    """Files named as `generate` names them; returns how many were written."""
    from model.pipeline import attention_sheet

    written = 0
    for painted in stages:
        for sample, picture in enumerate(painted.pictures):
            place = folder / f"{sample:02}"
            place.mkdir(parents=True, exist_ok=True)
            picture.save(place / f"{painted.size}.png")
            written += 1
            if painted.stage.attention is not None:
                sheet = attention_sheet(painted.stage, painted.tokens, sample, TOP_WORDS)
                sheet.save(place / f"attention_{painted.size}.png")
                written += 1
    return written
