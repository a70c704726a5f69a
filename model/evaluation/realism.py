"""Inception score (Salimans et al. 2016) and Fréchet inception distance (Heusel et al. 2017), by torchmetrics."""

import warnings

import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance
from torchmetrics.image.inception import InceptionScore

SPLITS = 10


class _AsGiven(nn.Module):
    """The feature network of features that were computed before."""

    def __init__(self, num_features: int) -> None:
        super().__init__()
        self.num_features = num_features

    def forward(self, features: Tensor) -> Tensor:
        return features


def inception_score(scores: Tensor) -> tuple[float, float]:
    """exp(mean KL(p(class | picture) || p(class))), 1..classes: mean and deviation over ten parts in random order.

    scores: unnormalised log probabilities, pictures x classes. The deviation is 0 where there is only one part.
    """
    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        warnings.filterwarnings("ignore", message=".*save all extracted features")
        torch.manual_seed(0)  # the order is drawn with torch's own numbers
        metric = InceptionScore(_AsGiven(scores.shape[1]), splits=min(SPLITS, len(scores)))
        metric.update(scores.double())
        warnings.filterwarnings("ignore", message="std")  # of a single part
        mean, deviation = metric.compute()
    return float(mean), float(deviation.nan_to_num())


def frechet_distance(real: Tensor, painted: Tensor) -> float | None:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^1/2) of two sets of features (n x size); None below two of either."""
    if min(len(real), len(painted)) < 2:
        return None
    metric = FrechetInceptionDistance(_AsGiven(real.shape[1]))
    metric.update(real.double(), real=True)
    metric.update(painted.double(), real=False)
    return max(0.0, float(metric.compute()))
