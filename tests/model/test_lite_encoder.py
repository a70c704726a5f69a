"""The image encoder on EfficientNet-Lite: regions and a whole, frozen eyes, and its way to disk and back."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

from model.config import ModelConfig
from model.encoders import IMAGE_ENCODER, load_encoders, make_image_encoder, save_encoders
from model.errors import WeightsError
from model.image_encoder import ImageEncoder
from model.lite_encoder import LiteEncoder
from model.text_encoder import TextEncoder
from model.vocabulary import PADDING, Vocabulary
from tests.model.malice import one_sentence

CPU = torch.device("cpu")


@torch.no_grad()
def test_64_regions_and_one_global_feature_whatever_the_picture_size() -> None:
    encoder = LiteEncoder(text_size=16)
    for size in (64, 128, 256):
        regions, whole = encoder(torch.rand(2, 3, size, size) * 2 - 1)
        assert regions.shape == (2, 16, 64)
        assert whole.shape == (2, 16)


@torch.no_grad()
def test_looking_and_reading_apart_is_the_same() -> None:
    encoder, pictures = LiteEncoder(text_size=16), torch.rand(2, 3, 128, 128)
    for at_once, apart in zip(encoder(pictures), encoder.read(encoder.look(pictures)), strict=True):
        torch.testing.assert_close(at_once, apart)


def test_only_the_projections_are_trained() -> None:
    encoder = LiteEncoder(text_size=16)
    assert {name for name, tensor in encoder.named_parameters() if tensor.requires_grad} == {
        "regions.weight",
        "whole.weight",
        "whole.bias",
    }


def seen_and_taught(eyes: ImageEncoder, pictures: torch.Tensor, half: bool) -> list[torch.Tensor]:
    """The maps of pictures, and the gradient that comes back to these from them."""
    pictures = pictures.clone().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        maps = [one.float() for one in eyes.look(pictures)]
    (gradient,) = torch.autograd.grad(torch.stack([one.square().mean() for one in maps]).sum(), pictures)
    return [*(one.detach() for one in maps), gradient]


def test_half_precision_changes_less_than_noise_of_one_grey_level_does() -> None:
    eyes, random = make_image_encoder("lite0", 16, pretrained=True), torch.Generator().manual_seed(0)
    pictures = F.interpolate(torch.rand(4, 3, 16, 16, generator=random) * 2 - 1, scale_factor=8.0, mode="bilinear")
    noise = torch.randn(pictures.shape, generator=random) * 2 / 255
    exact, half = seen_and_taught(eyes, pictures, half=False), seen_and_taught(eyes, pictures, half=True)
    for one, quick, noisy in zip(exact, half, seen_and_taught(eyes, pictures + noise, half=False), strict=True):
        assert (quick - one).norm() < (noisy - one).norm()


def saved(folder: Path, kind: str) -> Path:
    vocabulary = Vocabulary((PADDING, "red", "bird"))
    config = ModelConfig(vocabulary_size=3, text_size=16, word_embedding_size=8)
    save_encoders(folder / "encoders", config, vocabulary, TextEncoder(config), make_image_encoder(kind, 16, True))
    return folder


@pytest.mark.parametrize("kind", ["compact", "lite1"])
def test_encoders_come_back_from_disk_as_the_kind_they_were(tmp_path: Path, kind: str) -> None:
    *_, encoder = load_encoders(saved(tmp_path, kind), CPU)
    assert encoder.kind == kind
    stored = load_file(tmp_path / "encoders" / IMAGE_ENCODER)
    assert stored.keys() <= encoder.state_dict().keys()
    assert all(
        torch.equal(stored[name].float(), tensor) for name, tensor in encoder.state_dict().items() if name in stored
    )


def test_a_kind_from_a_later_program_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = saved(tmp_path, "compact") / "encoders" / IMAGE_ENCODER
    save_file(load_file(path), path, {"kind": "lite9"})
    with pytest.raises(WeightsError) as refusal:
        load_encoders(tmp_path, CPU)
    assert '"lite9"' in str(refusal.value)
    assert one_sentence(str(refusal.value))
