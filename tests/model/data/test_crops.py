"""Crops made one after the other and all together are the same pictures, and shrinking them does not alias."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from model.data.crops import cropped_in_turn, cropped_together, resized
from model.data.drawing import Drawing

SIZES = [16, 33, 64]
Crop = Callable[[Tensor, Drawing, list[int]], list[Tensor]]


@pytest.fixture
def photos() -> Tensor:
    return torch.randint(0, 256, (5, 3, 70, 90), dtype=torch.uint8)


def drawing() -> Drawing:
    """Squares of every size, up to the edges, flipped and not."""
    sides = torch.tensor([64, 40, 33, 70, 16, 51])
    tops, lefts = torch.tensor([6, 0, 37, 0, 54, 3]), torch.tensor([26, 0, 57, 20, 1, 10])
    flipped = torch.tensor([False, True, False, True, True, False])
    which = torch.tensor([0, 1, 2, 3, 4, 0])
    return Drawing(which, tops, lefts, sides, flipped, torch.zeros(6, 18), torch.ones(6))


def test_together_or_in_turn_the_pictures_are_the_same(photos: Tensor) -> None:
    for together, in_turn in zip(
        cropped_together(photos, drawing(), SIZES), cropped_in_turn(photos, drawing(), SIZES), strict=True
    ):
        assert together.shape == in_turn.shape
        assert (together - in_turn).abs().max() < 1e-5
        assert together.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("crop", [cropped_in_turn, cropped_together])
def test_a_square_of_its_own_size_keeps_its_pixels(photos: Tensor, crop: Crop) -> None:
    (pictures,) = crop(photos, drawing(), [40])
    flipped = photos[1, :, :40, :40].flip(2)
    assert ((pictures[1] + 1) * 127.5 - flipped).abs().max() < 1e-3


@pytest.mark.parametrize("crop", [cropped_in_turn, cropped_together])
def test_stripes_too_fine_for_a_small_picture_become_grey(crop: Crop) -> None:
    stripes = (torch.arange(96) % 2 * 255).to(torch.uint8).expand(1, 3, 96, 96).contiguous()
    nothing = torch.tensor([0])
    whole = Drawing(nothing, nothing, nothing, nothing + 96, nothing < 0, torch.zeros(1, 18), torch.ones(1))
    (picture,) = crop(stripes, whole, [20])
    assert picture.abs().max() < 0.1


def test_resizing_keeps_the_range() -> None:
    picture = torch.where(torch.rand(3, 40, 40) > 0.5, 1.0, -1.0)
    assert resized(picture, 64).shape == (3, 64, 64)
    assert resized(picture, 64).abs().max() <= 1
    assert torch.equal(resized(picture, 40), picture)
