"""Attention on the parts of the bird: "beak" is held to look where the beak is painted.

AttnGAN leaves open where its words look, and a word for a part may look anywhere. Here a detector, fitted on CUB's part
locations, finds the parts in the first stage's picture, and a word for a part loses what its map has elsewhere: on the
maps of the stages that are trained, and on that of the next one, so that features tell parts apart before they are
frozen.
"""

from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from model.data.photo import Photo
from model.evaluation.bird_parts import fitting_units, marked, part_detector
from model.evaluation.judge import Judge, as_map
from model.evaluation.localisation import RADIUS
from model.evaluation.part_detector import PartDetector
from model.evaluation.parts import ALL_PARTS, WORDS
from model.image_encoder import REGIONS
from model.training.damsm import FIRST_SIZE
from model.training.painting import Spot
from model.training.world import World

DETECTOR = "parts.safetensors"
LEAST = 1e-4  # of a map, which is taken to lie near a part that is nowhere near


class PartAttention:
    """How far from the parts of the bird their words look."""

    def __init__(self, teacher: Judge, detector: PartDetector) -> None:
        """teacher: through whose eyes the detector, of ALL_PARTS, looks."""
        self.place, self.image_encoder = teacher.place, teacher.image_encoder
        self.detector = detector.requires_grad_(False).eval().to(self.place)
        words = [[word in WORDS[part] for part in ALL_PARTS] for word in teacher.vocabulary.words]
        self.names = torch.tensor(words, dtype=torch.float32, device=self.place)  # vocabulary x parts

    @torch.no_grad()
    def find(self, pictures: Tensor) -> Tensor:
        """Where the parts are in pictures, batch x 3 x s x s in -1..1: batch x parts x 64, sums to 1 over the cells."""
        regions, _ = self.image_encoder(pictures)
        heat: Tensor = self.detector(as_map(regions)).float().softmax(2)
        return heat

    def loss(self, attentions: list[Tensor], tokens: Tensor, sketch: Tensor, spot: Spot | None, world: World) -> Tensor:
        """Mean over the stages and the words for parts of -log the share of a word's map that lies near its part.

        attentions: batch x words x h x h, of the whole map or of `spot`; tokens: batch x words; sketch: the first
        stage's pictures; world: whose processes share the batch. What lies within RADIUS of a part is near; a part
        counts as far as it surely is inside a spot.
        """
        heat, named = self.find(sketch), self.names[tokens]  # batch x parts x 64, batch x words x parts
        losses = []
        for attention in attentions:
            lost, counted = astray(attention, named, heat, spot)
            losses.append(lost / world.mean(counted).clamp_min(1 / world.size))
        return torch.stack(losses).mean()


def astray(attention: Tensor, named: Tensor, heat: Tensor, spot: Spot | None) -> tuple[Tensor, Tensor]:
    """What the words of one stage lose together, and how many words for parts that counts.

    named: 1 where a word (batch x words x parts) names a part; heat: as from `find`.
    """
    near = heat @ _reach(attention.shape[-1], spot, heat.device)  # batch x parts x places: how likely the part is near
    maps = attention.float().flatten(2)
    share = maps / maps.sum(2, keepdim=True).clamp_min(1e-8)
    surely = near.amax(2)[:, None].clamp_min(LEAST)  # the most that a map can have
    hit = (share @ near.transpose(1, 2)).clamp_min(LEAST * LEAST)  # batch x words x parts
    counts = named * surely
    return (counts * (surely / hit).log()).sum(), counts.sum()


def _reach(side: int, spot: Spot | None, device: torch.device) -> Tensor:
    """1 where a place of a map, or of its `spot`, lies within RADIUS of a cell's centre: 64 x places."""
    cells = (torch.arange(REGIONS, device=device) + 0.5) / REGIONS
    places = (torch.arange(side, device=device) + 0.5) / side
    top, left, share = (spot.top / spot.whole, spot.left / spot.whole, spot.side / spot.whole) if spot else (0, 0, 1)
    down = (top + places * share)[None, :] - cells[:, None]  # cells' rows x places' rows
    right = (left + places * share)[None, :] - cells[:, None]
    square = down[:, None, :, None].square() + right[None, :, None, :].square()
    return (square <= RADIUS**2).float().flatten(2).flatten(0, 1)


def learn_parts(teacher: Judge, photos: list[Photo], run: Path, world: World) -> PartAttention | None:
    """A detector fitted on photos with marked parts, as large as the first stage paints; None where there are none.

    RUN/parts.safetensors keeps it, which the first process writes and the others wait for.
    """
    known = marked(photos)
    if not known:
        world.tell("The data have no parts/part_locs.txt, so attention is left to itself.")
        return None
    if not world.first:
        world.agreed(0)
    with tqdm(desc="parts of the birds", total=fitting_units(known), leave=False, disable=not world.first) as bar:
        detector = part_detector(
            teacher,
            known,
            run / DETECTOR,
            bar.update,
            parts=ALL_PARTS,
            side=FIRST_SIZE,
            report=lambda _: None,  # the batches tell which photos are broken
        )
    if world.first:
        world.agreed(0)
    return PartAttention(teacher, detector)
