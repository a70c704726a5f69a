"""What was painted, on disk: it comes back, survives a kill, a full disk and damage, and is only lent to the trash."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from app.bird import Bird
from app.durable import BEING_WRITTEN
from app.gallery import TRASH_DAYS, Gallery, describe_damage, search
from app.kept_bird import KeptBird, read_stages
from app.pictures import PaintedStage, develop
from model.pipeline import TextToImagePipeline
from tests.app.driving import CAPTION

DAY = 24 * 60 * 60
KILLED = """
import os, pickle, signal, sys
import app.gallery
from app.kept_bird import write_bird
from tests.app.test_gallery import painted_by
bird, painted = painted_by(sys.argv[1])
gallery = app.gallery.Gallery()
gallery.keep(bird, painted)
def write_and_die(folder, *rest):
    write_bird(folder, *rest)
    os.kill(os.getpid(), signal.SIGKILL)
app.gallery.write_bird = write_and_die
gallery.keep(bird, painted)
"""

Painted = tuple[Bird, list[PaintedStage]]


def painted_by(weights: str | Path, caption: str = CAPTION) -> Painted:
    pipeline = TextToImagePipeline.from_pretrained(weights, "cpu")
    result = pipeline(caption, 7, 2)
    sizes = [stage.size for stage in result.stages]
    bird = Bird(caption, 7, 2, "birds-512", pipeline.fingerprint, "CPU", result.tokens, result.unknown_words, sizes)
    return bird, [develop(stage, result.tokens) for stage in result.stages]


@pytest.fixture(scope="module")
def painted(weights: Path) -> Painted:
    return painted_by(weights / "birds-512")


@pytest.fixture
def gallery(home: Path) -> Gallery:
    return Gallery()


@pytest.fixture
def kept(gallery: Gallery, painted: Painted) -> KeptBird:
    return gallery.keep(*painted, recording=b"what was said")


@contextmanager
def full_disk() -> Iterator[None]:
    """No file grows beyond a few bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("kept")
def test_a_bird_comes_back_as_it_was_painted(painted: Painted) -> None:
    bird, before = painted
    ((kept,), damaged) = Gallery().birds()
    assert damaged == []
    assert kept.bird == bird
    assert abs(kept.painted_at.timestamp() - time.time()) < 3600
    assert kept.recording is not None
    assert kept.recording.read_bytes() == b"what was said"
    for old, new in zip(before, read_stages(kept), strict=True):
        assert np.array_equal(old.stage.images, new.stage.images)
        assert old.stage.seconds == new.stage.seconds
        if old.stage.attention is None:
            assert new.stage.attention is None
            continue
        assert new.stage.attention is not None
        span = np.ptp(old.stage.attention, axis=(2, 3), keepdims=True)
        assert (np.abs(old.stage.attention - new.stage.attention) <= span / 500 + 1e-7).all()
        assert [[best.word for best in sample] for sample in old.attention] == [
            [best.word for best in sample] for sample in new.attention
        ]


def test_a_killed_program_loses_the_bird_it_was_writing_and_no_other(gallery: Gallery, weights: Path) -> None:
    program = subprocess.run([sys.executable, "-c", KILLED, str(weights / "birds-512")], check=False)
    assert program.returncode == -signal.SIGKILL
    (half,) = gallery.folder.glob(f"{BEING_WRITTEN}*")
    birds, damaged = gallery.birds()
    assert [kept.bird.caption for kept in birds] == [CAPTION]
    assert damaged == []
    gallery.tidy()
    assert half.exists()
    os.utime(half, (time.time() - 2 * DAY,) * 2)
    gallery.tidy()
    assert not half.exists()
    assert len(gallery.birds()[0]) == 1


@pytest.mark.parametrize("painted_at", ["yesterday", "2026-11-23T12:00:00", "0001-01-01T00:00:00+14:00", 5])
def test_a_bird_without_a_sensible_time_hides_no_other(
    gallery: Gallery, painted: Painted, kept: KeptBird, painted_at: object
) -> None:
    damaged = gallery.keep(*painted).folder
    summary = json.loads((damaged / "bird.json").read_text())
    (damaged / "bird.json").write_text(json.dumps(summary | {"painted_at": painted_at}))
    assert gallery.birds() == ([kept], [damaged])


@pytest.mark.parametrize(
    "summary", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"caption": 5}', None, b'{"seed": 1e999}'], ids=range(7)
)
def test_a_damaged_bird_hides_no_other(
    gallery: Gallery, painted: Painted, kept: KeptBird, summary: bytes | None
) -> None:
    damaged = gallery.keep(*painted).folder
    if summary is None:
        (damaged / "bird.json").unlink()
    else:
        (damaged / "bird.json").write_bytes(summary)
    assert gallery.birds() == ([kept], [damaged])
    assert describe_damage([damaged]) == f"One bird cannot be shown, since {damaged} is damaged."
    assert damaged.exists()


def test_a_full_disk_leaves_nothing_half_done(gallery: Gallery, painted: Painted, kept: KeptBird) -> None:
    with full_disk(), pytest.raises(OSError, match="too large"):
        gallery.keep(*painted)
    assert list(gallery.folder.iterdir()) == [kept.folder]
    assert gallery.birds() == ([kept], [])


def test_deleting_twice_deletes_once(gallery: Gallery, painted: Painted, kept: KeptBird) -> None:
    gallery.delete(kept)
    gallery.delete(kept)
    assert gallery.birds() == ([], [])
    assert gallery.restore() is not None
    assert not gallery.can_restore()


def test_what_was_deleted_comes_back_even_after_a_restart(gallery: Gallery, painted: Painted, kept: KeptBird) -> None:
    other = gallery.keep(*painted)
    gallery.delete(other)
    gallery.delete(kept)
    assert gallery.birds() == ([], [])
    assert Gallery().restore() == kept
    assert Gallery().restore() == other
    assert Gallery().restore() is None
    assert gallery.birds() == ([other, kept], [])


def test_what_was_deleted_a_month_ago_is_gone(gallery: Gallery, kept: KeptBird) -> None:
    gallery.delete(kept)
    (trashed,) = (gallery.folder / "trash").iterdir()
    gallery.tidy()
    assert gallery.can_restore()
    long_ago = time.time_ns() - (TRASH_DAYS + 1) * DAY * 10**9
    trashed.rename(trashed.with_name(f"{long_ago}-{kept.folder.name}"))
    gallery.tidy()
    assert not gallery.can_restore()


@pytest.mark.parametrize(("words", "found"), [("red", 1), ("WHI short", 1), ("7", 1), ("blue", 0), ("ed", 0), ("", 1)])
def test_birds_are_found_by_the_beginnings_of_words(kept: KeptBird, words: str, found: int) -> None:
    assert len(search([kept], words)) == found
