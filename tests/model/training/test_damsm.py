"""A short DAMSM run on drawn birds: the loss falls, it goes on where it stopped, and its encoders can be used."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.damsm import damsm_loss
from model.data.batches import Batches
from model.data.cub import read_split
from model.encoders import load_encoders, make_image_encoder
from model.errors import PlainError
from model.image_encoder import ImageEncoder
from model.layers import padding_mask
from model.text_encoder import TextEncoder
from model.training import damsm
from model.training.checkpoint import load_checkpoint
from model.training.damsm import learnt_sizes, train_damsm
from model.training.options import DamsmOptions

OPTIONS = DamsmOptions(batch_size=8, learning_rate=0.002, warm_up_steps=1)
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
    assert json.loads((encoders / "training.json").read_text())["steps"] == 24


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


def test_a_run_is_not_overwritten_by_accident(birds: Path, tmp_path: Path) -> None:
    train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
    with pytest.raises(PlainError, match="--resume"):
        train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")


def test_a_run_is_not_resumed_as_another_kind(birds: Path, tmp_path: Path) -> None:
    train_damsm(birds, tmp_path / "run", 1, options=OPTIONS, device="cpu")
    with pytest.raises(PlainError, match="other options"):
        train_damsm(birds, tmp_path / "run", 2, True, "cpu", replace(OPTIONS, seed=9))
