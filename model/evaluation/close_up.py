"""Close-ups of the bird's head.

A head is a fiftieth of the picture and most of what makes it a bird to a person. Discriminators of whole pictures let
headless birds pass; those of GAN runs see heads alone, too, or crops around them (`head_weight`), as those of GFP-GAN
do with parts of faces (Wang et al. 2021, arXiv 2101.04061).
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from model.evaluation.part_detector import mean_around_the_peak
from model.evaluation.parts import ALL_PARTS

HEAD = [ALL_PARTS.index(part) for part in ("beak", "crown", "head", "eyes", "throat")]
SHARE = 3 / 8  # of a picture's side
LEAST_SIDE = 64  # pixels that discriminators look at


def head_centres(heat: Tensor) -> Tensor:
    """Middles of the heads: heat of ALL_PARTS, batch x parts x 64, -> batch x (x, y), 0..1 each way."""
    return mean_around_the_peak(torch.stack([heat[:, part] for part in HEAD]).mean(0))  # a list of indices would wait


def close_up_side(size: int) -> int:
    """Side of the close-up of a picture, in pixels: discriminators can halve it, and no detail is lost."""
    return max(LEAST_SIDE, size // 2)


def close_up(pictures: Tensor, centres: Tensor) -> Tensor:
    """The squares around the centres, SHARE of the side wide and all of them inside, `close_up_side` pixels wide.

    pictures: batch x 3 x s x s; centres: batch x (x, y), 0..1. Gradients flow to the pictures.
    """
    side = close_up_side(pictures.shape[-1])
    steps = ((torch.arange(side, device=pictures.device) + 0.5) / side - 0.5) * SHARE
    middles = centres.clamp(SHARE / 2, 1 - SHARE / 2)[:, :, None] + steps  # batch x (x, y) x side
    across, down = middles.unbind(1)
    shape = (len(pictures), side, side)
    grid = torch.stack([across[:, None, :].expand(shape), down[:, :, None].expand(shape)], 3)
    return F.grid_sample(pictures.float(), 2 * grid - 1, mode="bilinear", padding_mode="border", align_corners=False)
