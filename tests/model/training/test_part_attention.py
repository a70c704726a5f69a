"""Words for parts of the bird learn to look at these parts."""

import copy
import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.attention import WordAttention
from model.data.batches import Batches
from model.data.cub import read_split
from model.evaluation.parts import ALL_PARTS
from model.training import gan_phase
from model.training.gan import train_gan, train_phases
from model.training.gan_run import GanRun
from model.training.options import read_preset
from model.training.painting import Spots
from model.training.part_attention import astray
from model.training.part_finder import DETECTOR
from tests.model.evaluation.data import birds_with_parts

Preset = Callable[..., str]
SECOND = "{ first = 0, last = 0, share = 0.4 }, { first = 1, last = 1, share = 0.6 }"
CPU = torch.device("cpu")
BEAK = ALL_PARTS.index("beak")


def one_beak(row: int, column: int) -> tuple[Tensor, Tensor]:
    """A caption of two words, the second of which names the beak, and heat in one of 8 x 8 cells."""
    named = torch.zeros(1, 2, len(ALL_PARTS))
    named[0, 1, BEAK] = 1
    heat = torch.full((1, len(ALL_PARTS), 8, 8), 1 / 64)
    heat[0, BEAK] = 0
    heat[0, BEAK, row, column] = 1
    return named, heat.flatten(2)


def looking_at(rows: slice, columns: slice) -> Tensor:
    """Attention of two words, 16 x 16: the second one's lies in these places, the first one's everywhere else."""
    attention = torch.zeros(1, 2, 16, 16)
    attention[0, 1, rows, columns] = 1
    attention[0, 0] = 1 - attention[0, 1]
    return attention


def mean_astray(attention: Tensor, named: Tensor, heat: Tensor, spots: Spots | None) -> Tensor:
    lost, counted = astray(attention, named, heat, spots)
    return lost / counted.clamp_min(1)


def test_nothing_is_lost_by_looking_at_the_part_and_all_by_looking_elsewhere() -> None:
    named, heat = one_beak(2, 5)  # whose middle is the corner that places 4 and 5 down, 10 and 11 across share
    there, half = looking_at(slice(4, 6), slice(10, 12)), looking_at(slice(4, 6), slice(8, 12))
    away, everywhere = looking_at(slice(12, 14), slice(2, 4)), looking_at(slice(0, 16), slice(0, 16))
    assert float(mean_astray(there, named, heat, None)) == pytest.approx(0, abs=1e-5)
    assert float(mean_astray(half, named, heat, None)) < float(mean_astray(everywhere, named, heat, None))
    near = sum(
        math.hypot((x + 0.5) / 16 - 5.5 / 8, (y + 0.5) / 16 - 2.5 / 8) <= 0.15 for x in range(16) for y in range(16)
    )
    assert float(mean_astray(everywhere, named, heat, None)) == pytest.approx(math.log(256 / near), rel=1e-4)
    assert float(mean_astray(away, named, heat, None)) > 5


def test_on_a_crop_the_same_places_count_and_a_part_outside_hardly_does() -> None:
    named, heat = one_beak(2, 5)
    upper_right, lower_left = (Spots(torch.tensor([top]), torch.tensor([16 - top]), 16, 32) for top in (0, 16))
    there, away = looking_at(slice(8, 12), slice(4, 8)), looking_at(slice(0, 2), slice(0, 2))
    assert float(mean_astray(there, named, heat, upper_right)) == pytest.approx(0, abs=1e-5)
    assert float(mean_astray(away, named, heat, upper_right)) > 5
    assert float(mean_astray(away, named, heat, lower_left)) < 0.01


def test_every_row_of_a_batch_has_a_crop_of_its_own() -> None:
    named, heat = (torch.cat([one, one]) for one in one_beak(2, 5))
    upper_right_and_lower_left = Spots(torch.tensor([0, 16]), torch.tensor([16, 0]), 16, 32)
    away = torch.cat([looking_at(slice(0, 2), slice(0, 2))] * 2)
    lost, counted = astray(away, named, heat, upper_right_and_lower_left)
    assert float(lost) > 5
    assert float(counted) == pytest.approx(1, abs=0.01)  # the beak is in one of the two crops


