"""Retrieval: is the right partner found among wrong ones? R-precision (AttnGAN, section 4) and photos by caption."""

import numpy as np
import torch
from torch import Tensor

FOLDS = 10
TIE = 1e-6  # what fits as well but for rounding


def hits(asked: Tensor, right: Tensor, wrong: Tensor) -> Tensor:
    """Whether the right partner fits better than all others, for every asker: bool, n.

    asked, right: n x size; wrong: n x partners x size; features of length 1.
    """
    return rank(asked, right, wrong) == 0


def rank(asked: Tensor, right: Tensor, wrong: Tensor) -> Tensor:
    """How many wrong partners fit as well as the right one or better, for every asker: int64, n; arguments as in hits.

    So a judge to whom all are alike finds nothing.
    """
    of_right = (asked * right).sum(1)
    of_wrong = (wrong @ asked[:, :, None]).squeeze(2)  # n x partners
    return (of_wrong > of_right[:, None] - TIE).sum(1)


def wrong_partners(allowed: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Random partners for every asker, none twice: int64, n x count, fewer where somebody has fewer allowed.

    allowed: bool, n x candidates.
    """
    count = min(count, int(allowed.sum(1).min()))
    drawn = [random.choice(np.flatnonzero(row), count, replace=False) for row in allowed]
    return np.stack(drawn) if count else np.zeros((len(allowed), 0), np.int64)


def mean_and_deviation(values: Tensor) -> tuple[float, float]:
    """Mean, and standard deviation of the means of ten folds."""
    folds = [fold.double().mean() for fold in values.double().tensor_split(min(FOLDS, len(values)))]
    return float(values.double().mean()), float(torch.stack(folds).std(correction=0))
