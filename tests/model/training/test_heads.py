"""Discriminators of their own for the bird's head: where they look, and that what they say counts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from model.data.cub import read_split
from model.encoders import DISCRIMINATORS
from model.evaluation.close_up import SHARE, close_up, head_centres
from model.evaluation.parts import ALL_PARTS
from model.training.gan import train_gan
from model.training.painting import Spots, paint
from model.training.part_finder import PartFinder
from tests.model.evaluation.data import birds_with_parts
from tests.model.training.gan_runs import FIRST, Preset, batches_for, new_run


def dotted(x: int, y: int, side: int = 128) -> Tensor:
    """A black picture with a white dot of 8 x 8 pixels around a place."""
    picture = torch.full((1, 3, side, side), -1.0)
    picture[..., y - 4 : y + 4, x - 4 : x + 4] = 1
    return picture


def middle_of(picture: Tensor) -> list[float]:
    """Where the light of a picture is in the mean, x and y in 0..1."""
    light = (picture[0].mean(0) + 1).double()
    places = (torch.arange(len(light)) + 0.5) / len(light)
    return [float((light.sum(axis) * places).sum() / light.sum()) for axis in (0, 1)]


def test_the_close_up_has_the_head_in_its_middle() -> None:
    centres = torch.tensor([[40 / 128, 72 / 128]])
    assert middle_of(close_up(dotted(40, 72), centres)) == pytest.approx([0.5, 0.5], abs=0.01)


def test_at_the_border_the_close_up_ends_there_and_the_head_lies_beside_its_middle() -> None:
    centres = torch.tensor([[1.0, 0.5]])
    x, y = middle_of(close_up(dotted(116, 64), centres))
    assert x == pytest.approx(1 - 12 / (128 * SHARE), abs=0.01)
    assert y == pytest.approx(0.5, abs=0.01)


def test_only_the_head_is_pulled_at() -> None:
    picture = dotted(64, 64).requires_grad_()
    close_up(picture, torch.tensor([[0.5, 0.5]])).sum().backward()
    assert picture.grad is not None
    near, edge = picture.grad[0, 0, 41:87, 41:87], picture.grad[0, 0].clone()
    edge[38:90, 38:90] = 0
    assert float(near.min()) > 0
    assert float(edge.abs().max()) == 0


def test_the_head_is_between_the_parts_that_heads_have() -> None:
    heat = torch.full((1, len(ALL_PARTS), 8, 8), 1 / 64)
    heat[0, ALL_PARTS.index("tail"), 7, 0] = 1
    for part, column in (("beak", 4), ("crown", 3), ("eyes", 4), ("head", 3), ("throat", 3)):
        heat[0, ALL_PARTS.index(part)] = 0
        heat[0, ALL_PARTS.index(part), 2, column] = 1
    x, y = head_centres(heat.flatten(2))[0].tolist()
    assert x == pytest.approx((3 * 3.5 + 2 * 4.5) / 5 / 8)
    assert y == pytest.approx(2.5 / 8)


def test_heads_teach_the_generator_as_much_as_their_weight_says(encoders: Path, preset: Preset, tmp_path: Path) -> None:
    birds, losses = birds_with_parts(tmp_path / "birds"), []
    for weight in (0.0, 1.0, 3.0):
        run = new_run(tmp_path / f"run{weight}", encoders, preset(FIRST, f"head_weight = {weight}\ndamsm_weight = 0.0"))
        run.finder = run.learn_parts(read_split(birds, "train"))
        run.begin_phase(0)
        torch.manual_seed(0)
        for discriminator in run.current.discriminators.each:  # the whole's are the same, whether heads are seen or not
            for parameter in discriminator.parameters():
                torch.nn.init.normal_(parameter, std=0.02)
        losses.append(float(run.train_step(batches_for(run, birds))["G"]))
    once, thrice = losses[1] - losses[0], losses[2] - losses[0]
    assert once > 0.1
    assert thrice == pytest.approx(3 * once, rel=1e-3)


def heads_at_the_side(finder: PartFinder, pictures: Tensor) -> Tensor:
    """Heat of heads, row after row further down: at the left in photos of 256 px, at the right in sketches of 64 px."""
    heat = torch.zeros(len(pictures), len(ALL_PARTS), 8, 8)
    for row, column in enumerate([0 if pictures.shape[-1] == 256 else 7] * len(pictures)):
        heat[row, :, row + 1, column] = 1
    return heat.flatten(2)


@pytest.fixture
def crops(
    encoders: Path, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], tuple[Tensor, Tensor]]:
    """Where some steps with these weights crop photos and paintings of 256 px: steps x (top, left) x rows."""
    of_photos: list[Spots] = []
    of_paintings: list[Spots] = []
    cut = Spots.of

    def cut_watched(spots: Spots, photos: Tensor) -> Tensor:
        of_photos.append(spots)
        return cut(spots, photos)

    def paint_watched(*given: Any) -> Any:
        of_paintings.append(given[4])
        return paint(*given)

    def found(weights: str) -> tuple[Tensor, Tensor]:
        birds = birds_with_parts(tmp_path / "birds")
        run = new_run(tmp_path / "run", encoders, preset("{ first = 2, last = 2, share = 1, crop = 32 }", weights))
        run.finder = run.learn_parts(read_split(birds, "train"))
        run.begin_phase(0)
        monkeypatch.setattr(Spots, "of", cut_watched)
        monkeypatch.setattr(PartFinder, "find", heads_at_the_side)
        monkeypatch.setattr("model.training.gan_phase.paint", paint_watched)
        batches = batches_for(run, birds)
        for _ in range(4):
            run.train_step(batches)
        photos, paintings = (
            [torch.stack([spots.top, spots.left]) for spots in each] for each in (of_photos, of_paintings)
        )
        return torch.stack(photos), torch.stack(paintings)

    return found


def test_every_other_crop_is_around_the_head_in_photos_and_paintings(
    crops: Callable[[str], tuple[Tensor, Tensor]],
) -> None:
    photos, paintings = crops("head_weight = 1.0")
    assert photos[:, :, ::2].tolist() == [[[8, 40], [0, 0]]] * 4  # rows 0 and 2: the middles are 24 and 56
    assert paintings[:, :, ::2].tolist() == [[[8, 40], [96, 96]]] * 4
    assert torch.equal(photos[:, :, 1::2], paintings[:, :, 1::2])
    assert len(photos[:, :, 1::2].unique()) > 4


def test_where_heads_do_not_count_photos_and_paintings_are_cropped_alike(
    crops: Callable[[str], tuple[Tensor, Tensor]],
) -> None:
    photos, paintings = crops("head_weight = 0.0\nattention_weight = 1.0")
    assert torch.equal(photos, paintings)
    assert len(photos.unique()) > 8


def test_a_weight_set_has_the_discriminators_of_whole_pictures_alone(
    encoders: Path, preset: Preset, tmp_path: Path, steps_for_minutes: None
) -> None:
    birds, run = birds_with_parts(tmp_path / "birds"), tmp_path / "run"
    phases = (
        "{ first = 0, last = 0, share = 0.3 }, { first = 0, last = 0, share = 0.3 }, "
        "{ first = 1, last = 1, share = 0.4, head_weight = 2.0 }"
    )
    train_gan(birds, run, encoders, 6, preset(phases, "head_weight = 1.0"), device="cpu")
    with safe_open(run / "weights-128" / DISCRIMINATORS, "pt") as kept:
        assert {name.split(".")[0] for name in kept.keys()} == {"64", "128"}  # noqa: SIM118  # no dictionary
