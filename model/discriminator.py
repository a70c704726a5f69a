"""The discriminators: is this a photograph, and does it fit the sentence? (AttnGAN, section 3.1.)"""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SENTENCE_SCALE = 4.0  # length of a sentence's features before the projection


class Discriminator(nn.Module):
    """Down to 4x4 features, then an unconditional and a conditional logit.

    Four 4x4 convolutions of stride 2 bring a 64 px picture to 4x4; each doubling of the picture adds one more
    down block, so the 512 px one has seven. A 3x3 convolution then brings the width back to eight times `channels`.
    """

    def __init__(self, image_size: int, text_size: int = 256, channels: int = 64) -> None:
        """image_size: 64, 128, 256 or 512 pixels."""
        super().__init__()
        if image_size < 64 or image_size & (image_size - 1):
            raise ValueError(f"a discriminator's picture is 64 px times a power of two, not {image_size}")
        downs = int(math.log2(image_size // 4))
        widths = [3, *(channels * min(2**i, 16) for i in range(downs))]
        blocks: list[nn.Module] = []
        for i, (before, after) in enumerate(itertools.pairwise(widths)):
            block = _block(nn.Conv2d(before, after, 4, stride=2, padding=1, bias=False))
            blocks += block if i else [block[0], block[2]]  # the first one is not normalised
        if widths[-1] != 8 * channels:
            blocks += _block(nn.Conv2d(widths[-1], 8 * channels, 3, padding=1, bias=False))
        self.encode = nn.Sequential(*blocks)
        self.width = 8 * channels  # of the features
        self.joint = nn.Sequential(*_block(nn.Conv2d(8 * channels + text_size, 8 * channels, 3, padding=1, bias=False)))
        self.unconditional = nn.Conv2d(8 * channels, 1, 4, stride=4)
        self.conditional: nn.Module = nn.Conv2d(8 * channels, 1, 4, stride=4)

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


class ProjectionDiscriminator(Discriminator):
    """The same way down; a sentence is judged by its inner product with the features (Miyato & Koyama 2018).

    The published joint convolution is computed for every pair of picture and sentence, this one once a picture.
    """

    def __init__(self, image_size: int, text_size: int = 256, channels: int = 64) -> None:
        """As Discriminator."""
        super().__init__(image_size, text_size, channels)
        self.joint = nn.Sequential(*_block(nn.Conv2d(8 * channels, 8 * channels, 3, padding=1, bias=False)))
        self.conditional = nn.Linear(text_size, 8 * channels)

    def forward(self, pictures: Tensor) -> Tensor:
        """As Discriminator."""
        features: Tensor = self.joint(self.encode(pictures))
        return features

    def judge_with(self, features: Tensor, sentence: Tensor) -> Tensor:
        """As Discriminator; only the sentence's direction counts."""
        projection = self.conditional(SENTENCE_SCALE * F.normalize(sentence.float(), dim=1))
        return (features.float().mean((2, 3)) * projection.float()).sum(1)


def _block(conv: nn.Conv2d) -> list[nn.Module]:
    return [conv, nn.BatchNorm2d(conv.out_channels), nn.LeakyReLU(0.2)]
