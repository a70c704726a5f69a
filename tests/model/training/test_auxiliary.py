"""What the image encoder learns beside the captions: it follows the pictures, is learnt, and stays with the run."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.data.batches import Batches
from model.data.cub import read_attributes, read_split
from model.encoders import load_encoders
from model.errors import DataError, PlainError
from model.evaluation.parts import ALL_PARTS
from model.image_encoder import drawn_moves, moved
from model.training import damsm
from model.training.auxiliary import Auxiliary, Known
from model.training.checkpoint import load_checkpoint
from model.training.damsm import train_damsm
from model.training.options import DamsmOptions
from model.vocabulary import Vocabulary
from tests.model.evaluation.data import birds_with_attributes

HEADS = ("species_of", "attributes_of", "parts_of")
OPTIONS = DamsmOptions(
    batch_size=8,
    learning_rate=0.002,
    warm_up_steps=1,
    species_weight=1.0,
    attribute_weight=10.0,
    part_weight=1.0,
    checkpoint_minutes=10,
)
BEAK = (230, 150, 40)  # its colour where it is drawn
pytestmark = pytest.mark.usefixtures("steps_for_minutes")


@pytest.fixture(scope="module")
def told_birds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn birds with their parts marked and attributes that tell their colours. Not to be written to."""
    return birds_with_attributes(tmp_path_factory.mktemp("told") / "birds")


def test_parts_are_where_the_moved_and_flipped_pictures_show_them(told_birds: Path) -> None:
    photos = read_split(told_birds, "train")
    batches = Batches(photos, Vocabulary.build(photo.captions[0] for photo in photos), (64,), 8)
    auxiliary = Auxiliary(OPTIONS, 16, Known(9, parts=True))
    compared = 0
    for step in range(3):
        moves = drawn_moves(8, 12)
        (pictures,) = batches[step].pictures
        heat = auxiliary.heat(batches, step, (12 - moves.flip(0).T) / 64)
        colour = torch.tensor(BEAK)[:, None, None] / 127.5 - 1
        beaks = (moved(pictures, moves, 12) - colour).abs().amax(1) < 0.15
        centres = (torch.arange(8) + 0.5) / 8
        for of_photo, pixels in zip(heat[:, 0].view(8, 8, 8), beaks, strict=True):  # the beak is the first part
            if of_photo.sum() == 0 or not pixels.any():
                continue
            found = torch.stack([of_photo.sum(0) @ centres, of_photo.sum(1) @ centres])
            shown = (pixels.nonzero().flip(1).float().mean(0) + 0.5) / 64
            assert (found - shown).abs().max() < 0.08
            compared += 1
    assert compared >= 8


def test_species_attributes_and_parts_are_learnt(told_birds: Path, tmp_path: Path) -> None:
    train_damsm(told_birds, tmp_path / "run", 22, options=OPTIONS, device="cpu")
    states, _ = load_checkpoint(tmp_path / "run" / "damsm_checkpoint.safetensors")
    *_, image_encoder = load_encoders(tmp_path / "run", torch.device("cpu"))
    photos = read_split(told_birds, "train")
    batches = Batches(photos, Vocabulary.build(photo.captions[0] for photo in photos), (64,), 16)
    known = read_attributes(told_birds)
    assert known is not None
    told = torch.tensor([known.species[number - 1] for number in batches[0].species.tolist()]) / 100
    auxiliary = Auxiliary(OPTIONS, 256, Known(9, torch.zeros(9, told.shape[1]), True))
    heat = auxiliary.heat(batches, 0, torch.zeros(16, 2))
    for name in HEADS:
        auxiliary.heads[name].load_state_dict(states[name])
    with torch.no_grad():
        regions, whole = image_encoder(batches[0].pictures[0])
        named = auxiliary.heads["species_of"](whole).argmax(1)
        seen = auxiliary.heads["attributes_of"](whole).sigmoid() > 0.5
        likely = auxiliary.heads["parts_of"](regions).softmax(2)
    assert float((named == batches[0].species).float().mean()) > 2 / 8  # twice chance
    assert float((seen == (told > 0.5)).float().mean()) > 0.8  # none of them: 0.75
    assert float((likely * heat).sum() / heat.sum()) > 2 * float((heat / 64).sum() / heat.sum())


