"""Cutting, flipping and resizing a batch of photos on the device that they are on.

On a CPU that is quickest photo after photo. Anywhere else all are done at once, without waiting for the device: lookups
cut and flip, two matrix products resize, with the weights of a triangle filter as wide as the picture shrinks, so that
nothing aliases. Both give the same pictures.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.drawing import Drawing
from model.device import sent


def cropped(photos: Tensor, drawing: Drawing, sizes: Sequence[int]) -> list[Tensor]:
    """The drawn squares of photos (uint8, photos x 3 x height x width), resized to every size (a side in pixels).

    Returns rows x 3 x size x size in -1..1, on the photos' device.
    """
    return (cropped_in_turn if photos.device.type == "cpu" else cropped_together)(photos, drawing, sizes)


def cropped_in_turn(photos: Tensor, drawing: Drawing, sizes: Sequence[int]) -> list[Tensor]:
    """What `cropped` returns, photo after photo."""
    pictures = [torch.empty(len(drawing.photos), 3, size, size, device=photos.device) for size in sizes]
    for row, (photo, top, left, side, flipped) in enumerate(_numbers(drawing).T.tolist()):
        part = photos[photo, :, top : top + side, left : left + side]
        values = _to_range((part.flip(2) if flipped else part).float())
        for same_size, size in zip(pictures, sizes, strict=True):
            same_size[row] = resized(values, size)
    return pictures


def resized(picture: Tensor, size: int) -> Tensor:
    """3 x h x w -> 3 x size x size."""
    if picture.shape[1:] == (size, size):
        return picture
    return F.interpolate(picture[None], (size, size), mode="bilinear", antialias=True)[0].clamp_(-1, 1)


def cropped_together(photos: Tensor, drawing: Drawing, sizes: Sequence[int]) -> list[Tensor]:
    """What `cropped` returns to 0.00001, channels last in memory, in a number of steps that the rows do not change."""
    rows, longest, device = len(drawing.photos), int(drawing.sides.max()), photos.device
    which, tops, lefts, sides, flipped = sent(_numbers(drawing), device)[:, :, None]
    along = torch.arange(longest, device=device)
    y = (tops + along).clamp(max=photos.shape[2] - 1)
    x = (lefts + torch.where(flipped == 1, sides - 1 - along, along)).clamp(0, photos.shape[3] - 1)
    channels = torch.arange(3, device=device)
    lines = photos[which[:, :, None], channels, y[:, :, None]]  # rows x longest x 3 x photo's width
    parts = lines.gather(3, x[:, None, None].expand(-1, longest, 3, -1))
    values = _to_range(parts.float()).view(rows, longest, 3 * longest)
    pictures = []
    for size in sizes:
        shrink = _filter(sides, longest, size)
        shorter = shrink @ values  # rows x size x (3 x longest)
        square = shorter.view(rows, size * 3, longest) @ shrink.transpose(1, 2)
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


def _numbers(drawing: Drawing) -> Tensor:
    """5 x rows: photo, top, left, side and whether it is flipped."""
    return torch.stack([drawing.photos, drawing.tops, drawing.lefts, drawing.sides, drawing.flipped.long()])


def _to_range(pixels: Tensor) -> Tensor:
    return pixels.div_(127.5).sub_(1)
