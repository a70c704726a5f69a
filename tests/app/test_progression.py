"""The animation and the contact sheet, of stages that can be told apart: the tests' networks paint grey on grey."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.animation import save_animation, save_walk
from app.bird import Bird
from app.contact_sheet import contact_sheet
from app.pictures import PaintedStage, develop
from model.pipeline import Stage

WORDS = ["a", "red", "bird", "with", "white", "wings"]
SIZES = [64, 128, 256]
BIRD = Bird("a red bird with white wings " * 9, 7, 3, "birds-256", "ab" * 32, "CPU", WORDS, [], SIZES)


@pytest.fixture(scope="module")
def painted() -> list[PaintedStage]:
    """Stages of three samples: blocks in random colours, and attention that differs from word to word."""
    random = np.random.default_rng(0)
    stages = []
    for size in SIZES:
        blocks = random.integers(0, 256, (BIRD.samples, 2, 2, 3), np.uint8)
        images = blocks.repeat(size // 2, axis=1).repeat(size // 2, axis=2)
        maps = random.random((BIRD.samples, len(WORDS), size // 2, size // 2)).astype(np.float32)
        attention = None if size == 64 else maps / maps.sum(axis=1, keepdims=True)
        stages.append(develop(Stage(size, images, attention, 1.0), WORDS))
    return stages


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_every_stage_melts_into_the_next(painted: list[PaintedStage], tmp_path: Path, suffix: str) -> None:
    save_animation(painted, 1, tmp_path / f"bird{suffix}")
    with Image.open(tmp_path / f"bird{suffix}") as file:
        frames = []
        for number in range(file.n_frames):  # type: ignore[attr-defined]
            file.seek(number)
            frames.append(pixels(file))
        assert file.info["loop"] == 0
    stages = [pixels(stage.pictures[1].resize((256, 256), Image.Resampling.NEAREST)) for stage in painted]
    distances = np.array([[np.abs(frame.astype(int) - stage).mean() for stage in stages] for frame in frames])
    nearest = distances.argmin(axis=1)
    assert list(nearest) == sorted(nearest)
    assert nearest[0] == 0
    assert nearest[-1] == len(SIZES) - 1
    assert (distances.min(axis=0) < 8).all()  # each stage is seen as it is
    assert (distances.min(axis=1) > 16).any()  # and so is something between two


def test_the_sheet_shows_all_stages_and_maps_of_all_samples(painted: list[PaintedStage]) -> None:
    sheet = pixels(contact_sheet(BIRD, painted))
    map_side = (3 * 394) // 5 - 10

    ink = (sheet[1:, 1:] != 255).any(axis=2)
    corners = np.argwhere(ink & (sheet[:-1, 1:] == 255).all(axis=2) & (sheet[1:, :-1] == 255).all(axis=2)) + 1

    def places(picture: Image.Image, side: int) -> list[tuple[int, int]]:
        """Where it stands on the paper, by the colour of its corner and then by all of it."""
        enlarging = Image.Resampling.NEAREST if picture.width < side else Image.Resampling.LANCZOS
        shown = pixels(picture.resize((side, side), enlarging))
        alike = corners[(sheet[tuple(corners.T)] == shown[0, 0]).all(axis=1)]
        return [(y, x) for y, x in alike if np.array_equal(sheet[y : y + side, x : x + side], shown)]

    tops = []
    for sample in range(BIRD.samples):
        (first,) = places(painted[0].pictures[sample], 384)
        (last,) = places(painted[2].pictures[sample], 384)
        assert first[0] == last[0]
        assert first[1] < last[1]
        tops.append(first)
        for stage in painted[1:]:
            found = [place for best in stage.attention[sample] for place in places(best.image, map_side)]
            assert len(found) == 5
            assert len({y for y, _ in found}) == 1
            assert [x for _, x in found] == sorted(x for _, x in found)
    assert tops[0][0] == tops[1][0] < tops[2][0]
    assert (sheet[-1] == 255).all()


@pytest.mark.parametrize("suffix", [".webp", ".gif"])
def test_a_walk_goes_there_and_back(tmp_path: Path, suffix: str) -> None:
    colours = ["red", "lime", "blue"]
    save_walk([Image.new("RGB", (16, 16), colour) for colour in colours], tmp_path / f"walk{suffix}")
    seen = []
    with Image.open(tmp_path / f"walk{suffix}") as file:
        for number in range(file.n_frames):  # type: ignore[attr-defined]
            file.seek(number)
            seen.append(colours[int(pixels(file)[8, 8].argmax())])
    assert seen == ["red", "lime", "blue", "lime"]
