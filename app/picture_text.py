"""What a PNG says of the bird in it: text chunks that other generators read, and reading theirs.

Two chunks are written. "parameters" is AUTOMATIC1111's: the description, then a line of `Name: value` pairs, at least
three; its web UI and the tools around it show this. "speak-out" is JSON with all that paints the same bird again.
Read are these two and InvokeAI's "invokeai_metadata". Nothing that a picture says is ever used as a path.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.bird import LARGEST_SEED, Bird
from model.png import BY_RUNS

OURS, AUTOMATIC1111, INVOKEAI = "speak-out", "parameters", "invokeai_metadata"
LONGEST_TEXT = 65_536
PAIR = re.compile(r'\s*(\b\w[\w \-/]{0,40}):\s*("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)')
FEWEST_PAIRS = 3


class NoBirdInside(Exception):
    """Why a file brings nothing back: one plain sentence."""


@dataclass(frozen=True)
class Recipe:
    """What a picture was made from, as far as it says so."""

    caption: str
    seed: int | None
    """None where the picture names none, or one that is too large for this program."""
    samples: int
    sample: int
    weights: str
    weights_hash: str
    """Empty for a picture that another program made."""


def recipe_of(bird: Bird, sample: int) -> Recipe:
    """What paints all samples up to this one: each is the same whatever else is painted."""
    before = bird.first_sample
    return Recipe(
        _one_line(bird.caption),
        bird.seed,
        before + bird.samples,
        before + sample,
        bird.weights,
        bird.weights_hash,
    )


def save_png(picture: Image.Image, path: Path, bird: Bird, sample: int) -> None:
    """Write a copy: Pillow notes on a picture how it is being saved, and another thread may be saving it too."""
    chunks = PngInfo()
    for name, text in ((AUTOMATIC1111, _parameters(bird, picture)), (OURS, _json(bird, sample))):
        if text.isascii():
            chunks.add_text(name, text)
        else:
            chunks.add_itxt(name, text.encode(errors="replace").decode())
    picture.copy().save(path, "PNG", pnginfo=chunks, compress_type=BY_RUNS)


def read_recipe(path: Path) -> Recipe:
    """Raises NoBirdInside, or OSError when the file cannot be read."""
    try:
        with Image.open(path, formats=["PNG"]) as file:
            chunks = {name: text for name, text in file.info.items() if isinstance(text, str)}
    except FileNotFoundError:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise NoBirdInside(f"{path.name} is not a PNG picture, or a damaged one.") from error
    for name, understand in READERS.items():
        if 0 < len(chunks.get(name, "")) <= LONGEST_TEXT:
            recipe = understand(chunks[name])
            if recipe is not None:
                return recipe
    raise NoBirdInside(f"{path.name} does not say what it was painted from.")


def _parameters(bird: Bird, picture: Image.Image) -> str:
    pairs = {
        "Steps": str(len(bird.sizes)),
        "Sampler": "AttnGAN",
        "Seed": str(bird.seed),
        "Size": f"{picture.width}x{picture.height}",
        "Model hash": bird.weights_hash[:10],
        "Model": bird.weights,
    }
    return f"{bird.caption}\n" + ", ".join(f"{name}: {_quoted(value)}" for name, value in pairs.items())


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False) if re.search(r"[,:\n]", value) else value


def _json(bird: Bird, sample: int) -> str:
    return json.dumps({**bird.to_json(), "sample": sample}, ensure_ascii=False)


def _read_ours(text: str) -> Recipe | None:
    try:
        stored = json.loads(text)
        bird = Bird.from_json(stored)
    except (ValueError, RecursionError):
        return None
    sample = _whole(stored.get("sample"), bird.samples - 1) or 0
    return recipe_of(bird, sample)


def _read_parameters(text: str) -> Recipe | None:
    *lines, last = text.strip().split("\n")
    pairs = dict(PAIR.findall(last))
    if len(pairs) < FEWEST_PAIRS:
        lines, pairs = [*lines, last], {}
    caption = _one_line(" ".join(lines).split("Negative prompt:")[0])
    return _foreign(caption, pairs.get("Seed")) if caption else None


def _read_invokeai(text: str) -> Recipe | None:
    try:
        stored = json.loads(text)
    except (ValueError, RecursionError):
        return None
    caption = stored.get("positive_prompt") if isinstance(stored, dict) else None
    return _foreign(_one_line(caption), stored.get("seed")) if isinstance(caption, str) and caption.strip() else None


def _foreign(caption: str, seed: Any) -> Recipe:
    return Recipe(caption, _whole(seed, LARGEST_SEED), 1, 0, "", "")


def _whole(value: Any, most: int) -> int | None:
    digits = str(value).strip()
    if isinstance(value, bool) or not (digits.isascii() and digits.isdecimal() and len(digits) <= 10):
        return None
    return int(digits) if int(digits) <= most else None


def _one_line(text: str) -> str:
    return " ".join(text.split())


READERS = {OURS: _read_ours, AUTOMATIC1111: _read_parameters, INVOKEAI: _read_invokeai}
