"""Paintings are compared with photos frequency by frequency."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import Batches
from model.data.cub import read_split
from model.spectrum import BANDS, log_power, spectral_distance
from model.training.gan_run import GanRun
from model.training.options import read_preset


def textured(pictures: int, side: int = 64) -> Tensor:
    """Pictures in which, as in photos, coarse things are louder than fine ones."""
    coarse = F.interpolate(torch.randn(pictures, 3, side // 8, side // 8), side, mode="bicubic")
    return 0.3 * coarse + 0.05 * torch.randn(pictures, 3, side, side)


def distance(paintings: Tensor, photos: Tensor) -> float:
    return float(spectral_distance(log_power(paintings), log_power(photos)))


def test_too_little_detail_and_stripes_are_heard_whatever_the_pictures_show() -> None:
    photos, others = textured(32), textured(32)
    alike = distance(others, photos)
    assert distance(F.avg_pool2d(others, 3, 1, 1), photos) > 3 * alike
    assert distance(photos.flip(0), photos) == pytest.approx(0, abs=1e-6)
    stripes = 0.05 * (1 - 2 * (torch.arange(64) % 2))
    for striped, row, column in ((others + stripes, 0, -1), (others + stripes[:, None], BANDS, 0)):
        louder = (log_power(striped) - log_power(others)).mean((0, 1))
        assert louder[row, column] > 1
        assert distance(striped, photos) > alike


def test_bands_are_those_of_the_frequencies() -> None:
    place = torch.arange(128)
    for cycles in (10, 50):
        across = torch.cos(2 * torch.pi * cycles * place / 128).expand(1, 3, 128, 128)
        heard = log_power(across)[0, 0]
        assert heard.shape == (2 * BANDS, BANDS)
        assert divmod(int(heard.argmax()), BANDS)[1] == (cycles - 1) * BANDS // 64
        loudest_row = divmod(int(heard.argmax()), BANDS)[0]
        assert loudest_row in (0, 2 * BANDS - 1)
        down = log_power(across.transpose(2, 3))[0, 0]
        assert divmod(int(down.argmax()), BANDS)[0] in (cycles * BANDS // 64, 2 * BANDS - 1 - cycles * BANDS // 64)


def test_a_generator_learns_to_be_as_loud_as_photos(
    birds: Path, encoders: Path, preset: Callable[..., str], tmp_path: Path
) -> None:
    options = "damsm_weight = 0.0\nspectrum_weight = 100.0\ngenerator_lr = 0.002"
    recipe = read_preset(preset("{ first = 0, last = 0, share = 1 }", options))
    run = GanRun(tmp_path / "run", encoders, recipe, torch.device("cpu"))
    run.begin_phase(0)
    batches = Batches(read_split(birds, "train"), run.vocabulary, run.current.sizes, 4)
    far = [float(run.train_step(batches)["spectrum"]) for _ in range(24)]
    assert sum(far[-4:]) < 0.88 * sum(far[:4])
