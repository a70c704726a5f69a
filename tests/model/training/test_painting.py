"""Painting for training: a crop is the same part of the whole picture, and only the trained stages learn."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from model.config import ModelConfig
from model.generator import Generator
from model.training.options import Phase
from model.training.painting import Painting, Spots, Text, consistency, paint, random_spots, sketched
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


def painted(generator: Generator, phase: Phase, given: tuple[Text, Tensor, Tensor], spots: Spots | None) -> Painting:
    return paint(generator, phase, given[0], sketched(generator, phase, *given), spots)


def test_whole_pictures_are_what_the_generator_paints(generator: Generator, given: tuple[Text, Tensor, Tensor]) -> None:
    text, noise, condition_noise = given
    with torch.no_grad():
        expected, _, mean, log_variance = generator(text.sentence, text.words, text.mask, noise, condition_noise)
        sketch = sketched(generator, Phase(0, 3, 1.0), *given)
        painting = painted(generator, Phase(0, 3, 1.0), given, None)
        later = painted(generator, Phase(2, 3, 1.0), given, None)
    for picture, same in zip(painting.pictures, expected, strict=True):
        torch.testing.assert_close(picture, same)
    assert painting.before is None
    torch.testing.assert_close(sketch.mean, mean)
    torch.testing.assert_close(sketch.log_variance, log_variance)
    assert later.before is not None
    torch.testing.assert_close(later.before, expected[1])
    torch.testing.assert_close(later.pictures[0], expected[2])
    torch.testing.assert_close(later.pictures[1], expected[3])


@pytest.mark.parametrize(
    ("stage", "side", "corners"),
    [
        (1, 32, [(20, 12), (0, 32)]),
        (2, 32, [(40, 24), (0, 96)]),
        (2, 64, [(64, 64), (2, 0)]),
        (3, 64, [(100, 64), (192, 0)]),
    ],
)
def test_a_crop_is_that_part_of_the_whole_away_from_its_border(
    generator: Generator, given: tuple[Text, Tensor, Tensor], stage: int, side: int, corners: list[tuple[int, int]]
) -> None:
    phase, whole_side = Phase(stage, stage, 1.0, crop=side), 32 * 2**stage
    top, left = torch.tensor(corners).T
    with torch.no_grad():
        whole = painted(generator, phase, given, None)
        parts = painted(generator, phase, given, Spots(top, left, side, whole_side))
    assert parts.before is not None
    assert whole.before is not None
    assert parts.pictures[0].shape == (2, 3, 2 * side, 2 * side)
    for row, (first, left_most) in enumerate(corners):
        rows, columns = slice(first, first + side), slice(left_most, left_most + side)
        inner = slice(1, -1)  # the head sees one pixel around
        torch.testing.assert_close(
            parts.before[row, :, inner, inner],
            whole.before[row, :, rows, columns][:, inner, inner],
            rtol=1e-4,
            atol=1e-5,
        )
        rows, columns = slice(2 * first, 2 * rows.stop), slice(2 * left_most, 2 * columns.stop)
        inner = slice(10, -10)  # two residual blocks see four cells around, the up-block and the head a pixel each
        torch.testing.assert_close(
            parts.pictures[0][row, :, inner, inner],
            whole.pictures[0][row, :, rows, columns][:, inner, inner],
            rtol=1e-4,
            atol=1e-5,
        )


def test_only_the_trained_stages_get_a_gradient(generator: Generator, given: tuple[Text, Tensor, Tensor]) -> None:
    spots = Spots(torch.tensor([8, 0]), torch.tensor([16, 2]), 32, 128)
    painting = painted(generator, Phase(2, 2, 1.0, crop=32), given, spots)
    painting.pictures[0].square().sum().backward()
    learning = {
        name.rsplit(".", 2)[0].split(".up_block")[0] for name, p in generator.named_parameters() if p.grad is not None
    }
    assert any(name.startswith("refinements.1") for name in learning)
    assert all(name.startswith(("refinements.1", "heads.2")) for name in learning)


def test_nothing_is_kept_for_a_gradient_that_nobody_wants(
    generator: Generator, given: tuple[Text, Tensor, Tensor]
) -> None:
    with torch.no_grad():
        sketch = sketched(generator, Phase(0, 1, 1.0), *given)
        painting = paint(generator, Phase(0, 1, 1.0), given[0], sketch, None)
    assert not any(tensor.requires_grad for tensor in (*painting.pictures, sketch.mean, sketch.log_variance))


def test_spots_lie_on_even_cells_inside_the_map_and_reach_all_of_it() -> None:
    random = torch.Generator().manual_seed(0)
    spots = random_spots(Phase(2, 2, 1.0, crop=64), 300, random)
    assert spots is not None
    for places in (spots.top, spots.left):
        assert set(places.tolist()) == set(range(0, 65, 2))
    assert random_spots(Phase(2, 2, 1.0), 4, random) is None
    assert random_spots(Phase(1, 1, 1.0, crop=64), 4, random) is None  # the map is no larger


def test_a_crop_around_a_head_has_it_in_the_middle_or_ends_at_the_border() -> None:
    corner = torch.zeros(3, dtype=torch.long)
    centres = torch.tensor([[0.302, 0.5], [1.0, 0.1], [0.5, 0.5]])
    spots = Spots(corner, corner, 64, 256).around(centres, torch.tensor([True, True, False]))
    assert spots.left.tolist() == [46, 192, 0]  # the even cell nearest to 45.3
    assert spots.top.tolist() == [96, 0, 0]


def test_photos_are_cut_where_the_map_is() -> None:
    photos = torch.arange(64.0).view(1, 1, 8, 8).repeat(2, 3, 1, 1)
    parts = Spots(torch.tensor([0, 2]), torch.tensor([2, 0]), 2, 4).of(photos)
    assert torch.equal(parts[0], photos[0, :, 0:4, 4:8])
    assert torch.equal(parts[1], photos[1, :, 4:8, 0:4])


def test_consistency_compares_at_half_size() -> None:
    before = torch.rand(2, 3, 8, 8)
    doubled = before.repeat_interleave(2, 2).repeat_interleave(2, 3)
    assert consistency(doubled, before).item() == pytest.approx(0, abs=1e-6)
    assert consistency(doubled + 0.25, before).item() == pytest.approx(0.25, rel=1e-4)
