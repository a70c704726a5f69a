"""Part locations in the middle square, and a detector that learns where they are."""

from pathlib import Path

import pytest
import torch
from PIL import Image

from model.data.cub import read_split
from model.data.photo import Part, Photo
from model.evaluation.bird_parts import accuracy, fitting_units, look_at_photos, part_detector
from model.evaluation.judge import Judge
from model.evaluation.part_detector import (
    EPOCH_UNITS,
    EPOCHS,
    fit_detector,
    heat_of,
    load_detector,
    mean_around_the_peak,
    share_found,
    usual_places,
)
from model.evaluation.parts import PARTS, in_middle_square
from tests.model.evaluation.data import birds_with_parts

NOWHERE = float("nan")
BEAK, WINGS, BELLY, CROWN = range(4)


def test_places_move_with_the_crop(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200)).save(tmp_path / "bird.png")
    parts = [Part(0, 0, False)] * 15
    parts[1] = Part(150, 100, True)  # beak: the middle of the box
    parts[8] = Part(110, 80, True)  # left wing
    parts[2] = Part(10, 100, True)  # belly: outside the crop
    parts[4] = Part(150, 80, False)  # crown: not visible
    # 1.5 times the box's longest side, 80, is a crop of 90..210 x 40..160.
    photo = Photo("bird", tmp_path / "bird.png", (110.0, 80.0, 80.0, 40.0), 1, ("a bird",), tuple(parts))
    places = in_middle_square(photo)
    assert places[BEAK, 0].tolist() == pytest.approx([0.5, 0.5])
    assert places[WINGS, 0].tolist() == pytest.approx([20 / 120, 40 / 120])
    for unseen in (places[BEAK, 1], places[WINGS, 1], places[BELLY], places[CROWN]):
        assert unseen.isnan().all()


def test_the_middle_of_a_wide_crop_is_what_counts(tmp_path: Path) -> None:
    Image.new("RGB", (300, 100)).save(tmp_path / "bird.png")
    parts = [Part(0, 0, False)] * 15
    parts[1], parts[4] = Part(125, 75, True), Part(60, 50, True)
    photo = Photo("bird", tmp_path / "bird.png", (50.0, 0.0, 200.0, 100.0), 1, ("a bird",), tuple(parts))
    places = in_middle_square(photo)  # the crop is the whole photo, its middle 100..200 x 0..100
    assert places[BEAK, 0].tolist() == pytest.approx([0.25, 0.75])
    assert places[CROWN, 0].isnan().all()


def test_heat_maps_hold_the_place_exactly() -> None:
    places = torch.full((1, 4, 2, 2), NOWHERE)
    places[0, BEAK, 0] = torch.tensor([0.4, 0.7])
    places[0, WINGS] = torch.tensor([[0.1, 0.5], [0.9, 0.5]])
    heat, seen = heat_of(places)
    assert seen.tolist() == [[True, True, False, False]]
    assert heat[0].sum(1).tolist() == pytest.approx([1, 1, 0, 0])
    assert mean_around_the_peak(heat[:, BEAK])[0].tolist() == pytest.approx([0.4, 0.7])
    one_wing = mean_around_the_peak(heat[:, WINGS])[0].tolist()
    assert one_wing == pytest.approx([0.1, 0.5]) or one_wing == pytest.approx([0.9, 0.5])


def test_a_part_is_found_near_one_of_its_places() -> None:
    places = torch.full((2, 4, 2, 2), NOWHERE)
    places[:, BEAK, 0] = torch.tensor([0.5, 0.5])
    places[:, WINGS] = torch.tensor([[0.2, 0.5], [0.8, 0.5]])
    found = torch.full((2, 4, 2), 0.5)
    found[0, BEAK] = torch.tensor([0.55, 0.58])  # 0.094 away
    found[1, BEAK] = torch.tensor([0.58, 0.58])  # 0.113 away
    found[1, WINGS] = torch.tensor([0.75, 0.5])
    assert share_found(found, places) == [0.5, 0.5, None, None]
    usual = usual_places(places)
    assert usual[WINGS].tolist() == pytest.approx([0.5, 0.5])
    assert share_found(usual, places)[:2] == [1.0, 0.0]


def test_a_detector_learns_where_the_light_is() -> None:
    """Regions with one bright cell for each part."""
    random = torch.Generator().manual_seed(0)
    cells = torch.randint(8, (256, 4, 2), generator=random)
    regions = torch.zeros(256, 4, 8, 8)
    for photo in range(256):
        for part in range(4):
            x, y = cells[photo, part].tolist()
            regions[photo, part, y, x] = 1
    places = torch.full((256, 4, 2, 2), NOWHERE)
    places[:, :, 0] = (cells + 0.5) / 8
    before = torch.random.get_rng_state()
    steps: list[None] = []
    detector = fit_detector(regions[:200].half(), places[:200], lambda: steps.append(None))
    assert len(steps) == EPOCHS
    assert torch.equal(torch.random.get_rng_state(), before)
    unseen = share_found(detector.find(regions[200:]), places[200:])
    assert all(share is not None and share > 0.9 for share in unseen)
    again = fit_detector(regions[:200].half(), places[:200])
    assert torch.equal(again.find(regions[200:]), detector.find(regions[200:]))


def test_a_detector_is_kept_for_the_same_judge_and_photos(weights: Path, tmp_path: Path) -> None:
    data = birds_with_parts(tmp_path / "birds")
    judge = Judge.from_folder(weights, torch.device("cpu"))
    training, unseen = read_split(data, "train"), read_split(data, "test")
    kept = tmp_path / "kept.safetensors"
    advanced: list[int] = []

    def fitted(photos: list[Photo]) -> torch.Tensor:
        detector = part_detector(judge, photos, kept, advanced.append)
        return detector.find(regions)

    _, regions, whole = look_at_photos(judge, unseen, lambda count: None)
    first = fitted(training)
    assert sum(advanced) == fitting_units(training) == len(training) + EPOCHS * EPOCH_UNITS
    assert torch.equal(fitted(training), first)
    assert advanced.count(EPOCH_UNITS) == EPOCHS  # the second time nothing was fitted
    fitted(training[1:])
    assert advanced.count(EPOCH_UNITS) == 2 * EPOCHS
    kept.write_bytes(b"damaged")
    assert torch.equal(fitted(training), first)
    assert load_detector(kept, "of another judge", 16, 4) is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["birds", "kept.safetensors"]

    detector = part_detector(judge, training, kept, advanced.append)
    shares = accuracy(detector, whole, regions)
    for by_part in (shares["found"], shares["guessed"]):
        assert set(by_part) == set(PARTS)
        assert all(0 <= share <= 1 for share in by_part.values())
    assert shares["guessed"]["beak"] == 1  # every drawn bird has its beak in much the same place
    nobody = [Photo(photo.name, photo.path, photo.box, photo.species, photo.captions) for photo in whole]
    assert accuracy(detector, nobody, regions)["found"] == dict.fromkeys(PARTS)
