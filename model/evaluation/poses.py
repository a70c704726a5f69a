"""How differently birds of one sentence sit: how far apart a part of theirs lies in any two pictures."""

import torch
from torch import Tensor

from model.evaluation.colours import within_species
from model.evaluation.report import Findings


def pose_diversity(places: Tensor) -> float:
    """Mean distance of a part's places between the pictures of a group, in sides of the picture, over all pairs in it,
    then over parts and groups.

    places: ... groups x pictures x parts x (x, y), 0..1 each way, at least two pictures a group.
    """
    count = places.shape[-3]
    of_parts = places.float().transpose(-3, -2)  # ... groups x parts x pictures x (x, y)
    return float(torch.cdist(of_parts, of_parts).sum((-2, -1)).mean()) / (count * (count - 1))


def poses(painted: Tensor, photos: Tensor, species: Tensor) -> Findings:
    """The finding "poses": `pose_diversity` of paintings, and of photos of one species, half of them mirrored.

    painted: as in pose_diversity; photos: photos x parts x (x, y); species: photos.
    """
    mirrored = photos.clone()
    mirrored[1::2, :, 0] = 1 - mirrored[1::2, :, 0]  # as training sees them: which way a bird looks is chance
    return {"painted": pose_diversity(painted), "photos": within_species(pose_diversity, mirrored, species)}
