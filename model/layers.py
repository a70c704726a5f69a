"""Building blocks that several networks share."""

from functools import cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def conv3x3(channels_in: int, channels_out: int) -> nn.Conv2d:
    """3x3 convolution that keeps the size, without bias (a normalisation or tanh follows)."""
    return nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)


def gated(features: Tensor) -> Tensor:
    """Gated linear unit (Dauphin et al. 2017): batch x 2 channels x h x w -> batch x channels x h x w.

    torch's own hands its gradient back with channels first; a batch norm before it then takes several times as long.
    """
    values, gates = features.chunk(2, dim=1)
    return values * gates.sigmoid()


# 9 x 16: a 3x3 kernel, turned, to the 4x4 kernel of which every element sums those that meet the same small pixel.
_SUMS = torch.tensor([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
_DOUBLED = torch.einsum("ia,jb->abij", _SUMS, _SUMS).reshape(9, 16)


@cache
def _doubled(device: torch.device, dtype: torch.dtype) -> Tensor:
    """Kept where it is needed, since to send it there for every picture would wait for the device."""
    with torch.inference_mode(False):  # what a painting made could not be trained with
        return _DOUBLED.to(device, dtype)


class UpBlock(nn.Module):
    """Nearest-neighbour doubling, 3x3 convolution, batch norm, gated linear unit.

    A doubled picture holds every pixel four times, so the 3x3 convolution on it equals a 4x4 transposed convolution
    of stride 2 on the small picture, at 4 instead of 9 products a pixel. Where there are fewer pixels than channels,
    to make the kernel takes longer than that saves.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv = conv3x3(channels_in, 2 * channels_out)
        self.norm = nn.BatchNorm2d(2 * channels_out)

    def forward(self, features: Tensor) -> Tensor:
        """batch x channels_in x h x w -> batch x channels_out x 2h x 2w."""
        if features[:, 0].numel() < features.shape[1]:
            return gated(self.norm(self.conv(F.interpolate(features, scale_factor=2.0))))
        weight = self.conv.weight.transpose(0, 1)  # in x out x 3 x 3
        kernel = (weight.reshape(-1, 9) @ _doubled(weight.device, weight.dtype)).view(*weight.shape[:2], 4, 4)
        return gated(self.norm(F.conv_transpose2d(features, kernel, stride=2, padding=1)))


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
        return features + self.out_norm(self.out(gated(self.gate_norm(self.gate(features)))))


def padding_mask(lengths: Tensor, words: int) -> Tensor:
    """bool, captions x words: True where a caption has ended."""
    return torch.arange(words, device=lengths.device) >= lengths[:, None]
