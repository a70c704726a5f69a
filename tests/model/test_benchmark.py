"""The benchmark: its plain loss is the real one, and every figure is printed."""

import json
from pathlib import Path

import pytest
import torch

from model import benchmark as benchmark_module
from model.benchmark import benchmark, plain_damsm_loss
from model.damsm import damsm_loss
from model.layers import padding_mask


def test_the_plain_loss_is_the_same_loss() -> None:
    words, sentence = torch.randn(5, 6, 7), torch.randn(5, 6)
    regions, whole = torch.randn(5, 6, 9), torch.randn(5, 6)
    lengths = torch.tensor([7, 3, 1, 5, 2])
    plain = plain_damsm_loss(words, sentence, lengths.tolist(), regions, whole)
    fast = sum(damsm_loss(words, sentence, padding_mask(lengths, 7), regions, whole, torch.arange(5)))
    torch.testing.assert_close(plain, fast, rtol=1e-4, atol=1e-4)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"REPEATS": 1, "DAMSM_BATCH": 4, "GAN_BATCH": 2}.items():
        monkeypatch.setattr(benchmark_module, name, value)


@pytest.mark.usefixtures("small")
def test_json_holds_every_figure_and_nothing_else_is_printed(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark(True, str(weights), "cpu")
    figures = json.loads(capsys.readouterr().out)
    assert (figures["weights"], figures["device"]) == ("tiny", "CPU")
    assert figures["load_seconds"] > 0
    for name in ("stage_seconds", "training_samples_per_second"):
        assert list(figures[name]) == ["64", "128", "256", "512"]
        assert all(value > 0 for value in figures[name].values())
    damsm = figures["damsm_loss"]
    assert damsm["ratio"] == pytest.approx(damsm["plain_seconds"] / damsm["seconds"])


def test_the_table_shows_the_figures() -> None:
    shown = benchmark_module.table(
        {
            "weights": "tiny",
            "device": "CPU",
            "threads": 2,
            "torch": "2.0",
            "load_seconds": 0.25,
            "stage_seconds": {"64": 0.125, "128": 1.5},
            "damsm_loss": {"batch": 48, "seconds": 0.5, "plain_seconds": 4.0, "ratio": 8.0},
            "training_batch": 8,
            "training_samples_per_second": {"64": 21.5},
        }
    )
    lines = shown.splitlines()
    assert len(lines) == 6
    for line, value in zip(
        lines, ("2 threads", "0.250 s", "0.125 s", "1.500 s", "8.0 times", "21.5 samples/s"), strict=True
    ):
        assert value in line
