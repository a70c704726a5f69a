"""How much painted birds' heads look like those of photos: FID of close-ups.

Heads are a fiftieth of a picture, which its FID hardly sees, and most of what makes it a bird to a person.
"""

import numpy as np
import torch
from torch import Tensor

from model.data.photo import Photo
from model.evaluation.close_up import close_up
from model.evaluation.feature_network import FeatureNetwork, fid
from model.evaluation.part_detector import PartDetector
from model.evaluation.parts import PARTS
from model.evaluation.photos import in_parts
from model.evaluation.report import Findings

BETWEEN = [PARTS.index("beak"), PARTS.index("crown")]


def heads(pictures: np.ndarray, places: Tensor) -> np.ndarray:
    """Close-ups of the birds' heads, uint8, pictures x side x side x 3.

    pictures: uint8, pictures x s x s x 3; places: of PARTS, pictures x parts x (x, y), 0..1.
    """
    close = close_up(torch.from_numpy(pictures).permute(0, 3, 1, 2), places[:, BETWEEN].mean(1))
    return close.round().to(torch.uint8).permute(0, 2, 3, 1).numpy()


def fid_of_heads(
    network: FeatureNetwork, painted: Tensor, photos: list[Photo], regions: Tensor, detector: PartDetector, size: int
) -> Findings | None:
    """The finding "fid_of_heads", as `fid`: features of painted heads against those of photos of the same size.

    regions: of the photos, all of which are whole, as from the judge's `look`.
    """
    places, features = detector.find(regions), []
    for squares, there in in_parts(photos, size):
        features.append(network.look(heads(squares, places[: len(there)]))[0])
        places = places[len(there) :]
    return fid(torch.cat(features), painted)
