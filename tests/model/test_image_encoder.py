"""The image encoder, and the shift that discriminators and encoders see pictures through."""

import torch

from model.image_encoder import ImageEncoder, drawn_moves, moved
from tests.model.networks import lively, without_gradient


def test_64_regions_and_one_global_feature_whatever_the_picture_size() -> None:
    encoder = ImageEncoder(text_size=16, channels=4)
    for size in (64, 128, 256):
        regions, whole = encoder(torch.rand(2, 3, size, size) * 2 - 1)
        assert regions.shape == (2, 16, 64)
        assert whole.shape == (2, 16)


def test_regions_run_row_by_row_over_the_picture() -> None:
    encoder = lively(ImageEncoder(text_size=16, channels=4))
    plain = torch.zeros(1, 3, 64, 64)
    marked = plain.clone()
    marked[:, :, :4, -4:] = 1  # the upper right corner
    with torch.no_grad():
        changed = (encoder(marked)[0] - encoder(plain)[0]).abs().sum(1).view(8, 8)
    assert changed[0, 7] > 0
    assert changed[7].sum() == 0
    assert changed[:, 0].sum() == 0


def test_a_larger_picture_is_seen_at_64_px() -> None:
    encoder = lively(ImageEncoder(text_size=16, channels=4))
    small = torch.rand(1, 3, 1, 1).expand(1, 3, 64, 64)
    large = small[:, :, :1, :1].expand(1, 3, 256, 256)
    with torch.no_grad():
        torch.testing.assert_close(encoder(large)[1], encoder(small)[1])


def test_gradients_reach_every_parameter() -> None:
    encoder = ImageEncoder(text_size=16, channels=4)
    assert without_gradient(encoder, *encoder(torch.randn(3, 3, 64, 64))) == []


def test_shifting_moves_each_picture_by_itself_and_leaves_black_behind() -> None:
    pictures = torch.zeros(40, 1, 9, 9)
    pictures[:, 0, 4, 4] = 1
    shifted = moved(pictures, drawn_moves(40, 2, torch.Generator().manual_seed(0)), 2)
    assert shifted.shape == pictures.shape
    assert (shifted.sum((1, 2, 3)) == 1).all()
    places = {tuple(place) for place in shifted[:, 0].nonzero()[:, 1:].tolist()}
    assert all(2 <= row <= 6 and 2 <= column <= 6 for row, column in places)
    assert {row for row, _ in places} == {column for _, column in places} == {2, 3, 4, 5, 6}


def test_what_is_moved_out_is_gone() -> None:
    shifted = moved(torch.ones(30, 3, 8, 8), drawn_moves(30, 3, torch.Generator().manual_seed(1)), 3)
    assert ((shifted == 0) | (shifted == 1)).all()
    sides = {(int((picture[0].sum(1) > 0).sum()), int((picture[0].sum(0) > 0).sum())) for picture in shifted}
    assert all(5 <= height <= 8 and 5 <= width <= 8 for height, width in sides)
    assert len(sides) > 4


def test_no_shift_is_no_change() -> None:
    pictures = torch.randn(2, 3, 8, 8)
    assert torch.equal(moved(pictures, drawn_moves(2, 0), 0), pictures)


def test_pairs_move_alike() -> None:
    pictures = torch.rand(3, 3, 9, 9).repeat_interleave(2, 0)[:5]
    shifted = moved(pictures, drawn_moves(5, 3, torch.Generator().manual_seed(0), pairs=True), 3)
    assert torch.equal(shifted[0], shifted[1])
    assert torch.equal(shifted[2], shifted[3])


def test_the_gradient_of_a_picture_moves_back_with_it() -> None:
    pictures = torch.randn(4, 2, 7, 9, dtype=torch.float64, requires_grad=True)
    moves = drawn_moves(4, 3, torch.Generator().manual_seed(0))
    assert torch.autograd.gradcheck(lambda given: moved(given, moves, 3), (pictures,))
