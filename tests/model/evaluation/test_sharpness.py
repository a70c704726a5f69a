"""Sharpness by hand, and that it falls where a picture is smoother."""

import numpy as np
import pytest

from model.evaluation.sharpness import enlarged, sharpness


def test_one_bright_pixel_by_hand() -> None:
    image = np.zeros((1, 5, 5, 3), np.uint8)
    image[0, 2, 2] = 90
    # Nine inner pixels: the bright one differs by 4 x 90, its four neighbours by 90 each.
    assert sharpness(image) == pytest.approx(8 * 90 / 9, rel=1e-5)


def test_flat_pictures_and_even_ramps_have_none() -> None:
    assert sharpness(np.full((2, 8, 8, 3), 77, np.uint8)) == pytest.approx(0, abs=1e-3)
    ramp = np.broadcast_to(np.arange(0, 80, 10, dtype=np.uint8)[None, :, None, None], (1, 8, 8, 3))
    assert sharpness(ramp) == pytest.approx(0, abs=1e-3)


def test_a_picture_made_larger_is_less_sharp() -> None:
    image = np.random.default_rng(0).integers(0, 256, (16, 16, 3)).astype(np.uint8)
    large = enlarged(image, 64)
    assert large.shape == (64, 64, 3)
    assert sharpness(large[None]) < 0.3 * sharpness(image[None])