def test_what_is_learnt_beside_does_not_travel_with_the_encoders(told_birds: Path, tmp_path: Path) -> None:
    train_damsm(told_birds, tmp_path / "told", 1, options=OPTIONS, device="cpu")
    train_damsm(told_birds, tmp_path / "plain", 1, options=DamsmOptions(batch_size=8), device="cpu")
    told, plain = (
        {p.name: p.stat().st_size for p in (tmp_path / run / "encoders").iterdir()} for run in ("told", "plain")
    )
    assert told.keys() == plain.keys()
    assert told["image_encoder.safetensors"] == plain["image_encoder.safetensors"]


def test_a_run_in_two_sittings_is_the_run_in_one(
    told_birds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(damsm, "cosine", lambda fraction: 1.0)  # the length of the first sitting bends it
    train_damsm(told_birds, tmp_path / "whole", 4, options=OPTIONS, device="cpu")
    train_damsm(told_birds, tmp_path / "parts", 2, options=OPTIONS, device="cpu")
    train_damsm(told_birds, tmp_path / "parts", 4, resume=True, options=OPTIONS, device="cpu")
    whole, parts = (load_checkpoint(tmp_path / name / "damsm_checkpoint.safetensors")[0] for name in ("whole", "parts"))
    for network in ("text_encoder", "image_encoder", *HEADS):
        for name, tensor in whole[network].items():
            torch.testing.assert_close(parts[network][name], tensor, rtol=1e-5, atol=1e-6)


def test_parts_are_found_on_finer_regions_too() -> None:
    auxiliary = Auxiliary(DamsmOptions(part_weight=1.0), 16, Known(9, parts=True))
    heat = torch.full((2, len(ALL_PARTS), 64), 1 / 64)
    regions, whole = torch.randn(2, 16, 289), torch.randn(2, 16)  # Inception's map is 17 x 17
    auxiliary.loss(regions, whole, torch.zeros(2, dtype=torch.long), heat).backward()
    assert auxiliary.heads["parts_of"].weight.grad is not None


def test_a_run_that_learnt_parts_is_not_resumed_without_them(told_birds: Path, birds: Path, tmp_path: Path) -> None:
    options = DamsmOptions(batch_size=8, part_weight=1.0)
    train_damsm(told_birds, tmp_path / "run", 1, options=options, device="cpu")
    with pytest.raises(PlainError, match="was begun with other data"):
        train_damsm(birds, tmp_path / "run", 2, resume=True, options=options, device="cpu")


def test_a_table_of_attributes_that_was_cut_off_is_told(tmp_path: Path) -> None:
    birds = birds_with_attributes(tmp_path / "birds")
    table = birds / "CUB_200_2011" / "attributes" / "class_attribute_labels_continuous.txt"
    table.write_text(table.read_text()[:-3])
    with pytest.raises(DataError, match="is damaged"):
        train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")


def test_data_that_tell_neither_attributes_nor_parts_are_learnt_from_without(
    birds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = replace(OPTIONS, species_weight=0.0)
    train_damsm(birds, tmp_path / "run", 1, options=options, device="cpu")
    said = capsys.readouterr().out
    assert "The data have no class attributes" in said
    assert "The data have no parts/part_locs.txt" in said
    states, _ = load_checkpoint(tmp_path / "run" / "damsm_checkpoint.safetensors")
    assert not {*HEADS} & states.keys()


def test_attributes_of_too_few_species_are_refused(tmp_path: Path) -> None:
    birds = birds_with_attributes(tmp_path / "birds")
    table = birds / "CUB_200_2011" / "attributes" / "class_attribute_labels_continuous.txt"
    table.write_text("".join(table.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(DataError, match="attributes of 7 species, not of number 8"):
        train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
