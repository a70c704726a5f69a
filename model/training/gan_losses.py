"""What discriminators and generators are told (AttnGAN, equations 3 to 6)."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


def _real(logits: Tensor, loss: str) -> Tensor:
    logits = logits.float()
    return F.relu(1 - logits).mean() if loss == "hinge" else F.softplus(-logits).mean()


def _fake(logits: Tensor, loss: str) -> Tensor:
    logits = logits.float()
    return F.relu(1 + logits).mean() if loss == "hinge" else F.softplus(logits).mean()


def discriminator_loss(
    discriminator: Any,
    real: Any,
    fake: Any,
    sentence: Tensor,
    wrong_sentence: Tensor,
    painted_sentence: Tensor,
    loss: str,
    mismatch_weight: float,
) -> tuple[Tensor, Tensor]:
    """Photographs against paintings, alone and with their sentence, and photographs with a wrong sentence.

    real, fake: the discriminator's features of both; sentence, wrong_sentence: of the photographs, painted_sentence: of
    the paintings, batch x text_size; loss: "cross_entropy" (equation 4 without its half, as in the published code) or
    "hinge".
    Returns the loss and how far photographs and paintings are apart (mean unconditional logit of the first minus
    that of the second).
    """
    real_logits, fake_logits = discriminator.judge(real), discriminator.judge(fake)
    alone = _real(real_logits, loss) + _fake(fake_logits, loss)
    fitting = _real(discriminator.judge_with(real, sentence), loss)
    painted = _fake(discriminator.judge_with(fake, painted_sentence), loss)
    wrong = _fake(discriminator.judge_with(real, wrong_sentence), loss)
    conditional = fitting + (1 - mismatch_weight) * painted + mismatch_weight * wrong
    return alone + conditional, (real_logits.mean() - fake_logits.mean()).detach().float()


def generator_loss(discriminator: Any, fake: Any, sentence: Tensor, loss: str) -> Tensor:
    """How little paintings pass for photographs, alone and with their sentence (equation 3).

    fake: the discriminator's features of paintings; sentence: batch x text_size; loss: as in discriminator_loss.
    """
    logits = discriminator.judge(fake), discriminator.judge_with(fake, sentence)
    if loss == "hinge":
        return -(logits[0].float().mean() + logits[1].float().mean())
    return _real(logits[0], loss) + _real(logits[1], loss)


def condition_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of the condition's Gaussian from a standard normal, averaged over all numbers (StackGAN, eq. 2)."""
    mean, log_variance = mean.float(), log_variance.float()
    return -0.5 * torch.mean(1 + log_variance - mean.square() - log_variance.exp())


def variety(seen: Any) -> Tensor:
    """How much two paintings of one sentence differ: a scalar from 0 up; photographs of any two birds come to 1.3.

    seen: feature maps or pictures of a batch in which rows 2i and 2i + 1 show the same sentence. Mean absolute
    difference over mean absolute value, averaged over the maps; after Mao et al. 2019 (Mode Seeking GANs), with what
    the eyes see in place of pixels.
    """
    maps = [one.float() for one in (seen if isinstance(seen, list) else [seen])]
    pairs = len(maps[0]) // 2
    ratios = []
    for one in maps:
        first, second = one[0 : 2 * pairs : 2], one[1 : 2 * pairs : 2]
        ratios.append((first - second).abs().mean() / one.abs().mean().clamp_min(1e-6))
    return torch.stack(ratios).mean()
