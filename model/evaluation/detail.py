"""How much detail paintings have beside photos: how sharp they are, and how loud every spatial frequency is."""

import numpy as np
import torch
from torch import Tensor

from model.data.photo import Photo
from model.evaluation.painted import Painted
from model.evaluation.photos import in_parts
from model.evaluation.report import Findings
from model.evaluation.sharpness import sharpness
from model.spectrum import spectral_distance, spectrum

PHOTOS = 500  # that paintings are held against, at most


def measure_detail(painted: Painted, photos: list[Photo]) -> dict[str, Findings]:
    """The findings "sharpness" and "spectrum", by size: of the paintings and of photos.

    spectrum: how far the paintings' mean log power is from the photos', and one half of the photos' from the other's.
    """
    sharp: dict[str, Findings] = dict(painted.sharpness())
    spectra: dict[str, Findings] = {}
    for size in sharp:
        values, heard = _of_photos(photos[:: max(1, -(-len(photos) // PHOTOS))], int(size))
        sharp[size]["photos"] = float(np.mean(values))
        spectra[size] = {
            "painted": float(spectral_distance(torch.cat(painted.spectra[int(size)]), heard)),
            "photos": float(spectral_distance(heard[::2], heard[1::2])),
        }
    return {"sharpness": sharp, "spectrum": spectra}


def _of_photos(photos: list[Photo], size: int) -> tuple[list[float], Tensor]:
    """Sharpness and spectrum of each."""
    values, heard = [], []
    for squares, _ in in_parts(photos, size, lambda _: None):  # broken ones have been told of
        for square in squares:
            values.append(sharpness(square[None]))
            heard.append(spectrum(square[None]))
    return values, torch.cat(heard)
