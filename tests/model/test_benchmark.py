"""The benchmark: its plain loss is the real one, and every figure is printed."""

import json
from pathlib import Path

import pytest

from model import benchmark as benchmark_module
from model.benchmark import benchmark
from tests.tiny import narrow_config


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"REPEATS": 1, "DAMSM_BATCH": 4, "GAN_BATCH": 2, "ModelConfig": narrow_config}.items():
        monkeypatch.setattr(benchmark_module, name, value)


@pytest.mark.usefixtures("small")
def test_json_holds_every_figure_and_nothing_else_is_printed(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark(True, str(weights), "cpu")
    figures = json.loads(capsys.readouterr().out)
    assert (figures["weights"], figures["device"]) == ("tiny", "CPU")
    assert figures["load_seconds"] > 0
    assert list(figures["stage_seconds"]) == list(figures["training_step"]) == ["64", "128", "256", "512"]
    assert all(value > 0 for value in figures["stage_seconds"].values())
    for compared in (figures["damsm_loss"], *figures["training_step"].values()):
        assert compared["ratio"] == pytest.approx(compared["plain_seconds"] / compared["seconds"])


def test_the_table_shows_the_figures() -> None:
    shown = benchmark_module.table(
        {
            "weights": "tiny",
            "device": "CPU",
            "threads": 2,
            "torch": "2.0",
            "training_precision": "float32",
            "load_seconds": 0.25,
            "stage_seconds": {"64": 0.125, "128": 1.5},
            "damsm_loss": {"batch": 48, "seconds": 0.5, "plain_seconds": 4.0, "ratio": 8.0},
            "training_step": {
                "64": {"batch": 8, "seconds": 0.5, "plain_seconds": 1.25, "ratio": 2.5, "waits": None},
                "128": {"batch": 8, "seconds": 1.0, "plain_seconds": 3.0, "ratio": 3.0, "waits": 2},
            },
        }
    )
    lines = shown.splitlines()
    assert len(lines) == 7
    assert "waits" not in lines[5]
    for line, value in zip(
        lines,
        (
            "2 threads, torch 2.0, training in float32",
            "0.250 s",
            "0.125 s",
            "1.500 s",
            "8.0 times",
            "16.0 samples/s in batches of 8, 2.5 times",
            "3.0 times as fast as plainly, 2 waits for the GPU",
        ),
        strict=True,
    ):
        assert value in line
