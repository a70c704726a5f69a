"""Painting for training: some stages with gradients, those before frozen, the last ones on crops of the feature map.

The refinement stages are convolutions and a per-pixel attention, so one of them can learn from a part of the map.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.batches import WHOLE, Window
from model.generator import Generator
from model.training.options import Phase

EDGE = 5  # map cells around a crop that the frozen stage before sees too: as far as its convolutions reach


@dataclass(frozen=True)
class Text:
    """Features of a batch of captions: words batch x size x words, mask True where padded, sentence batch x size.

    species: batch, of the photos they are about; tokens: batch x words, as the vocabulary counts them, 0 where padded.
    """

    words: Tensor
    mask: Tensor
    sentence: Tensor
    species: Tensor
    tokens: Tensor

    def followed_by(self, other: "Text") -> "Text":
        """These rows, and then those of another batch."""
        parts = zip(vars(self).values(), vars(other).values(), strict=True)
        return Text(*(torch.cat(pair) for pair in parts))

    def first(self, rows: int) -> "Text":
        """The first rows of the batch."""
        return Text(*(part[:rows] for part in vars(self).values()))


def in_pairs(text: Text) -> Text:
    """Every other caption twice, in rows 2i and 2i + 1; the rest is left out."""
    rows = torch.arange(len(text.sentence), device=text.sentence.device) // 2 * 2
    return Text(*(part[rows] for part in vars(text).values()))


class Painting(NamedTuple):
    """What the trained stages painted, and what they began with.

    pictures: batch x 3 x s x s, one a trained stage; before: the same part by the stage before; mean, log_variance: of
    CA's Gaussian; sketch: the first stage's whole picture, without gradient; attentions: batch x words x h x h, one a
    trained refinement stage and, when it is looked ahead, one of the stage after them, each over the map that enters it
    or the part of it that is painted.
    """

    pictures: list[Tensor]
    before: Tensor | None
    mean: Tensor
    log_variance: Tensor
    sketch: Tensor
    attentions: list[Tensor]


class Spot(NamedTuple):
    """Where a crop lies on the map entering the trained stage, in cells (even), and the map's whole side."""

    top: int
    left: int
    side: int
    whole: int

    @property
    def window(self) -> Window:
        """The same place on a picture."""
        return Window(self.top / self.whole, self.left / self.whole, self.side / self.whole)


def random_spot(phase: Phase, random: torch.Generator) -> Spot | None:
    """A crop for this step, or None where the phase sees whole maps."""
    whole = 32 * 2**phase.first  # the map entering refinement stage k is as large as the picture of stage k - 1
    if not phase.crop or phase.crop >= whole:
        return None
    top, left = (2 * torch.randint((whole - phase.crop) // 2 + 1, (2,), generator=random)).tolist()
    return Spot(top, left, phase.crop, whole)


def window_of(spot: Spot | None) -> Window:
    """The part of a photo to put beside a painting."""
    return WHOLE if spot is None else spot.window


def paint(
    generator: Generator,
    phase: Phase,
    text: Text,
    noise: Tensor,
    condition_noise: Tensor,
    spot: Spot | None,
    ahead: bool = False,
) -> Painting:
    """Run the stages up to `phase.last`; only those from `phase.first` on keep what a gradient needs.

    ahead: whether to look at the attention of the stage after `phase.last` too, which is not painted.
    """
    with torch.set_grad_enabled(phase.first == 0 and torch.is_grad_enabled()):
        condition, mean, log_variance = generator.conditioning(text.sentence, condition_noise)
        features = generator.initial(condition, noise)
    before = None
    if phase.first == 0:
        pictures = [generator.heads[0](features)]
        sketch = pictures[0].detach()
    else:
        with torch.no_grad():
            sketch = generator.heads[0](features)
            features = frozen_features(generator, phase.first, text, features, spot)
            before = generator.heads[phase.first - 1](features)
        pictures = []
    attentions = []
    for stage in range(max(1, phase.first), phase.last + 1):
        features, attention = generator.refinements[stage - 1](features, text.words, text.mask)
        pictures.append(generator.heads[stage](features))
        attentions.append(attention)
    if ahead:
        attend = generator.refinements[phase.last].get_submodule("attention")
        _, attention = attend(features, text.words, text.mask)
        attentions.append(attention)
    return Painting(pictures, before, mean, log_variance, sketch, attentions)


def frozen_features(generator: Generator, first: int, text: Text, features: Tensor, spot: Spot | None) -> Tensor:
    """The feature map entering stage `first`, or the part of it at `spot`."""
    for stage in range(1, first):
        refine = generator.refinements[stage - 1]
        if spot is None or stage < first - 1:
            features, _ = refine(features, text.words, text.mask)
            continue
        half = spot.whole // 2
        top, left = max(0, spot.top // 2 - EDGE), max(0, spot.left // 2 - EDGE)
        bottom = min(half, (spot.top + spot.side) // 2 + EDGE)
        right = min(half, (spot.left + spot.side) // 2 + EDGE)
        part, _ = refine(features[:, :, top:bottom, left:right], text.words, text.mask)
        y, x = spot.top - 2 * top, spot.left - 2 * left
        return part[:, :, y : y + spot.side, x : x + spot.side]
    if spot is not None:
        return features[:, :, spot.top : spot.top + spot.side, spot.left : spot.left + spot.side]
    return features


def consistency(picture: Tensor, before: Tensor) -> Tensor:
    """Mean absolute difference between a picture at half its side and the stage before (batch x 3 x s/2 x s/2)."""
    return F.l1_loss(F.avg_pool2d(picture.float(), 2), before.float())
