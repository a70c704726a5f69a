"""The image encoder of DAMSM: a compact residual network trained from scratch (AttnGAN, section 3.2)."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

IMAGE_SIZE = 64  # pixels: the side it looks at; other pictures are resized to it
REGIONS = 8  # the local features form an 8 x 8 map


class _Down(nn.Module):
    """Pre-activation residual block that halves the side."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.first = nn.Sequential(
            nn.BatchNorm2d(channels_in),
            nn.ReLU(),
            nn.Conv2d(channels_in, channels_out, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
            nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False),
        )
        self.second = nn.Sequential(
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
            nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False),
        )
        self.shortcut = nn.Conv2d(channels_in, channels_out, 1, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        features = self.shortcut(F.avg_pool2d(features, 2)) + self.first(features)
        return features + self.second(features)


class ImageEncoder(nn.Module):
    """Picture -> region features and one global feature, in the space of the text features."""

    kind = "compact"
    image_size = IMAGE_SIZE

    def __init__(self, text_size: int = 256, channels: int = 48) -> None:
        super().__init__()
        self.widths: tuple[int, ...] = (channels, 2 * channels, 4 * channels, 6 * channels)
        self.stem = nn.Conv2d(3, channels // 2, 3, padding=1, bias=False)
        self.local = nn.Sequential(
            _Down(channels // 2, channels),
            _Down(channels, 2 * channels),
            _Down(2 * channels, 4 * channels),
            nn.BatchNorm2d(4 * channels),
            nn.ReLU(),
        )
        self.regions = nn.Conv2d(4 * channels, text_size, 1, bias=False)
        self.deep = nn.Sequential(_Down(4 * channels, 6 * channels), nn.BatchNorm2d(6 * channels), nn.ReLU())
        self.whole = nn.Linear(6 * channels, text_size)

    def start_from_imagenet(self) -> None:
        """Take over ImageNet's weights: the compact encoder has none. Raises PlainError when they cannot be had."""

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Encode batch x 3 x s x s pictures in -1..1.

        Returns region features (batch x text_size x regions, a square map row by row) and the global feature
        (batch x text_size).
        """
        return self.read(self.look(self.resized(pictures)))

    def resized(self, pictures: Tensor) -> Tensor:
        """Pictures at the side this encoder looks at."""
        side = self.image_size
        if pictures.shape[-1] == side:
            return pictures
        shrink = pictures.shape[-1] > side
        return F.interpolate(pictures.float(), (side, side), mode="bilinear", antialias=shrink)

    def look(self, pictures: Tensor) -> list[Tensor]:
        """Feature maps of pictures of any side from `image_size` up, finest first; their channels are `widths`."""
        features, maps = self.stem(pictures), []
        for block in (self.local[0], self.local[1], self.local[2:], self.deep):
            features = block(features)
            maps.append(features)
        return maps

    def read(self, maps: list[Tensor]) -> tuple[Tensor, Tensor]:
        """What `forward` returns, from what `look` returned."""
        return self.regions(maps[2]).flatten(2), self.whole(maps[3].mean((2, 3)))


def drawn_moves(
    rows: int,
    most: int,
    random: torch.Generator | None = None,
    share: tuple[int, int] = (0, 1),
    pairs: bool = False,
) -> Tensor:
    """How far each of `rows` pictures moves, vertically and horizontally: 2 x rows from 0 to 2 * most, on the CPU.

    0 is `most` pixels down or right, 2 * most as many up or left. share: which part of how many equal ones of a larger
    batch this is; the others draw the same numbers. pairs: rows 2i and 2i + 1 move alike.

    Pictures are moved before discriminators and encoders see them, so that a generator cannot please them with a fixed
    grid (Zhao et al. 2020, Differentiable Augmentation).
    """
    if most == 0:
        return torch.zeros(2, rows, dtype=torch.long)
    part, parts = share
    drawn = torch.randint(2 * most + 1, (2, parts * rows), generator=random)
    if pairs:
        drawn = drawn[:, torch.arange(parts * rows) // 2 * 2]
    return drawn[:, part * rows : (part + 1) * rows]


def moved(pictures: Tensor, moves: Tensor, most: int) -> Tensor:
    """Every picture of the batch moved as `drawn_moves` says, black where it came from; all on one device."""
    result: Tensor = _Moved.apply(pictures, moves, most) if most else pictures
    return result


class _Moved(torch.autograd.Function):
    """Its gradient moves back, so that torch need not add up what it cannot know to be different pixels."""

    @staticmethod
    def forward(ctx: Any, pictures: Tensor, moves: Tensor, most: int) -> Tensor:
        ctx.save_for_backward(moves)
        ctx.most = most
        batch, _, height, width = pictures.shape
        padded = F.pad(pictures, (most, most, most, most))
        down, right = moves[:, :, None]
        rows = down + torch.arange(height, device=pictures.device)  # batch x height
        columns = right + torch.arange(width, device=pictures.device)
        index = torch.arange(batch, device=pictures.device)[:, None, None]
        return padded.permute(0, 2, 3, 1)[index, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (moves,) = ctx.saved_tensors
        return moved(gradient, 2 * ctx.most - moves, ctx.most), None, None
