"""Painting for training: some stages with gradients, those before frozen, the last ones on crops of the feature map.

The refinement stages are convolutions and a per-pixel attention, so one of them can learn from a part of the map.
"""

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from model.generator import Generator
from model.training.options import Phase

EDGE = 5  # map cells around a crop that the frozen stage before sees too: as far as its convolutions reach


class Text(NamedTuple):
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
        return Text(*(torch.cat(pair) for pair in zip(self, other, strict=True)))

    def first(self, rows: int) -> "Text":
        """The first rows of the batch."""
        return Text(*(part[:rows] for part in self))


def in_pairs(text: Text) -> Text:
    """Every other caption twice, in rows 2i and 2i + 1; the rest is left out."""
    rows = torch.arange(len(text.sentence), device=text.sentence.device) // 2 * 2
    return Text(*(part[rows] for part in text))


class Spots(NamedTuple):
    """Where every row's crop lies on the map entering the trained stage.

    top, left: batch, even cells; side, whole: sides of the crops and of the map, in cells.
    """

    top: Tensor
    left: Tensor
    side: int
    whole: int

    def of(self, pictures: Tensor) -> Tensor:
        """These places of maps or pictures, batch x c x s x s, s a multiple of `whole`: batch x c x part x part."""
        scale = pictures.shape[-1] // self.whole
        return cut(pictures, scale * self.top, scale * self.left, scale * self.side)

    def around(self, centres: Tensor, which: Tensor) -> "Spots":
        """Moved around centres (batch x (x, y), 0..1), as far as the map reaches, in those rows that are True."""
        corner = (self.whole * centres - self.side / 2).clamp(0, self.whole - self.side)
        left, top = (2 * (corner / 2).round().long()).unbind(1)
        return self._replace(top=torch.where(which, top, self.top), left=torch.where(which, left, self.left))


class Sketch(NamedTuple):
    """What all stages after the first begin with.

    features: batch x channels x 64 x 64; picture: batch x 3 x 64 x 64; mean, log_variance: of CA's Gaussian.
    """

    features: Tensor
    picture: Tensor
    mean: Tensor
    log_variance: Tensor


class Painting(NamedTuple):
    """What the trained stages painted, and what they began with.

    pictures: batch x 3 x s x s, one a trained stage; before: the same part by the stage before; attentions: batch x
    words x h x h, one a trained refinement stage and, when it is looked ahead, one of the stage after them, each over
    the map that enters it or the part of it that is painted.
    """

    pictures: list[Tensor]
    before: Tensor | None
    attentions: list[Tensor]


def random_spots(phase: Phase, rows: int, random: torch.Generator) -> Spots | None:
    """Crops for this step, or None where the phase sees whole maps."""
    if not phase.is_cropped:
        return None
    top, left = 2 * torch.randint((phase.map_side - phase.crop) // 2 + 1, (2, rows), generator=random)
    return Spots(top, left, phase.crop, phase.map_side)


def cut(maps: Tensor, top: Tensor, left: Tensor, side: int) -> Tensor:
    """A square of every map: batch x c x h x w -> batch x c x side x side, channels last in memory."""
    steps = torch.arange(side, device=maps.device)
    rows = torch.arange(len(maps), device=maps.device)[:, None, None]
    down, across = (top[:, None] + steps)[:, :, None], (left[:, None] + steps)[:, None, :]
    return maps.permute(0, 2, 3, 1)[rows, down, across].permute(0, 3, 1, 2)


def sketched(generator: Generator, phase: Phase, text: Text, noise: Tensor, condition_noise: Tensor) -> Sketch:
    """Run the first stage, with what a gradient needs only where the phase trains it."""
    with torch.set_grad_enabled(phase.first == 0 and torch.is_grad_enabled()):
        condition, mean, log_variance = generator.conditioning(text.sentence, condition_noise)
        features = generator.initial(condition, noise)
        return Sketch(features, generator.heads[0](features), mean, log_variance)


def paint(
    generator: Generator, phase: Phase, text: Text, sketch: Sketch, spots: Spots | None, ahead: bool = False
) -> Painting:
    """Run the stages after the sketch, up to `phase.last`; only those from `phase.first` on keep gradients.

    ahead: whether to look at the attention of the stage after `phase.last` too, which is not painted.
    """
    features, before = sketch.features, None
    pictures, attentions = [], []
    if phase.first == 0:
        pictures.append(sketch.picture)
    else:
        with torch.no_grad():
            features = frozen_features(generator, phase.first, text, features, spots)
            before = generator.heads[phase.first - 1](features)
    for stage in range(max(1, phase.first), phase.last + 1):
        features, attention = generator.refinements[stage - 1](features, text.words, text.mask)
        pictures.append(generator.heads[stage](features))
        attentions.append(attention)
    if ahead:
        attend = generator.refinements[phase.last].get_submodule("attention")
        _, attention = attend(features, text.words, text.mask)
        attentions.append(attention)
    return Painting(pictures, before, attentions)


def frozen_features(generator: Generator, first: int, text: Text, features: Tensor, spots: Spots | None) -> Tensor:
    """The feature map entering stage `first`, or the parts of it at `spots`."""
    for stage in range(1, first):
        refine = generator.refinements[stage - 1]
        if spots is None or stage < first - 1:
            features, _ = refine(features, text.words, text.mask)
            continue
        side = min(features.shape[-1], spots.side // 2 + 2 * EDGE)
        top, left = ((place // 2 - EDGE).clamp(0, features.shape[-1] - side) for place in (spots.top, spots.left))
        around, _ = refine(cut(features, top, left, side), text.words, text.mask)
        return cut(around, spots.top - 2 * top, spots.left - 2 * left, spots.side)
    return features if spots is None else spots.of(features)


def consistency(picture: Tensor, before: Tensor) -> Tensor:
    """Mean absolute difference between a picture at half its side and the stage before (batch x 3 x s/2 x s/2)."""
    return F.l1_loss(F.avg_pool2d(picture.float(), 2), before.float())
