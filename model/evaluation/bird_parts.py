"""The part detector of an evaluation or a run: kept from before, or fitted on training photos, and measured."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from model.data.photo import Photo
from model.errors import DataError
from model.evaluation.judge import Judge
from model.evaluation.part_detector import (
    EPOCH_UNITS,
    EPOCHS,
    PartDetector,
    fingerprint,
    fit_detector,
    load_detector,
    save_detector,
    share_found,
    usual_places,
)
from model.evaluation.parts import PARTS, in_middle_square
from model.evaluation.photos import Report, in_parts
from model.evaluation.report import Findings


def look_at_photos(
    judge: Judge,
    photos: list[Photo],
    looked: Callable[[int], object],
    side: int | None = None,
    report: Report = tqdm.write,
) -> tuple[Tensor, Tensor, list[Photo]]:
    """The judge's features and regions as from `look`, and the photos they are of: broken ones are told and left out.

    side: of the photos, in pixels; None: that of the judge.

    Calls `looked` with the number of photos after some of them. Raises DataError when none is whole.
    """
    features, regions, whole = [], [], []
    for squares, there in in_parts(photos, side or judge.side, report):
        of_picture, of_regions = judge.look(squares)
        features.append(of_picture)
        regions.append(of_regions)
        whole += there
        looked(len(there))
    if not whole:
        raise DataError(f"None of {len(photos)} photos can be read.")
    return torch.cat(features), torch.cat(regions), whole


def marked(photos: list[Photo]) -> list[Photo]:
    """Those whose parts are marked."""
    return [photo for photo in photos if photo.parts]


def part_detector(
    judge: Judge,
    training: list[Photo],
    kept: Path,
    advanced: Callable[[int], object],
    *,
    parts: tuple[str, ...] = PARTS,
    side: int | None = None,
    report: Report = tqdm.write,
) -> PartDetector:
    """A detector fitted on training photos with marked parts, from `kept` when that is there.

    side: of the photos, in pixels; None: that of the judge.

    Calls `advanced` with the number of photos looked at and, after each epoch, with how many are looked at in its time;
    they come to `fitting_units` where nothing is kept.
    """
    side, size = side or judge.side, judge.config.text_size
    mark = fingerprint(judge, training, parts, side)
    detector = load_detector(kept, mark, size, len(parts))
    if detector is None:
        _, regions, whole = look_at_photos(judge, training, advanced, side, report)
        places = torch.stack([in_middle_square(photo, parts) for photo in whole])
        detector = fit_detector(regions, places, partial(advanced, EPOCH_UNITS))
        save_detector(detector, kept, mark)
    return detector


def fitting_units(training: list[Photo]) -> int:
    """What `part_detector` has to advance by, for a bar."""
    return len(training) + EPOCHS * EPOCH_UNITS


def accuracy(detector: PartDetector, photos: list[Photo], regions: Tensor) -> Findings:
    """PCK at a tenth of the side on unseen photos: "found" by the detector and "guessed" from the mean place, by part.

    regions: of these photos, as from the judge's `look`. None for a part that no photo shows, or when none is marked.
    """
    rows = [row for row, photo in enumerate(photos) if photo.parts]
    if not rows:
        return {"found": dict.fromkeys(PARTS), "guessed": dict.fromkeys(PARTS)}
    places = torch.stack([in_middle_square(photos[row]) for row in rows])
    return {
        "found": dict(zip(PARTS, share_found(detector.find(regions[rows]), places), strict=True)),
        "guessed": dict(zip(PARTS, share_found(usual_places(places), places), strict=True)),
    }
