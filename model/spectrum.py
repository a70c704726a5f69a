"""How loud every spatial frequency is in paintings and in photos (after Durall et al. 2020, arXiv 2003.01826).

Up-blocks leave stripes two pixels wide and too little detail between them, and discriminators that look through frozen
eyes hardly see either. Durall et al. compare powers along circles; stripes lie on two axes, so here every direction
counts for itself.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

BANDS = 16  # of frequencies along each axis, from none to the highest one
SILENCE = 1e-5  # power of rounding to 255 levels, a pixel


def spectral_distance(paintings: Tensor, photos: Tensor) -> Tensor:
    """Mean absolute difference of two batches' mean log power, over colours and frequencies; a scalar from 0 up.

    paintings, photos: as `log_power` gives them.
    """
    return (paintings.mean(0) - photos.mean(0)).abs().mean()


def log_power(pictures: Tensor) -> Tensor:
    """Mean logarithm of the power in every band: batch x 3 x 2 BANDS (vertically) x BANDS (horizontally).

    pictures: batch x 3 x s x s in -1..1, s a multiple of 2 BANDS.
    """
    side = pictures.shape[-1]
    line = torch.hann_window(side, device=pictures.device)
    window = line * line[:, None]
    varying = pictures.float() - pictures.float().mean((2, 3), keepdim=True)
    power = torch.fft.rfft2(varying * window).abs().square() / window.square().sum()
    heard = (power[..., 1:] + SILENCE).log()  # nothing is lost with the first column, as the window spreads all
    bands: Tensor = F.avg_pool2d(heard, side // (2 * BANDS))
    return bands


def spectrum(images: np.ndarray) -> Tensor:
    """The same of finished pictures: uint8, pictures x s x s x 3."""
    return log_power(torch.from_numpy(images).permute(0, 3, 1, 2) / 127.5 - 1)
