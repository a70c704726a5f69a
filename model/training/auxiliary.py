"""What the image encoder learns beside DAMSM, from what annotators know of the photos: species, attributes and parts.

Each has a head on the encoder's features, which is thrown away after training. A head whose weight is 0, or whose
data are not there, is not made.
"""

from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.data.batches import Batches
from model.data.cub import Photo, read_attributes
from model.data.photo import attempt_each, species_numbers
from model.errors import DataError
from model.evaluation.judge import as_map
from model.evaluation.part_detector import heat_of
from model.evaluation.parts import ALL_PARTS, in_bird_square
from model.training.options import DamsmOptions
from model.training.world import World

SMOOTHING = 0.1  # of the species labels


class Known(NamedTuple):
    """What is known of the photos: one more than the largest number of a species, and whether parts are marked.

    attributes: how likely an annotator sees each, 0..1, a row for every species number, or None.
    """

    species: int = 0
    attributes: Tensor | None = None
    parts: bool = False


class Auxiliary(nn.Module):
    """The heads that have a weight and something to learn from, by name in `heads`."""

    attributes: Tensor

    def __init__(self, options: DamsmOptions, size: int, known: Known) -> None:
        """size: of the encoder's features."""
        super().__init__()
        self.options = options
        attributes = torch.empty(0, 0) if known.attributes is None else known.attributes
        self.register_buffer("attributes", attributes, persistent=False)
        self.heads = nn.ModuleDict()
        if options.species_weight:
            self.heads["species_of"] = nn.Linear(size, known.species)
        if options.attribute_weight and len(attributes):
            self.heads["attributes_of"] = nn.Linear(size, attributes.shape[1])
        if options.part_weight and known.parts:
            self.heads["parts_of"] = nn.Conv1d(size, len(ALL_PARTS), 1)
        self._places: Tensor | None = None  # of the parts in the photos of the batches

    @property
    def finds_parts(self) -> bool:
        """Whether `loss` has to be told where the parts are."""
        return "parts_of" in self.heads

    def heat(self, batches: Batches, step: int, moved: Tensor) -> Tensor:
        """Where the parts are in a batch's pictures: rows x parts x 64, which sums to 1, or to 0 where none is seen.

        moved: how far to the right and down each picture was moved, in sides, rows x 2.
        """
        if self._places is None:
            self._places = part_places(batches.photos)
        places = batches.where(step, self._places) + moved[:, None, None]
        inside = ((places >= 0) & (places <= 1)).all(-1, keepdim=True)
        heat, _ = heat_of(places.masked_fill(~inside, float("nan")))
        return heat

    def loss(self, regions: Tensor, whole: Tensor, species: Tensor, heat: Tensor | None) -> Tensor:
        """What the heads lose together, each by its weight.

        regions: pictures x size x regions, a square map row by row; whole: pictures x size; species: pictures;
        heat: pictures x parts x 64, as from `heat`, where parts are learnt.
        """
        total = whole.new_zeros(())
        for name, head in self.heads.items():
            if name == "species_of":
                named = F.cross_entropy(head(whole), species, label_smoothing=SMOOTHING)
                total = total + self.options.species_weight * named
            elif name == "attributes_of":
                told = F.binary_cross_entropy_with_logits(head(whole), self.attributes[species])
                total = total + self.options.attribute_weight * told
            elif heat is not None:
                likely = head(as_map(regions).flatten(2)).log_softmax(2)
                found = -(heat * likely).sum() / heat.sum().clamp_min(1)  # mean over seen parts
                total = total + self.options.part_weight * found
        return total


def what_is_known(data: Path, photos: list[Photo], options: DamsmOptions, world: World) -> Known:
    """What `options` give a weight; what the data do not tell is reported.

    Raises DataError when species have no attributes though others have.
    """
    species = species_numbers(photos)
    told = read_attributes(data) if options.attribute_weight else None
    parts = any(photo.parts for photo in photos)
    if options.attribute_weight and told is None:
        world.tell("The data have no class attributes, so the image encoder learns without them.")
    if options.part_weight and not parts:
        world.tell("The data have no parts/part_locs.txt, so the image encoder learns without parts.")
    if told is None:
        return Known(species, None, parts)
    if len(told.species) < species - 1:
        raise DataError(f"{data} tells attributes of {len(told.species)} species, not of number {species - 1}.")
    seen = torch.tensor(told.species) / 100
    return Known(species, torch.cat([torch.zeros_like(seen[:1]), seen]), parts)  # species count from 1


def part_places(photos: list[Photo]) -> Tensor:
    """Places of ALL_PARTS in the squares around the birds: photos x parts x 2 x (x, y), 0..1, NaN where unseen."""
    found = attempt_each(lambda photo: in_bird_square(photo, ALL_PARTS), photos)
    nowhere = torch.full((len(ALL_PARTS), 2, 2), float("nan"))
    return torch.stack([nowhere if places is None else places for places in found])
