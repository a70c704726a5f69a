"""A short DAMSM run on drawn birds: the loss falls, it goes on where it stopped, and its encoders can be used."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from model.damsm import damsm_loss
from model.data.batches import Batches
from model.data.cub import read_split
from model.encoders import load_encoders, make_image_encoder
from model.errors import DataError, PlainError
from model.image_encoder import ImageEncoder
from model.layers import padding_mask
from model.text_encoder import TextEncoder
from model.training import damsm
from model.training.checkpoint import load_checkpoint, save_checkpoint
from model.training.damsm import DamsmRun, kept_apart, learnt_sizes, train_damsm
from model.training.options import DamsmOptions
from model.vocabulary import Vocabulary
from tests.tiny import drawn_birds

OPTIONS = DamsmOptions(batch_size=8, learning_rate=0.002, warm_up_steps=1, checkpoint_minutes=10)
pytestmark = pytest.mark.usefixtures("steps_for_minutes")


@torch.no_grad()
def loss_of(encoders: Path, birds: Path, untrained: bool = False) -> float:
    """Word and sentence loss of eight training photos, one of each species."""
    config, vocabulary, text_encoder, image_encoder = load_encoders(encoders, torch.device("cpu"))
    if untrained:
        torch.manual_seed(0)
        text_encoder, image_encoder = TextEncoder(config).eval(), ImageEncoder(config.text_size).eval()
    batch = Batches(read_split(birds, "train"), vocabulary, (64,), 8)[0]
    words, sentence = text_encoder(batch.tokens, batch.lengths)
    mask = padding_mask(batch.lengths, batch.tokens.shape[1])
    regions, whole = image_encoder(batch.pictures[0])
    words_loss, sentence_loss = damsm_loss(words, sentence, mask, regions, whole, batch.species)
    return float(words_loss + sentence_loss)


def test_the_loss_falls_and_the_encoders_are_written(
    birds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train_damsm(birds, tmp_path / "run", 24, options=OPTIONS, device="cpu")
    encoders = tmp_path / "run" / "encoders"
    assert loss_of(encoders, birds) < 0.8 * loss_of(encoders, birds, untrained=True)
    said = capsys.readouterr().out
    assert "24 steps" in said
    assert "among 8 unseen: a photo finds its caption first in" in said
    story = json.loads((encoders / "training.json").read_text())
    assert story["steps"] == 24
    assert story["retrieval"].keys() == {"among", "caption_first", "photo_first", "photo_first_ten"}
    assert f"its caption first in {story['retrieval']['caption_first']:.1%}" in said
    assert story["retrieval"]["photo_first_ten"] == 1  # of eight


def test_eyes_from_imagenet_stay_as_they_are_and_what_stands_on_them_learns(birds: Path, tmp_path: Path) -> None:
    train_damsm(birds, tmp_path / "run", 3, options=replace(OPTIONS, image_encoder="lite0"), device="cpu")
    *_, trained = load_encoders(tmp_path / "run", torch.device("cpu"))
    torch.manual_seed(0)
    untouched = make_image_encoder("lite0", 256, pretrained=True).state_dict()
    stored = {name: tensor.half().float() for name, tensor in untouched.items()}  # as encoders are on disk
    changed = {name for name, tensor in trained.state_dict().items() if not torch.equal(tensor, stored[name])}
    assert changed == {"regions.weight", "whole.weight", "whole.bias"}


def test_photos_are_learnt_from_as_sharp_as_they_are_and_as_coarse_as_first_paintings() -> None:
    assert learnt_sizes(make_image_encoder("lite0", 16)) == (64, 128)
    assert learnt_sizes(make_image_encoder("compact", 16)) == (64,)


def test_a_run_in_two_sittings_is_the_run_in_one(birds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(damsm, "cosine", lambda fraction: 1.0)  # the length of the first sitting bends it
    options = DamsmOptions(batch_size=4)
    train_damsm(birds, tmp_path / "whole", 4, options=options, device="cpu")
    train_damsm(birds, tmp_path / "parts", 2, options=options, device="cpu")
    torch.rand(3)
    train_damsm(birds, tmp_path / "parts", 4, resume=True, options=options, device="cpu")
    (whole, progress), (parts, resumed) = (
        load_checkpoint(tmp_path / name / "damsm_checkpoint.safetensors") for name in ("whole", "parts")
    )
    assert progress["step"] == resumed["step"] == 4
    for network in ("text_encoder", "image_encoder"):
        for name, tensor in whole[network].items():
            torch.testing.assert_close(parts[network][name], tensor, rtol=1e-5, atol=1e-6)


def test_species_are_learnt_beside_the_captions_and_some_are_held_out(birds: Path, tmp_path: Path) -> None:
    options = replace(OPTIONS, species_weight=1.0, held_out=2)
    train_damsm(birds, tmp_path / "run", 6, options=options, device="cpu")
    train_damsm(birds, tmp_path / "run", 12, resume=True, options=options, device="cpu")
    states, progress = load_checkpoint(tmp_path / "run" / "damsm_checkpoint.safetensors")
    *_, image_encoder = load_encoders(tmp_path / "run", torch.device("cpu"))
    species_of = torch.nn.Linear(256, len(states["species_of"]["bias"]))
    species_of.load_state_dict(states["species_of"])
    photos = read_split(birds, "train")
    seen, unseen = kept_apart(photos, 2)
    batch = Batches(seen, Vocabulary.build(one.captions[0] for one in photos), (64,), len(seen))[0]
    with torch.no_grad():
        named = species_of(image_encoder(batch.pictures[0])[1]).argmax(1)
    assert float((named == batch.species).float().mean()) > 2 / 6  # twice chance
    assert progress["step"] == 12
    assert len({photo.species for photo in unseen}) == 2
    assert not {photo.species for photo in seen} & {photo.species for photo in unseen}
    story = json.loads((tmp_path / "run" / "encoders" / "training.json").read_text())
    assert story["retrieval"]["among"] == len(unseen) == 4


def test_all_species_cannot_be_held_out(birds: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="8 species to learn from, and 8 cannot be held out"):
        train_damsm(birds, tmp_path / "run", 1, options=replace(OPTIONS, held_out=8), device="cpu")


def test_a_run_is_not_overwritten_by_accident(birds: Path, tmp_path: Path) -> None:
    train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
    with pytest.raises(PlainError, match="--resume"):
        train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")


def test_a_run_is_not_resumed_as_another_kind(birds: Path, tmp_path: Path) -> None:
    train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
    with pytest.raises(PlainError, match="other options"):
        train_damsm(birds, tmp_path / "run", 2, True, "cpu", replace(OPTIONS, seed=9))


def test_a_run_is_not_resumed_on_other_data(birds: Path, tmp_path: Path) -> None:
    train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
    others = drawn_birds(tmp_path / "others")
    for captions in (others / "text").glob("*/*.txt"):
        captions.write_text("a strange new penguin\n")
    with pytest.raises(PlainError, match="begun with other data"):
        train_damsm(others, tmp_path / "run", 2, True, "cpu", OPTIONS)


def test_a_run_from_before_an_option_was_there_goes_on_with_its_default(birds: Path, tmp_path: Path) -> None:
    train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
    checkpoint = tmp_path / "run" / "damsm_checkpoint.safetensors"
    states, progress = load_checkpoint(checkpoint)
    del progress["options"]["shift"]
    save_checkpoint(checkpoint, states, progress)
    with pytest.raises(PlainError, match="other options"):
        train_damsm(birds, tmp_path / "run", 2, True, "cpu", replace(OPTIONS, shift=1))
    train_damsm(birds, tmp_path / "run", 2, True, "cpu", OPTIONS)
    assert load_checkpoint(checkpoint)[1]["step"] == 2


def spoil_weights(run: DamsmRun) -> None:
    torch.nn.init.constant_(run.text_encoder.embedding.weight, float("nan"))


def spoil_statistics(run: DamsmRun) -> None:
    next(buffer for name, buffer in run.image_encoder.named_buffers() if "running_var" in name).fill_(float("inf"))


def spoil_losses(run: DamsmRun) -> None:
    run.losses = torch.tensor(2.0), torch.tensor(float("nan"))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (spoil_weights, "The weights are no numbers at step 2"),
        (spoil_statistics, "The weights are no numbers at step 2"),
        (spoil_losses, "The losses are no numbers at step 2"),
    ],
)
def test_what_is_no_number_is_not_kept(
    birds: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[DamsmRun], None],
    sentence: str,
) -> None:
    train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
    shutil.rmtree(tmp_path / "run" / "encoders")
    kept = (tmp_path / "run" / "damsm_checkpoint.safetensors").read_bytes()
    train_step = DamsmRun.train_step

    def spoiling_step(run: DamsmRun, batches: Batches, rate: float) -> tuple[Tensor, Tensor]:
        losses = train_step(run, batches, rate)
        spoil(run)
        return losses

    monkeypatch.setattr(DamsmRun, "train_step", spoiling_step)
    with pytest.raises(PlainError, match=sentence):
        train_damsm(birds, tmp_path / "run", 2, True, "cpu", OPTIONS)
    assert (tmp_path / "run" / "damsm_checkpoint.safetensors").read_bytes() == kept
    assert not (tmp_path / "run" / "encoders").exists()
