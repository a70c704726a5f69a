"""One folder of the gallery: a bird's words and numbers as JSON, its pictures and its attention as PNG.

bird.json               what app/bird.py says, when it was painted, and for each stage its seconds and how the
                        greys of its attention are to be read
00/512.png              sample 0, the last stage
00/attention_512.png    the maps of all its words, one below the other, each from black (its least) to white
recording.wav           what was said, where the description was spoken
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from app.bird import Bird
from app.picture_text import save_png
from app.pictures import PaintedStage, develop

if TYPE_CHECKING:
    from model.pipeline import Result

SUMMARY = "bird.json"
RECORDING = "recording.wav"
PILLOWS_OWN = (SyntaxError, Image.DecompressionBombError)
LONGEST_SUMMARY = 8 * 2**20  # bytes; 16 samples with 40 words are a tenth of it


class DamagedBird(Exception):
    """A folder that does not hold what a bird's should: one plain sentence."""


@dataclass(frozen=True)
class KeptBird:
    """What the summary says; the pictures are read when they are wanted."""

    folder: Path
    bird: Bird
    painted_at: datetime
    stages: list[dict[str, Any]]

    @property
    def recording(self) -> Path | None:
        path = self.folder / RECORDING
        return path if path.exists() else None

    def picture(self, sample: int = 0) -> Image.Image:
        """The last stage that was painted; raises DamagedBird."""
        return _read(self.folder, lambda: _picture(self, self.stages[-1]["size"], sample))


def write_bird(
    folder: Path, bird: Bird, painted: list[PaintedStage], painted_at: datetime, recording: bytes = b""
) -> None:
    from app.attention_file import write_maps

    stages = []
    for stage in painted:
        listed: dict[str, Any] = {"size": stage.size, "seconds": stage.stage.seconds}
        for sample, picture in enumerate(stage.pictures):
            (folder / f"{sample:02}").mkdir(exist_ok=True)
            save_png(picture, _picture_path(folder, stage.size, sample), bird, sample)
        if stage.stage.attention is not None:
            listed["attention"] = [
                write_maps(maps, _maps_path(folder, stage.size, sample))
                for sample, maps in enumerate(stage.stage.attention)
            ]
        stages.append(listed)
    if recording:
        (folder / RECORDING).write_bytes(recording)
    summary = {**bird.to_json(), "painted_at": painted_at.isoformat(), "stages": stages}
    (folder / SUMMARY).write_text(json.dumps(summary), encoding="utf-8")


def read_summary(folder: Path) -> KeptBird:
    """Raises DamagedBird."""
    return _read(folder, lambda: _read_summary(folder))


def read_stages(kept: KeptBird) -> list[PaintedStage]:
    """As they were painted, attention and all, to one of 255 levels; slow. Raises DamagedBird."""
    return _read(kept.folder, lambda: [_read_stage(kept, stage) for stage in kept.stages])


def as_result(bird: Bird, painted: list[PaintedStage]) -> Result:
    from model.pipeline import Result

    return Result(
        bird.caption,
        bird.tokens,
        bird.unknown_words,
        bird.seed,
        bird.samples,
        bird.weights,
        bird.device,
        [stage.stage for stage in painted],
    )


def _read(folder: Path, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (OSError, ValueError, LookupError, TypeError, OverflowError, RecursionError, *PILLOWS_OWN) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DamagedBird(f"The bird in {folder} is damaged: {reason}.") from error


def _read_summary(folder: Path) -> KeptBird:
    with (folder / SUMMARY).open(encoding="utf-8") as file:
        stored = json.loads(file.read(LONGEST_SUMMARY))
    bird = Bird.from_json(stored)
    stages = stored["stages"]
    if [stage["size"] for stage in stages] != bird.sizes[: len(stages)] or not stages:
        raise ValueError("its stages are not in order")
    if not all(isinstance(stage["seconds"], int | float) for stage in stages):
        raise ValueError("its stages took no time")
    painted_at = datetime.fromisoformat(stored["painted_at"])
    if painted_at.tzinfo is None:
        raise ValueError("it does not say in which zone its time is")
    return KeptBird(folder, bird, painted_at.astimezone(), stages)


def _read_stage(kept: KeptBird, listed: dict[str, Any]) -> PaintedStage:
    import numpy as np

    from app.attention_file import read_maps
    from model.pipeline import Stage

    size, samples = listed["size"], range(kept.bird.samples)
    images = np.stack([np.asarray(_picture(kept, size, sample)) for sample in samples])
    attention = None
    if "attention" in listed:
        paths = [_maps_path(kept.folder, size, sample) for sample in samples]
        attention = np.stack([read_maps(*maps) for maps in zip(paths, listed["attention"], strict=True)])
        if attention.shape[1] != len(kept.bird.tokens):
            raise ValueError("its words and its attention differ")
    return develop(Stage(size, images, attention, listed["seconds"]), kept.bird.tokens)


def _picture(kept: KeptBird, size: int, sample: int) -> Image.Image:
    with Image.open(_picture_path(kept.folder, size, sample), formats=["PNG"]) as file:
        if file.size != (size, size):
            raise ValueError(f"a picture of {size} pixels has another size")
        return file.convert("RGB")


def _picture_path(folder: Path, size: int, sample: int) -> Path:
    return folder / f"{sample:02}" / f"{size}.png"


def _maps_path(folder: Path, size: int, sample: int) -> Path:
    return folder / f"{sample:02}" / f"attention_{size}.png"
