"""Cutting, flipping and resizing a batch of photos on the device that they are on.

On a CPU that is quickest photo after photo. Anywhere else all are done at once, without waiting for the device: lookups
cut and flip, two matrix products resize, with the weights of a triangle filter as wide as the picture shrinks, so that
nothing aliases. Both give the same pictures.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.drawing import Drawing
from model.device import sent


@dataclass(frozen=True)
class Window:
    """A square part of a square picture, in sides of that picture."""

    top: float = 0.0
    left: float = 0.0
    side: float = 1.0


WHOLE = Window()


@dataclass(frozen=True)
class Cuts:
    """A rectangle of a photo per row, in its pixels, on the CPU; flipped: True where left and right change places."""

    photos: Tensor
    tops: Tensor
    lefts: Tensor
    heights: Tensor
    widths: Tensor
    flipped: Tensor


def cuts(drawing: Drawing, window: Window) -> Cuts:
    """The window's part of every drawn square after it was flipped or not."""
    sides = drawing.sides.double()
    top, bottom = _rounded(window.top * sides), _rounded((window.top + window.side) * sides)
    left, right = _rounded(window.left * sides), _rounded((window.left + window.side) * sides)
    lefts = drawing.lefts + torch.where(drawing.flipped, drawing.sides - right, left)
    return Cuts(drawing.photos, drawing.tops + top, lefts, bottom - top, right - left, drawing.flipped)


def cropped(photos: Tensor, cuts: Cuts, sizes: list[int]) -> list[Tensor]:
    """Rectangles of photos (uint8, photos x 3 x height x width), resized to squares of every size (a side in pixels).

    Returns rows x 3 x size x size in -1..1, on the photos' device.
    """
    return (cropped_in_turn if photos.device.type == "cpu" else cropped_together)(photos, cuts, sizes)


def cropped_in_turn(photos: Tensor, cuts: Cuts, sizes: list[int]) -> list[Tensor]:
    """What `cropped` returns, photo after photo."""
    pictures = [torch.empty(len(cuts.photos), 3, size, size, device=photos.device) for size in sizes]
    rows = torch.stack([cuts.photos, cuts.tops, cuts.lefts, cuts.heights, cuts.widths, cuts.flipped.long()], 1)
    for row, (photo, top, left, height, width, flipped) in enumerate(rows.tolist()):
        part = photos[photo, :, top : top + height, left : left + width]
        values = _to_range((part.flip(2) if flipped else part).float())
        for same_size, size in zip(pictures, sizes, strict=True):
            same_size[row] = resized(values, size)
    return pictures


def resized(picture: Tensor, size: int) -> Tensor:
    """3 x h x w -> 3 x size x size."""
    if picture.shape[1:] == (size, size):
        return picture
    return F.interpolate(picture[None], (size, size), mode="bilinear", antialias=True)[0].clamp_(-1, 1)


def cropped_together(photos: Tensor, cuts: Cuts, sizes: list[int]) -> list[Tensor]:
    """What `cropped` returns to 0.00001, channels last in memory, in a number of steps that the rows do not change."""
    rows, device = len(cuts.photos), photos.device
    height, width = int(cuts.heights.max()), int(cuts.widths.max())
    numbers = torch.stack([cuts.photos, cuts.tops, cuts.lefts, cuts.heights, cuts.widths, cuts.flipped.long()])
    which, tops, lefts, heights, widths, flipped = sent(numbers, device)[:, :, None]
    across = torch.arange(width, device=device)
    y = (tops + torch.arange(height, device=device)).clamp(max=photos.shape[2] - 1)
    x = (lefts + torch.where(flipped == 1, widths - 1 - across, across)).clamp(0, photos.shape[3] - 1)
    channels = torch.arange(3, device=device)
    lines = photos[which[:, :, None], channels, y[:, :, None]]  # rows x height x 3 x photo's width
    parts = lines.gather(3, x[:, None, None].expand(-1, height, 3, -1))
    values = _to_range(parts.float()).view(rows, height, 3 * width)
    pictures = []
    for size in sizes:
        shorter = _filter(heights, height, size) @ values  # rows x size x (3 x width)
        square = shorter.view(rows, size * 3, width) @ _filter(widths, width, size).transpose(1, 2)
        picture = square.view(rows, size, 3, size).transpose(1, 2)
        pictures.append(picture.contiguous(memory_format=torch.channels_last).clamp_(-1, 1))
    return pictures


def _filter(lengths: Tensor, longest: int, size: int) -> Tensor:
    """Weights rows x size x longest that make `size` pixels of a row's first `lengths`; a pixel's add up to 1."""
    scale = lengths[:, None] / size
    pixels = torch.arange(longest, device=lengths.device) + 0.5
    middles = (torch.arange(size, device=lengths.device) + 0.5)[:, None] * scale
    weights = (1 - (pixels - middles).abs() / scale.clamp(min=1)).clamp(min=0) * (pixels < lengths[:, None])
    return weights / weights.sum(2, keepdim=True)


def _rounded(values: Tensor) -> Tensor:
    return values.round().long()


def _to_range(pixels: Tensor) -> Tensor:
    return pixels.div_(127.5).sub_(1)