def test_words_that_name_no_part_look_where_they_like() -> None:
    named, heat = one_beak(2, 5)
    attention = looking_at(slice(4, 6), slice(10, 12)).requires_grad_()
    mean_astray(attention, torch.zeros_like(named), heat, None).backward()
    assert attention.grad is not None
    assert float(attention.grad.abs().sum()) == 0


def test_attention_learns_to_look_at_the_part() -> None:
    named, heat = one_beak(2, 5)
    attention, features, words = WordAttention(8, 6), torch.randn(1, 8, 16, 16), torch.randn(1, 6, 2)
    features[0, 0] = -1
    features[0, 0, 3:7, 9:13] = 1  # what tells the beak from all else
    optimizer, lost = torch.optim.Adam(attention.parameters(), 0.2), []
    for _ in range(40):
        _, maps = attention(features, words, torch.zeros(1, 2, dtype=torch.bool))
        loss = mean_astray(maps, named, heat, None)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lost.append(float(loss.detach()))
    assert lost[-1] < lost[0] / 2


def test_a_run_finds_the_parts_once_and_says_how_far_attention_is(
    encoders: Path, preset: Preset, tmp_path: Path, steps_for_minutes: None
) -> None:
    birds, kept, fitted = birds_with_parts(tmp_path / "birds"), tmp_path / "run" / DETECTOR, set()
    for minutes in (4, 6):
        run = GanRun(tmp_path / "run", encoders, read_preset(preset(SECOND, "attention_weight = 1.0")), CPU)
        train_phases(run, birds, minutes)
        fitted.add(kept.stat().st_mtime_ns)
    assert len(fitted) == 1
    batches = Batches(read_split(birds, "train"), run.vocabulary, run.current.sizes, run.current.options.batch_size)
    assert run.train_step(batches)["attention"] > 0


def test_what_attention_loses_pulls_at_it(
    encoders: Path, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    birds, pulled = birds_with_parts(tmp_path / "birds"), []
    photos = read_split(birds, "train")
    monkeypatch.setattr(gan_phase, "attention_loss", lambda attentions, *_: 1e3 * attentions[0][:, 0].sum())
    for weight in (0.0, 1.0):
        recipe = read_preset(preset("{ first = 1, last = 1, share = 1 }", f"attention_weight = {weight}"))
        run = GanRun(tmp_path / f"run{weight}", encoders, recipe, CPU)
        run.finder = run.learn_parts(photos)
        run.begin_phase(0)
        run.train_step(Batches(photos, run.vocabulary, run.current.sizes, run.current.options.batch_size))
        (stage,) = run.generator.refinements
        learnt = stage.get_parameter("attention.project.weight")
        assert learnt.grad is not None
        pulled.append(float(learnt.grad.abs().max()))
    assert pulled[1] > 10 * pulled[0]


def test_a_stage_learns_what_tells_parts_apart_before_the_next_one_attends(
    encoders: Path, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    birds = birds_with_parts(tmp_path / "birds")
    photos = read_split(birds, "train")
    monkeypatch.setattr(gan_phase, "attention_loss", lambda attentions, *_: 1e3 * attentions[-1][:, 0].sum())
    run = GanRun(tmp_path / "run", encoders, read_preset(preset(SECOND, "attention_weight = 1.0")), CPU)
    run.finder = run.learn_parts(photos)
    run.begin_phase(0)
    before = copy.deepcopy(run.generator)
    run.train_step(Batches(photos, run.vocabulary, run.current.sizes, run.current.options.batch_size))
    changed = {
        name
        for (name, old), new in zip(before.named_parameters(), run.generator.parameters(), strict=True)
        if not torch.equal(old, new)
    }
    assert "refinements.0.attention.project.weight" in changed
    assert not [name for name in changed if name.startswith(("refinements.0.residual", "refinements.0.up_block"))]
    pulled = run.generator.initial.get_parameter("up_blocks.3.conv.weight").grad
    assert pulled is not None
    assert float(pulled.abs().max()) > 1  # as no other loss pulls


def test_data_without_marked_parts_are_told_of_and_trained_on(
    birds: Path,
    encoders: Path,
    preset: Preset,
    tmp_path: Path,
    steps_for_minutes: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    recipe = preset(SECOND, "attention_weight = 1.0")
    train_gan(birds, tmp_path / "run", encoders, 4, recipe, device="cpu")
    assert "no parts/part_locs.txt" in capsys.readouterr().out
    assert (tmp_path / "run" / "weights-128").is_dir()
