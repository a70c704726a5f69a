"""What inception score and FID look with: Inception v3 when torch's cache holds it, else the judge's eyes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from model.data.photo import Photo
from model.evaluation import inception
from model.evaluation.inception import FIDELITY_NAME, Look, cached_inception
from model.evaluation.judge import AT_ONCE, Judge
from model.evaluation.photos import in_parts
from model.evaluation.realism import frechet_distance, inception_score
from model.evaluation.species import fit_species, unseen_scores
from model.lite_encoder import LiteEncoder

OWN = "the judge's global feature"
LITE = "ImageNet's EfficientNet-Lite {} in the judge"


@dataclass(frozen=True)
class FeatureNetwork:
    """look: uint8, pictures x s x s x 3 -> features and class scores; the tensors are those of the test photos."""

    name: str
    look: Look
    features: Tensor  # photos x size
    scores: Tensor  # photos x classes, unnormalised log probabilities
    accuracy: float | None  # share of photos whose species is recognised unseen; None for classes that are no birds

    @property
    def classes(self) -> str:
        """What the inception score's classes are."""
        if self.accuracy is None:
            return f"{self.scores.shape[1]} classes of ImageNet"
        return (
            f"{self.scores.shape[1]} bird species, by a linear classifier on {self.name} of the test photos that is "
            f"right for {self.accuracy:.1%} of photos it was not fitted on"
        )

    @property
    def score_comparable(self) -> str:
        """Whether the inception score can stand beside published ones."""
        return "No: published inception scores of birds come from an Inception network trained further on bird species."

    @property
    def distance_comparable(self) -> str:
        """Whether the FID can stand beside published ones."""
        if self.name == FIDELITY_NAME:
            return (
                "Roughly: published ones come from the same network's weights, but from some 30,000 pictures, and an "
                "FID falls with more of them."
            )
        return f"No: published ones come from another network than {self.name}; only with reports that say the same."


def feature_network(judge: Judge, photos: list[Photo], seen: Tensor) -> FeatureNetwork:
    """Find the network and look at the test photos. seen: the judge's features of photos, photos x size.

    Raises WeightsError for a damaged file in torch's cache.
    """
    found = cached_inception(judge.place)
    if found is not None:
        name, look = found
        looks = [look(squares) for squares, _ in in_parts(photos, inception.SIDE)]
        features, scores = (torch.cat(values) for values in zip(*looks, strict=True))
        return FeatureNetwork(name, look, features, scores, None)
    name, see = _judges_eyes(judge)
    if name != OWN:
        seen = torch.cat([see(squares) for squares, _ in in_parts(photos, judge.side)])
    species, labels = torch.tensor([photo.species for photo in photos]).unique(return_inverse=True)
    scores = unseen_scores(seen, labels, len(species))
    classifier = fit_species(seen, labels, len(species))

    def look_with_them(images: np.ndarray) -> tuple[Tensor, Tensor]:
        features = see(images)
        return features, classifier.scores(features)

    accuracy = float((scores.argmax(1) == labels).float().mean())
    return FeatureNetwork(name, look_with_them, seen, scores, accuracy)


def _judges_eyes(judge: Judge) -> tuple[str, Callable[[np.ndarray], Tensor]]:
    """Name and function (uint8 pictures -> features) of the network in the judge, before it learnt about captions."""
    encoder = judge.image_encoder
    if not isinstance(encoder, LiteEncoder):
        return OWN, judge.see

    @torch.no_grad()
    def see(images: np.ndarray) -> Tensor:
        features = []
        for part in torch.from_numpy(images).split(AT_ONCE):
            pictures = encoder.resized(part.permute(0, 3, 1, 2).to(judge.place).float() / 127.5 - 1)
            features.append(encoder.eyes.pooled(encoder.look(pictures)[-1]).cpu())
        return torch.cat(features)

    return LITE.format(encoder.eyes.version), see


def realism(network: FeatureNetwork, features: Tensor, scores: Tensor) -> dict[str, dict[str, object] | None]:
    """The findings "inception_score" and "fid" of painted pictures (features and scores as `look` returns them)."""
    mean, deviation = inception_score(scores)
    return {
        "inception_score": {
            "mean": mean,
            "deviation": deviation,
            "pictures": len(scores),
            "photos": inception_score(network.scores)[0],
            "classes": network.classes,
        },
        "fid": fid(network.features, features),
    }


def fid(real: Tensor, painted: Tensor) -> dict[str, object] | None:
    """A finding: FID of painted pictures' features against photos', and of one half of the photos against the other.

    None below two pictures of either.
    """
    distance = frechet_distance(real, painted)
    if distance is None:
        return None
    return {
        "value": distance,
        "pictures": len(painted),
        "photos": frechet_distance(real[::2], real[1::2]),
        "against": len(real),
    }
