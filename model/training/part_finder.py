"""Where the parts of the bird are in photos and paintings, as a detector fitted on CUB's part locations finds them."""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from model.data.photo import Photo
from model.evaluation.bird_parts import fitting_units, marked, part_detector
from model.evaluation.judge import Judge, as_map
from model.evaluation.part_detector import PartDetector
from model.evaluation.parts import ALL_PARTS, WORDS
from model.training.damsm import FIRST_SIZE
from model.training.world import World

DETECTOR = "parts.safetensors"


class PartFinder:
    """Finds ALL_PARTS in pictures, and knows the words for them."""

    def __init__(self, teacher: Judge, detector: PartDetector) -> None:
        """teacher: through whose eyes the detector, of ALL_PARTS, looks."""
        self.image_encoder = teacher.image_encoder
        self.detector = detector.requires_grad_(False).eval().to(teacher.place)
        words = [[word in WORDS[part] for part in ALL_PARTS] for word in teacher.vocabulary.words]
        self._names = torch.tensor(words, dtype=torch.float32, device=teacher.place)  # vocabulary x parts

    @torch.no_grad()
    def find(self, pictures: Tensor) -> Tensor:
        """Where the parts are in pictures, batch x 3 x s x s in -1..1: batch x parts x 64, sums to 1 over the cells.

        Larger pictures than the detector was fitted on are reduced to their size, so that it sees what it knows.
        """
        small = F.avg_pool2d(pictures, pictures.shape[-1] // FIRST_SIZE)
        regions, _ = self.image_encoder(small)
        heat: Tensor = self.detector(as_map(regions)).float().softmax(2)
        return heat

    def named(self, tokens: Tensor) -> Tensor:
        """1 where a word names a part: batch x words -> batch x words x parts."""
        return self._names[tokens]


def learn_parts(teacher: Judge, photos: list[Photo], run: Path, world: World) -> PartFinder | None:
    """A detector fitted on photos with marked parts, as large as the first stage paints; None where there are none.

    RUN/parts.safetensors keeps it, which the first process writes and the others wait for.
    """
    known = marked(photos)
    if not known:
        world.tell("The data have no parts/part_locs.txt, so attention and heads are left to themselves.")
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
    return PartFinder(teacher, detector)
