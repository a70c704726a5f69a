"""A discriminator that sees what frozen, pretrained eyes see (Sauer et al. 2021, Projected GANs, arXiv 2111.01007).

It learns from far fewer pictures than one that has to learn to see first. As the teacher of the words looks with the
same eyes, both share one pass over a picture.
"""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

SENTENCE_SCALE = 16.0  # length of a sentence's features before the projection: 1 in the mean of 256 squares
FINEST_CHANNELS = 32  # of the mixed map of a quarter of the side; each coarser one has twice as many


class ProjectedDiscriminator(nn.Module):
    """Feature maps -> logits, unconditional and with a sentence, several a picture: one a map."""

    def __init__(
        self, widths: tuple[int, ...], sides: tuple[int, ...], text_size: int = 256, channels: int = 64
    ) -> None:
        """widths, sides: channels and sides of the maps, finest first; channels: of the finest map's head."""
        super().__init__()
        self.mix = _RandomMix(widths)
        self.heads = nn.ModuleList(
            _Head(mixed, side, text_size, channels * min(2**number, 4))
            for number, (mixed, side) in enumerate(zip(self.mix.widths, sides, strict=True))
        )
        self.width = sum(head.width for head in self._heads)  # of the features of all maps together

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        """Maps of a batch, batch x widths[i] x sides[i] x sides[i] -> features for `judge`, one a map."""
        return [head.encode(mixed) for head, mixed in zip(self._heads, self.mix(maps), strict=True)]

    def judge(self, features: list[Tensor]) -> Tensor:
        """Unconditional logits: maps * batch."""
        return torch.cat([head.alone(one).flatten() for head, one in zip(self._heads, features, strict=True)])

    def judge_with(self, features: list[Tensor], sentence: Tensor) -> Tensor:
        """Logits with sentences (batch x text_size), of which the direction counts (Miyato & Koyama 2018)."""
        said = SENTENCE_SCALE * F.normalize(sentence.float(), dim=1)
        pairs = zip(self._heads, features, strict=True)
        return torch.cat([(one.float().mean((2, 3)) * head.fitting(said).float()).sum(1) for head, one in pairs])

    @property
    def _heads(self) -> list["_Head"]:
        return [head for head in self.heads if isinstance(head, _Head)]


class _Head(nn.Module):
    """Down to 4 x 4 features by the published discriminator's blocks, but with spectral norm."""

    def __init__(self, channels_in: int, side: int, text_size: int, channels: int) -> None:
        super().__init__()
        downs = int(math.log2(side // 4))
        widths = [channels_in, *[channels] * (downs - 1), 2 * channels]
        blocks = [_block(before, after, halve=downs > 0) for before, after in itertools.pairwise(widths)]
        self.encode = nn.Sequential(*blocks)
        self.width = widths[-1]
        self.alone = spectral_norm(nn.Conv2d(2 * channels, 1, 4))
        self.fitting = spectral_norm(nn.Linear(text_size, 2 * channels))


def _block(channels_in: int, channels_out: int, halve: bool) -> nn.Sequential:
    kernel, stride = (4, 2) if halve else (3, 1)
    convolution = nn.Conv2d(channels_in, channels_out, kernel, stride, padding=1, bias=False)
    return nn.Sequential(spectral_norm(convolution), nn.BatchNorm2d(channels_out), nn.LeakyReLU(0.2))


class _RandomMix(nn.Module):
    """Fixed random convolutions across channels and, from the coarsest map on, across scales (section 3.2).

    Without them a discriminator looks at the few features that tell most and lets the generator forget the others.
    """

    def __init__(self, inputs: tuple[int, ...]) -> None:
        super().__init__()
        wide = [FINEST_CHANNELS * 2**number for number in range(len(inputs))]
        self.widths = [FINEST_CHANNELS, *wide[:-1]]
        random = torch.Generator().manual_seed(0)  # the same for all, so that none has to be kept
        for number, (before, middle, after) in enumerate(zip(inputs, wide, self.widths, strict=True)):
            for name, shape in (
                (f"across_{number}", (middle, before, 1, 1)),
                (f"onward_{number}", (after, middle, 3, 3)),
            ):
                deviation = math.sqrt(2 / math.prod(shape[1:]))  # after He et al. 2015
                self.register_buffer(name, deviation * torch.randn(shape, generator=random), persistent=False)

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        """Mixed maps of the same sides, finest first."""
        mixed: list[Tensor] = []
        for number in reversed(range(len(maps))):
            features = F.conv2d(maps[number], self.get_buffer(f"across_{number}"))
            if mixed:
                features = features + F.interpolate(mixed[0], features.shape[2:], mode="bilinear")
            onward = F.conv2d(features, self.get_buffer(f"onward_{number}"), padding=1)
            mixed.insert(0, onward / math.sqrt(2))
        return mixed
