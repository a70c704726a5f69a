"""A model card is written from what a run and an evaluation put down, and from nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from model.errors import PlainError
from model.evaluation import card, colours, word_swap
from model.evaluation.card import write_card
from model.evaluation.evaluate import evaluate
from model.training.gan import train_gan


@pytest.fixture
def trained(
    birds: Path,
    encoders: Path,
    preset: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    steps_for_minutes: None,
) -> Path:
    """A weight set of two stages after a few steps, and report.json beside it."""
    monkeypatch.setattr(colours, "SEEDS", (0, 1))
    monkeypatch.setattr(word_swap, "SWAPS", word_swap.SWAPS[:1])
    monkeypatch.setattr(card, "SEEDS", range(2))
    recipe = preset("{ first = 0, last = 0, share = 0.5 }, { first = 1, last = 1, share = 0.5 }")
    train_gan(birds, tmp_path / "run", encoders, 6, recipe, device="cpu")
    weights = tmp_path / "run" / "weights-128"
    evaluate(str(weights), birds, tmp_path / "report.json", captions=3, device="cpu")
    return weights


def test_the_card_tells_training_measures_and_shows_paintings(trained: Path) -> None:
    story = json.loads((trained / "training.json").read_text())
    steps = [phase["steps"] for phase in story["phases"]]
    assert [phase["size"] for phase in story["phases"]] == [64, 128]
    assert min(steps) > 0
    before = {"minutes": 3.0, "phases": story["phases"][:1], "options": story["options"] | {"damsm_weight": 0.123}}
    story["start"] = {"weights": "weights-64", "training": before}
    (trained / "training.json").write_text(json.dumps(story))
    report = trained.parent.parent / "report.json"
    write_card(str(trained), report, "Do not laugh.", "cpu")
    text, found = (trained / "README.md").read_text(), json.loads(report.read_text())
    assert "Do not laugh." in text
    assert f"{steps[0]} steps at 64 px ({4 * steps[0]} photos" in text
    assert f"| weights-64: `train gan`, 3 minutes: {steps[0]} steps at 64 px" in text
    assert "; damsm_weight 0.123 |" in text
    assert "generator_lr 0.0002" in text
    assert f"{100 * found['r_precision']['mean']:.1f} %" in text
    assert f"{found['fid']['value']:.4g}" in text
    assert f"{found['word_swap']['ratio']:.2f} ({found['word_swap']['ratio_by_noise']:.2f})" in text
    assert found["judge"] in text
    assert "1. this bird is red" in text
    assert Image.open(trained / "examples.jpg").size[0] == 2 * 128
    assert Image.open(trained / "stages.jpg").size == (64 + 4 + 128, 128)
    _what_newer_reports_tell(trained, report)
    _older_reports_do(trained, report)


def _what_newer_reports_tell(trained: Path, report: Path) -> None:
    found = json.loads(report.read_text())
    sharp = {"painted": 7.0, "photos": 9.0, "first_stage_enlarged": 1.0, "second_stage_enlarged": 2.0}
    found["sharpness"]["512"] = sharp
    found["fid_of_heads"] = {"value": 123.4, "photos": 78.9}
    found["word_swap"]["near_part"] = {"ratio": 4.56, "ratio_by_noise": 1.23}
    report.write_text(json.dumps(found))
    write_card(str(trained), report, device="cpu")
    text = (trained / "README.md").read_text()
    assert "(one half of the photos against the other: 78.9) | 123.4 |" in text
    beside = "(photos; the 64 px stage enlarged; the 128 px stage enlarged)"
    assert f"| sharpness at 512 px {beside}, mean absolute Laplacian | 7.0 (9.0; 1.0; 2.0) |" in text
    assert "| sharpness at 64 px (photos), mean absolute Laplacian |" in text  # there is no smaller stage
    assert "near the part that it names, times as much as elsewhere (by another noise) | 4.56 (1.23) |" in text
    assert "| loudness of frequencies at 64 px, mean distance from photos in nats (of photos from others) |" in text


def _older_reports_do(trained: Path, report: Path) -> None:
    found = json.loads(report.read_text())
    del found["word_swap"]["near_part"], found["sharpness"]["512"]["second_stage_enlarged"]
    del found["spectrum"], found["fid_of_heads"]
    report.write_text(json.dumps(found))
    write_card(str(trained), report, device="cpu")
    text = (trained / "README.md").read_text()
    assert (
        "| sharpness at 512 px (photos; the 64 px stage enlarged), mean absolute Laplacian | 7.0 (9.0; 1.0) |" in text
    )
    assert "changed by another colour word where that word looks" in text
    assert "near the part that it names" not in text


def test_a_report_of_other_weights_is_refused(trained: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"weights": "birds-9000"}')
    with pytest.raises(PlainError, match="birds-9000"):
        write_card(str(trained), other, device="cpu")
    other.write_text('{"weights": "weights-128"}')
    before = (trained / "README.md").read_text()
    with pytest.raises(PlainError, match="lacks"):
        write_card(str(trained), other, device="cpu")
    assert (trained / "README.md").read_text() == before
    assert not (trained / "examples.jpg").exists()
    other.write_text("{")
    with pytest.raises(PlainError, match="cannot be read"):
        write_card(str(trained), other, device="cpu")
