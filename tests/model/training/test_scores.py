"""A run that measures itself on its way: the scores it keeps, and the chart of all runs beside it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from model.errors import PlainError
from model.training import gan
from model.training.gan import train_gan
from model.training.options import ScoreOptions

PHASES = "{ first = 0, last = 0, share = 0.5 }, { first = 1, last = 1, share = 0.5 }"


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch, steps_for_minutes: None) -> None:
    monkeypatch.setattr(gan, "STATISTICS_BATCHES", 1)


def test_scores_are_kept_with_their_epochs_and_drawn_beside_the_other_runs(
    birds: Path, encoders: Path, preset: Callable[..., str], tmp_path: Path
) -> None:
    recipe, score = preset(PHASES), ScoreOptions(minutes=1, captions=4)
    train_gan(birds, tmp_path / "first", encoders, 6, recipe, device="cpu", score=score)
    kept = json.loads((tmp_path / "first" / "scores.json").read_text())
    assert kept["preset"] == "tiny"
    points = kept["points"]
    assert [point["size"] for point in points] == sorted(point["size"] for point in points)
    assert {point["size"] for point in points} == {64, 128}
    epochs = [point["epoch"] for point in points]
    assert epochs == sorted(epochs)
    assert epochs[0] > 0
    for point in points:
        assert point["inception_score"] >= 1
        assert 0 <= point["r_precision"] <= 1
        assert point["fid"] >= 0
    alone = Image.open(tmp_path / "first" / "scores.png").tobytes()
    train_gan(birds, tmp_path / "second", encoders, 2, recipe, device="cpu", score=score)
    assert Image.open(tmp_path / "second" / "scores.png").tobytes() != alone  # two lines


def test_a_resumed_run_goes_on_with_its_line(
    birds: Path, encoders: Path, preset: Callable[..., str], tmp_path: Path
) -> None:
    recipe, score = preset(PHASES), ScoreOptions(minutes=100, captions=2)
    for minutes in (4, 8):
        train_gan(birds, tmp_path / "run", encoders, minutes, recipe, resume=minutes > 4, device="cpu", score=score)
    points = json.loads((tmp_path / "run" / "scores.json").read_text())["points"]
    assert len(points) >= 3
    assert points[-1]["minutes"] > points[0]["minutes"]


def test_without_a_judge_a_sentence_says_so_before_anything_is_trained(
    birds: Path, encoders: Path, preset: Callable[..., str], tmp_path: Path
) -> None:
    score = ScoreOptions(minutes=1, judge=tmp_path / "nobody")
    with pytest.raises(PlainError, match="nobody"):
        train_gan(birds, tmp_path / "run", encoders, 2, preset(PHASES), device="cpu", score=score)
