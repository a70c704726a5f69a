"""Inception v3 as it lies in torch's cache: nothing is ever downloaded here."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.errors import WeightsError
from model.plain_pickle import read_tensors

SIDE = 299  # pixels: the side that Inception v3 looks at
FIDELITY_FILE = "weights-inception-2015-12-05-6726825d.pth"  # the network that published FIDs were measured with
FIDELITY_NAME = "torch-fidelity's Inception v3"
TORCHVISION_FILE = "inception_v3_google-0cc3c7bd.pth"
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet, for torchvision's weights
AT_ONCE = 16  # pictures

Look = Callable[[np.ndarray], tuple[Tensor, Tensor]]


def cached_inception(place: torch.device) -> tuple[str, Look] | None:
    """Name of the Inception v3 found in torch's cache and a function to look with; None when there is none.

    The function takes uint8, pictures x s x s x 3, and returns features (pictures x 2048) and class scores (pictures x
    classes). torch-fidelity's weights, which need that package, go before torchvision's. Raises WeightsError for a
    damaged file.
    """
    cache = Path(torch.hub.get_dir()) / "checkpoints"
    if (cache / FIDELITY_FILE).is_file() and find_spec("torch_fidelity") is not None:
        return FIDELITY_NAME, _by_fidelity(cache / FIDELITY_FILE, place)
    if (cache / TORCHVISION_FILE).is_file():
        return "torchvision's Inception v3", _by_torchvision(cache / TORCHVISION_FILE, place)
    return None


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        tensors: dict[str, Tensor] = read_tensors(path)
    except WeightsError:
        raise WeightsError(f"{path} in torch's cache is damaged; please remove it.") from None
    return tensors


def _other_network(path: Path) -> WeightsError:
    return WeightsError(f"{path} in torch's cache is no Inception v3; please remove it.")


def _by_fidelity(path: Path, place: torch.device) -> Look:
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    _tensors(path)  # torch-fidelity would run what a forged file holds; this refuses it
    try:
        network = FeatureExtractorInceptionV3("inception-v3-compat", ["2048", "logits_unbiased"], str(path)).to(place)
    except RuntimeError:
        raise _other_network(path) from None

    def scores(pictures: Tensor) -> tuple[Tensor, Tensor]:
        features, classes = network(pictures)
        return features, classes

    return _in_parts(scores, place)


def _by_torchvision(path: Path, place: torch.device) -> Look:
    from torchvision.models import inception_v3

    network = inception_v3(weights=None, transform_input=False, aux_logits=True, init_weights=False)
    try:
        network.load_state_dict(_tensors(path))
    except RuntimeError:
        raise _other_network(path) from None
    classify, network.fc = network.fc, nn.Identity()
    network.eval().to(place)
    classify.to(place)
    mean, deviation = (torch.tensor(values, device=place)[:, None, None] for values in (MEAN, DEVIATION))

    def scores(pictures: Tensor) -> tuple[Tensor, Tensor]:
        resized = F.interpolate(pictures.float() / 255, (SIDE, SIDE), mode="bilinear", antialias=True)
        features = network((resized - mean) / deviation)
        return features, classify(features)

    return _in_parts(scores, place)


def _in_parts(scores: Callable[[Tensor], tuple[Tensor, Tensor]], place: torch.device) -> Look:
    @torch.no_grad()
    def look(images: np.ndarray) -> tuple[Tensor, Tensor]:
        pictures = torch.from_numpy(images).permute(0, 3, 1, 2)
        parts = [scores(part.to(place)) for part in pictures.split(AT_ONCE)]
        features, classes = zip(*parts, strict=True)
        return torch.cat(features).float().cpu(), torch.cat(classes).float().cpu()

    return look
