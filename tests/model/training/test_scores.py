"""A run that measures itself on its way: the scores it keeps, and the chart of all runs beside it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from matplotlib.axes import Axes
from PIL import Image

from model.data.cub import read_split
from model.errors import DataError, PlainError
from model.training.gan import train_gan
from model.training.options import ScoreOptions
from model.training.scores import Scores, draw_scores, mean_line, recipe_name
from model.vocabulary import Vocabulary
from tests.model.conftest import count_steps_for_minutes
from tests.tiny import drawn_birds, narrow_preset

PHASES = "{ first = 0, last = 0, share = 0.5 }, { first = 1, last = 1, share = 0.5 }"


SELDOM = ScoreOptions(minutes=100, captions=2)

pytestmark = pytest.mark.usefixtures("steps_for_minutes")


@pytest.fixture(scope="module")
def once_scored(birds: Path, encoders: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of four minutes that measured itself. Not to be written to."""
    folder = tmp_path_factory.mktemp("scored")
    with pytest.MonkeyPatch.context() as clocks:
        count_steps_for_minutes(clocks)
        train_gan(birds, folder / "run", encoders, 4, narrow_preset(folder, PHASES), device="cpu", score=SELDOM)
    return folder / "run"


@pytest.fixture
def scored(once_scored: Path, tmp_path: Path) -> Path:
    """A run of four minutes that measured itself, for this test alone."""
    return shutil.copytree(once_scored, tmp_path / "run")


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
        assert point["inception_score"] >= 1 - 1e-9  # 1 where all pictures are alike, but for roundings
        assert 0 <= point["r_precision"] <= 1
        assert point["fid"] >= 0
    alone = Image.open(tmp_path / "first" / "scores.png").tobytes()
    told = ("seed=1", "shift=1")
    train_gan(birds, tmp_path / "second", encoders, 2, recipe, told, device="cpu", score=score)
    assert json.loads((tmp_path / "second" / "scores.json").read_text())["preset"] == "tiny, shift=1"
    assert Image.open(tmp_path / "second" / "scores.png").tobytes() != alone


def test_runs_of_a_preset_share_a_line_through_their_mean() -> None:
    longer, shorter = [(1.0, 2.0), (2.0, 3.0), (4.0, 5.0)], [(2.0, 4.0), (3.0, 6.0)]
    assert mean_line([longer, shorter]) == ([2, 3], [3.5, 5.0])
    assert mean_line([longer]) == ([1, 2, 4], [2.0, 3.0, 5.0])


def test_a_preset_has_one_line_however_many_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(Axes, "plot", lambda _, *line, label, **__: drawn.append((label, *line)))
    monkeypatch.setattr(Axes, "legend", lambda _: None)
    for run, preset, better in (("a", "fast", 0.0), ("b", "fast", 1.0), ("c", "paper", 2.0)):
        point = {"minutes": 1, "size": 64, "inception_score": 3 + better, "r_precision": None, "fid": 100 + better}
        points = [point | {"epoch": epoch} for epoch in (1.0, 2.0)]
        (tmp_path / run).mkdir()
        (tmp_path / run / "scores.json").write_text(json.dumps({"preset": preset, "points": points}))
    draw_scores(tmp_path / "scores.png", tmp_path)
    assert drawn == [
        ("fast, mean of 2 runs", [1, 2], [3.5, 3.5]),
        ("paper", [1, 2], [5.0, 5.0]),
        ("fast, mean of 2 runs", [1, 2], [100.5, 100.5]),
        ("paper", [1, 2], [102.0, 102.0]),
    ]
    assert Image.open(tmp_path / "scores.png").size[0] > 1000


def test_a_run_of_what_another_was_told_is_named_after_that_one() -> None:
    assert recipe_name("fast", ("shift=1", "seed=3", "batch_size=2")) == "fast, batch_size=2, shift=1"
    assert recipe_name("runs/first/options.json", ()) == "first"
    assert recipe_name("fast", ("shift=1",), Path("weights/birds-512")) == "fast from birds-512, shift=1"


def test_a_resumed_run_goes_on_with_its_line(
    birds: Path, encoders: Path, preset: Callable[..., str], scored: Path
) -> None:
    train_gan(birds, scored, encoders, 8, preset(PHASES), resume=True, device="cpu", score=SELDOM)
    points = json.loads((scored / "scores.json").read_text())["points"]
    assert len(points) >= 3
    assert points[-1]["minutes"] > points[0]["minutes"]


def test_broken_photos_are_named_before_anything_is_measured(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, vocabulary = drawn_birds(tmp_path / "birds"), Vocabulary.load(weights / "vocabulary.txt")
    names = [photo.name for photo in read_split(data, "test")]
    for name in names:
        (data / "CUB_200_2011" / "images" / f"{name}.jpg").write_bytes(b"broken")
        if name == names[0]:
            scores = Scores(tmp_path, "tiny", data, weights, vocabulary, 2, torch.device("cpu"))
            assert [photo.name for photo in scores.photos] == names[1:]
            assert capsys.readouterr().out == f"1 of 8 photos left out as broken: {name}\n"
    with pytest.raises(DataError, match="whole photos"):
        Scores(tmp_path, "tiny", data, weights, vocabulary, 2, torch.device("cpu"))


def test_without_a_judge_a_sentence_says_so_before_anything_is_trained(
    birds: Path, encoders: Path, preset: Callable[..., str], tmp_path: Path
) -> None:
    score = ScoreOptions(minutes=1, judge=tmp_path / "nobody")
    with pytest.raises(PlainError, match="nobody"):
        train_gan(birds, tmp_path / "run", encoders, 2, preset(PHASES), device="cpu", score=score)


def test_damaged_scores_beside_a_run_do_not_stop_it_and_lost_steps_leave_no_points(
    birds: Path, encoders: Path, preset: Callable[..., str], scored: Path
) -> None:
    for name, text in (("broken", "{"), ("empty", "{}")):
        (scored.parent / name).mkdir()
        (scored.parent / name / "scores.json").write_text(text)
    path = scored / "scores.json"
    kept = json.loads(path.read_text())
    kept["points"].append({**kept["points"][-1], "minutes": 1000, "epoch": 1000})
    path.write_text(json.dumps(kept))
    train_gan(birds, scored, encoders, 8, preset(PHASES), resume=True, device="cpu", score=SELDOM)
    assert max(point["epoch"] for point in json.loads(path.read_text())["points"]) < 1000
