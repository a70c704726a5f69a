"""The discriminators: is this a photograph, and does it fit the sentence? (AttnGAN, section 3.1.)"""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class Discriminator(nn.Module):
    """Down to 4x4 features, then an unconditional and a conditional logit.

    Four 4x4 convolutions of stride 2 bring a 64 px picture to 4x4; each doubling of the picture adds one more
    down block, so the 512 px one has seven. A 3x3 convolution then brings the width back to eight times `channels`.
    """

    def __init__(self, image_size: int, text_size: int = 256, channels: int = 64, norm: str = "batch") -> None:
        """image_size: 64, 128, 256 or 512 pixels; norm: "batch" as published, or "spectral" (Miyato et al. 2018)."""
        super().__init__()
        if image_size < 64 or image_size & (image_size - 1):
            raise ValueError(f"a discriminator's picture is 64 px times a power of two, not {image_size}")
        downs = int(math.log2(image_size // 4))
        widths = [3, *(channels * min(2**i, 16) for i in range(downs))]
        blocks: list[nn.Module] = []
        for i, (before, after) in enumerate(itertools.pairwise(widths)):
            blocks += _block(nn.Conv2d(before, after, 4, stride=2, padding=1, bias=False), norm if i else "none")
        if widths[-1] != 8 * channels:
            blocks += _block(nn.Conv2d(widths[-1], 8 * channels, 3, padding=1, bias=False), norm)
        self.encode = nn.Sequential(*blocks)
        self.joint = nn.Sequential(
            *_block(nn.Conv2d(8 * channels + text_size, 8 * channels, 3, padding=1, bias=False), norm)
        )
        self.unconditional = _logit(8 * channels, norm)
        self.conditional = _logit(8 * channels, norm)

    def forward(self, pictures: Tensor) -> Tensor:
        """batch x 3 x s x s in -1..1 -> features, batch x 8*channels x 4 x 4."""
        features: Tensor = self.encode(pictures)
        return features

    def judge(self, features: Tensor) -> Tensor:
        """Unconditional logit of each picture's features: batch."""
        logits: Tensor = self.unconditional(features)
        return logits.flatten()

    def judge_with(self, features: Tensor, sentence: Tensor) -> Tensor:
        """Conditional logit of features (batch x 8*channels x 4 x 4) with sentences (batch x text_size): batch."""
        spread = sentence[:, :, None, None].expand(-1, -1, *features.shape[2:])
        logits: Tensor = self.conditional(self.joint(torch.cat((features, spread.to(features.dtype)), 1)))
        return logits.flatten()


def _block(conv: nn.Conv2d, norm: str) -> list[nn.Module]:
    if norm == "batch":
        return [conv, nn.BatchNorm2d(conv.out_channels), nn.LeakyReLU(0.2)]
    return [spectral_norm(conv) if norm == "spectral" else conv, nn.LeakyReLU(0.2)]


def _logit(channels: int, norm: str) -> nn.Module:
    conv = nn.Conv2d(channels, 1, 4, stride=4)
    return spectral_norm(conv) if norm == "spectral" else conv
