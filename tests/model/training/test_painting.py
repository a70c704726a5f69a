"""Painting for training: a crop is the same part of the whole picture, and only the trained stages learn."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from model.config import ModelConfig
from model.generator import Generator
from model.training.options import Phase
from model.training.painting import Spot, Text, consistency, paint, random_spot, window_of
from tests.model.networks import lively


@pytest.fixture
def generator(narrow: ModelConfig) -> Generator:
    """Two residual blocks a stage, as in the full network: a crop's border reaches as far as it does there."""
    network = lively(Generator(replace(narrow, residual_blocks=2)))
    assert isinstance(network, Generator)
    return network


@pytest.fixture
def given(narrow: ModelConfig) -> tuple[Text, Tensor, Tensor]:
    mask = torch.tensor([[False] * 4, [False, False, True, True]])
    text = Text(
        torch.randn(2, narrow.text_size, 4),
        mask,
        torch.randn(2, narrow.text_size),
        torch.arange(2),
        torch.ones(2, 4, dtype=torch.long),
    )
    return text, torch.randn(2, narrow.noise_size), torch.randn(2, narrow.condition_size)


def test_whole_pictures_are_what_the_generator_paints(generator: Generator, given: tuple[Text, Tensor, Tensor]) -> None:
    text, noise, condition_noise = given
    with torch.no_grad():
        expected, _, mean, log_variance = generator(text.sentence, text.words, text.mask, noise, condition_noise)
        painting = paint(generator, Phase(0, 3, 1.0), text, noise, condition_noise, None)
        later = paint(generator, Phase(2, 3, 1.0), text, noise, condition_noise, None)
    for picture, same in zip(painting.pictures, expected, strict=True):
        torch.testing.assert_close(picture, same)
    assert painting.before is None
    torch.testing.assert_close(painting.mean, mean)
    torch.testing.assert_close(painting.log_variance, log_variance)
    assert later.before is not None
    torch.testing.assert_close(later.before, expected[1])
    torch.testing.assert_close(later.pictures[0], expected[2])
    torch.testing.assert_close(later.pictures[1], expected[3])


@pytest.mark.parametrize(
    ("stage", "spot"),
    [
        (1, Spot(20, 12, 32, 64)),
        (2, Spot(40, 24, 32, 128)),
        (2, Spot(0, 96, 32, 128)),
        (3, Spot(100, 64, 64, 256)),
        (3, Spot(192, 0, 64, 256)),
    ],
)
def test_a_crop_is_that_part_of_the_whole_away_from_its_border(
    generator: Generator, given: tuple[Text, Tensor, Tensor], stage: int, spot: Spot
) -> None:
    phase = Phase(stage, stage, 1.0, crop=spot.side)
    with torch.no_grad():
        whole = paint(generator, phase, *given, None)
        part = paint(generator, phase, *given, spot)
    assert part.before is not None
    assert whole.before is not None
    rows, columns = slice(spot.top, spot.top + spot.side), slice(spot.left, spot.left + spot.side)
    inner = slice(1, -1)  # the head sees one pixel around
    torch.testing.assert_close(
        part.before[..., inner, inner], whole.before[..., rows, columns][..., inner, inner], rtol=1e-4, atol=1e-5
    )
    assert part.pictures[0].shape == (2, 3, 2 * spot.side, 2 * spot.side)
    rows, columns = slice(2 * spot.top, 2 * rows.stop), slice(2 * spot.left, 2 * columns.stop)
    inner = slice(10, -10)  # two residual blocks see four cells around, the up-block and the head a pixel each
    torch.testing.assert_close(
        part.pictures[0][..., inner, inner],
        whole.pictures[0][..., rows, columns][..., inner, inner],
        rtol=1e-4,
        atol=1e-5,
    )


def test_only_the_trained_stages_get_a_gradient(generator: Generator, given: tuple[Text, Tensor, Tensor]) -> None:
    painting = paint(generator, Phase(2, 2, 1.0, crop=32), *given, Spot(8, 16, 32, 128))
    painting.pictures[0].square().sum().backward()
    learning = {
        name.rsplit(".", 2)[0].split(".up_block")[0] for name, p in generator.named_parameters() if p.grad is not None
    }
    assert any(name.startswith("refinements.1") for name in learning)
    assert all(name.startswith(("refinements.1", "heads.2")) for name in learning)


def test_nothing_is_kept_for_a_gradient_that_nobody_wants(
    generator: Generator, given: tuple[Text, Tensor, Tensor]
) -> None:
    text, noise, condition_noise = given
    with torch.no_grad():
        painting = paint(generator, Phase(0, 1, 1.0), text, noise, condition_noise, None)
    assert not any(tensor.requires_grad for tensor in (*painting.pictures, painting.mean, painting.log_variance))


def test_spots_lie_on_even_cells_inside_the_map_and_reach_all_of_it() -> None:
    phase = Phase(2, 2, 1.0, crop=64)
    random = torch.Generator().manual_seed(0)
    spots = [spot for _ in range(300) if (spot := random_spot(phase, random)) is not None]
    assert len(spots) == 300
    assert all(spot.top % 2 == spot.left % 2 == 0 and spot.whole == 128 and spot.side == 64 for spot in spots)
    assert {min(spot.top for spot in spots), min(spot.left for spot in spots)} == {0}
    assert {max(spot.top for spot in spots), max(spot.left for spot in spots)} == {64}
    assert random_spot(Phase(2, 2, 1.0), random) is None
    assert random_spot(Phase(1, 1, 1.0, crop=64), random) is None  # the map is no larger


def test_the_photo_is_cut_at_the_same_place() -> None:
    window = window_of(Spot(32, 64, 64, 256))
    assert (window.top, window.left, window.side) == (1 / 8, 1 / 4, 1 / 4)
    assert window_of(None).side == 1


def test_consistency_compares_at_half_size() -> None:
    before = torch.rand(2, 3, 8, 8)
    doubled = before.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert consistency(doubled, before).item() == pytest.approx(0, abs=1e-6)
    assert consistency(doubled + 0.25, before).item() == pytest.approx(0.25, rel=1e-4)
