"""Pictures painted from captions of unseen species, each with its own noise, and what the measures keep of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from model.data.photo import Photo
from model.evaluation.feature_network import FeatureNetwork
from model.evaluation.heads import heads
from model.evaluation.judge import Judge
from model.evaluation.localisation import Localisation
from model.evaluation.part_detector import PartDetector
from model.evaluation.retrieval import hits, mean_and_deviation, wrong_partners
from model.evaluation.sharpness import ENLARGED, enlarged, sharpness
from model.pipeline import Result, TextToImagePipeline
from model.spectrum import spectrum

AMONG = 100  # one right caption and 99 wrong ones
SHOWN = 24  # pictures that the page shows, the first ones
SHOWN_WHOLE = 3  # of which it shows all stages


@dataclass
class Painted:
    """Everything kept of the pictures; the lists go picture by picture."""

    seen: list[Tensor] = field(default_factory=list)  # 1 x size, by the judge
    features: list[Tensor] = field(default_factory=list)  # 1 x size, by the feature network
    scores: list[Tensor] = field(default_factory=list)  # 1 x classes
    heads: list[Tensor] = field(default_factory=list)  # 1 x size, by the feature network, of close-ups
    sharp: dict[int, list[tuple[float, ...]]] = field(default_factory=dict)  # by size, as from _sharpness
    spectra: dict[int, list[Tensor]] = field(default_factory=dict)  # by size: 1 x 3 x bands, as from `spectrum`
    localisation: Localisation = field(default_factory=Localisation)
    shown: list[tuple[str, np.ndarray]] = field(default_factory=list)  # captions and last stages
    shown_heads: list[tuple[str, np.ndarray]] = field(default_factory=list)  # captions and close-ups of these
    whole: list[tuple[Result, Tensor | None]] = field(default_factory=list)  # and parts found: parts x (x, y)

    def sharpness(self) -> dict[str, dict[str, float]]:
        """Mean sharpness of every stage, and of those of the first two that are smaller, made as large."""
        return {
            str(size): dict(zip(("painted", *ENLARGED), np.mean(values, axis=0).tolist(), strict=False))
            for size, values in self.sharp.items()
        }


@dataclass(frozen=True)
class Captions:
    """texts and species of all test captions, and the index of each that is painted, in order."""

    texts: list[str]
    species: np.ndarray
    chosen: np.ndarray

    @classmethod
    def draw(cls, photos: list[Photo], count: int, random: np.random.Generator) -> "Captions":
        """`count` captions in random order, all once before any twice."""
        texts = [caption for photo in photos for caption in photo.captions]
        species = np.array([photo.species for photo in photos for _ in photo.captions])
        return cls(texts, species, np.resize(random.permutation(len(texts)), count))


def paint_captions(
    pipeline: TextToImagePipeline,
    judge: Judge,
    network: FeatureNetwork,
    detector: PartDetector | None,
    captions: Captions,
    painted: Callable[[], object],
) -> Painted:
    """Paint the chosen captions; calls `painted` after each."""
    sizes = pipeline.config.image_sizes
    kept = Painted(sharp={size: [] for size in sizes}, spectra={size: [] for size in sizes})
    for number, index in enumerate(captions.chosen):
        result = pipeline(captions.texts[index], seed=number)
        pictures = result.stages[-1].images
        seen, regions = judge.look(pictures)
        features, scores = network.look(pictures)
        kept.seen.append(seen)
        kept.features.append(features)
        kept.scores.append(scores)
        places = detector.find(regions)[0] if detector else None
        if places is not None:
            kept.localisation.add(result, places)
            close = heads(pictures, places[None])
            kept.heads.append(network.look(close)[0])
            if number < SHOWN:
                kept.shown_heads.append((result.caption, close[0]))
        for which, stage in enumerate(result.stages):
            kept.sharp[stage.size].append(_sharpness(result, which))
            kept.spectra[stage.size].append(spectrum(stage.images))
        if number < SHOWN:
            kept.shown.append((result.caption, pictures[0]))
        if number < SHOWN_WHOLE:
            kept.whole.append((result, places))
        painted()
    return kept


def _sharpness(result: Result, which: int) -> tuple[float, ...]:
    """Of a stage's picture, and of those of the first two stages made as large, where it is larger."""
    stage, before = result.stages[which], result.stages[: min(which, len(ENLARGED))]
    return sharpness(stage.images), *(sharpness(enlarged(one.images[0], stage.size)[None]) for one in before)


def r_precision(judge: Judge, captions: Captions, seen: Tensor, random: np.random.Generator) -> dict[str, float | int]:
    """Share of pictures that fit their own caption better than 99 of other species (AttnGAN, section 4); 0..1.

    seen: the judge's features of the painted pictures, in order. A caption of which the judge reads the same words is
    no wrong one.
    """
    read = judge.read(captions.texts)
    words, species, chosen = np.array(_alike(judge, captions.texts)), captions.species, captions.chosen
    wrong = []
    for index in chosen:
        allowed = (species != species[index]) & (words != words[index])
        wrong.append(wrong_partners(allowed[None], AMONG - 1, random)[0])
    among = min(len(partners) for partners in wrong)
    others = torch.from_numpy(np.stack([partners[:among] for partners in wrong]))
    hit = torch.cat([hits(seen[i : i + 1], read[chosen[i : i + 1]], read[others[i : i + 1]]) for i in range(len(seen))])
    mean, deviation = mean_and_deviation(hit)
    return {"mean": mean, "deviation": deviation, "among": among + 1, "pictures": len(seen)}


def _alike(judge: Judge, texts: list[str]) -> list[int]:
    """A number for each caption, the same where the judge reads the same words."""
    numbers: dict[tuple[int, ...], int] = {}
    return [numbers.setdefault(tuple(judge.words(text)), len(numbers)) for text in texts]
