"""Attention on the parts of the bird: "beak" is held to look where the beak is painted.

AttnGAN leaves open where its words look, and a word for a part may look anywhere. Here a word for a part loses what its
map has elsewhere than where the part is found in the first stage's picture: on the maps of the stages that are trained,
and on that of the next one, so that features tell parts apart before they are frozen.
"""

import torch
from torch import Tensor

from model.evaluation.localisation import RADIUS
from model.image_encoder import REGIONS
from model.training.painting import Spots
from model.training.world import World

LEAST = 1e-4  # of a map, which is taken to lie near a part that is nowhere near


def attention_loss(attentions: list[Tensor], named: Tensor, heat: Tensor, spots: Spots | None, world: World) -> Tensor:
    """Mean over the stages and the words for parts of -log the share of a word's map that lies near its part.

    attentions: batch x words x h x h, of the whole map or of `spots`; named, heat: what a PartFinder knows of the words
    and finds in the first stage's pictures; world: whose processes share the batch. What lies within RADIUS of a part
    is near; a part counts as far as it surely is inside the spot.
    """
    losses = []
    for attention in attentions:
        lost, counted = astray(attention, named, heat, spots)
        losses.append(lost / world.mean(counted).clamp_min(1 / world.size))
    return torch.stack(losses).mean()


def astray(attention: Tensor, named: Tensor, heat: Tensor, spots: Spots | None) -> tuple[Tensor, Tensor]:
    """What the words of one stage lose together, and how many words for parts that counts.

    named: 1 where a word (batch x words x parts) names a part; heat: as from `PartFinder.find`.
    """
    near = heat @ _reach(attention.shape[-1], spots, heat.device)  # batch x parts x places: how likely the part is near
    maps = attention.float().flatten(2)
    share = maps / maps.sum(2, keepdim=True).clamp_min(1e-8)
    surely = near.amax(2)[:, None].clamp_min(LEAST)  # the most that a map can have
    hit = (share @ near.transpose(1, 2)).clamp_min(LEAST * LEAST)  # batch x words x parts
    counts = named * surely
    return (counts * (surely / hit).log()).sum(), counts.sum()


def _reach(side: int, spots: Spots | None, device: torch.device) -> Tensor:
    """1 where a place of a map or spot lies within RADIUS of a cell's centre: 64 x places, batch x that with spots."""
    cells = ((torch.arange(REGIONS, device=device) + 0.5) / REGIONS)[:, None]
    places = ((torch.arange(side, device=device) + 0.5) / side)[None, :]
    down = right = places[None]  # rows of the batch x 1 x rows or columns of the map
    if spots:
        down, right = (
            (corner[:, None, None] + places * spots.side) / spots.whole for corner in (spots.top, spots.left)
        )
    down, right = (down - cells).square(), (right - cells).square()  # ... x cells' rows or columns x the map's
    apart = down[:, :, None, :, None] + right[:, None, :, None, :]
    near = (apart <= RADIUS**2).float().flatten(3).flatten(1, 2)
    return near if spots else near[0]
