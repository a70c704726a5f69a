"""Building blocks that several networks share."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def conv3x3(channels_in: int, channels_out: int) -> nn.Conv2d:
    """3x3 convolution that keeps the size, without bias (a normalisation or tanh follows)."""
    return nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)


class UpBlock(nn.Module):
    """Nearest-neighbour doubling, 3x3 convolution, batch norm, gated linear unit.

    A doubled picture holds every pixel four times, so the 3x3 convolution on it equals a 4x4 transposed convolution
    of stride 2 on the small picture, at 4 instead of 9 products a pixel.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv = conv3x3(channels_in, 2 * channels_out)
        self.norm = nn.BatchNorm2d(2 * channels_out)

    def forward(self, features: Tensor) -> Tensor:
        """batch x channels_in x h x w -> batch x channels_out x 2h x 2w."""
        kernel = self.conv.weight.flip(2, 3).transpose(0, 1)  # in x out x 3 x 3
        kernel = F.pad(kernel, (1, 1, 1, 1))
        kernel = kernel[..., 1:, :] + kernel[..., :-1, :]
        kernel = kernel[..., 1:] + kernel[..., :-1]  # in x out x 4 x 4
        return F.glu(self.norm(F.conv_transpose2d(features, kernel, stride=2, padding=1)), dim=1)


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with a gated linear unit between them, added to the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gate = conv3x3(channels, 2 * channels)
        self.gate_norm = nn.BatchNorm2d(2 * channels)
        self.out = conv3x3(channels, channels)
        self.out_norm = nn.BatchNorm2d(channels)

    def forward(self, features: Tensor) -> Tensor:
        """batch x channels x h x w -> the same shape."""
        gated = F.glu(self.gate_norm(self.gate(features)), dim=1)
        return features + self.out_norm(self.out(gated))


def padding_mask(lengths: Tensor, words: int) -> Tensor:
    """bool, captions x words: True where a caption has ended."""
    return torch.arange(words, device=lengths.device) >= lengths[:, None]
