"""The encoders of a DAMSM run: written by `train damsm`, learnt from by `train gan`, asked by the judge."""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from model.config import ModelConfig
from model.errors import WeightsError, unreadable
from model.image_encoder import ImageEncoder
from model.lite_encoder import LiteEncoder
from model.text_encoder import TextEncoder
from model.vocabulary import Vocabulary
from model.weights import load_network, save_network

IMAGE_ENCODER = "image_encoder.safetensors"
DISCRIMINATORS = "discriminators.safetensors"
STORY = "training.json"  # how a weight set or a pair of encoders was trained
KINDS = ("compact", "inception", "lite0", "lite1", "lite2")


def make_image_encoder(kind: str, text_size: int, pretrained: bool = False) -> ImageEncoder:
    """An untrained image encoder, one of KINDS; pretrained: all but "compact" start from ImageNet's weights.

    Raises PlainError when those cannot be had.
    """
    if kind == "inception":
        from model.inception_encoder import InceptionEncoder  # torchvision takes seconds to import

        encoder: ImageEncoder = InceptionEncoder(text_size)
    else:
        encoder = ImageEncoder(text_size) if kind == "compact" else LiteEncoder(text_size, int(kind[-1]))
    if pretrained:
        encoder.start_from_imagenet()
    return encoder


def save_encoders(
    folder: Path, config: ModelConfig, vocabulary: Vocabulary, text_encoder: nn.Module, image_encoder: ImageEncoder
) -> None:
    """Write a folder that `load_encoders` reads, in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    config.save(folder / "config.json")
    vocabulary.save(folder / "vocabulary.txt")
    save_network(folder / "text_encoder.safetensors", text_encoder, torch.float16)
    save_image_encoder(folder / IMAGE_ENCODER, image_encoder)


def save_image_encoder(path: Path, image_encoder: ImageEncoder) -> None:
    """Write an image encoder in half precision, with what kind it is."""
    save_network(path, image_encoder, torch.float16, {"kind": image_encoder.kind})


def load_encoders(folder: Path, place: torch.device) -> tuple[ModelConfig, Vocabulary, TextEncoder, ImageEncoder]:
    """The encoders of a DAMSM run or weight set: frozen, in evaluation mode; raises WeightsError with what is wrong."""
    folder = _encoders_in(folder)
    if not (folder / IMAGE_ENCODER).is_file():
        raise WeightsError(
            f"There are no encoders in {folder}; `train damsm` writes them, and --encoders names its run."
        )
    config, vocabulary = ModelConfig.load(folder / "config.json"), Vocabulary.load(folder / "vocabulary.txt")
    text_encoder = TextEncoder(config)
    kind = _kind(folder / IMAGE_ENCODER)
    if kind not in KINDS:
        raise WeightsError(f'The weights {folder / IMAGE_ENCODER} are of a kind that is not known here: "{kind}".')
    image_encoder = make_image_encoder(kind, config.text_size)
    load_network(folder / "text_encoder.safetensors", text_encoder)
    load_network(folder / IMAGE_ENCODER, image_encoder)
    for network in (text_encoder, image_encoder):
        network.requires_grad_(False).eval().to(place)
    return config, vocabulary, text_encoder, image_encoder.to(memory_format=torch.channels_last)


def read_story(folder: Path) -> dict[str, Any]:
    """How a DAMSM run's encoders or a weight set were trained, as their trainer put it down; empty where none did."""
    path = _encoders_in(folder) / STORY
    story: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return story


def read_teacher_story(folder: Path) -> dict[str, Any]:
    """How the encoders were trained; a weight set's own story is its generator's and holds theirs."""
    story = read_story(folder)
    teacher: dict[str, Any] = story.get("teacher", story)
    return teacher


def digest(folder: Path) -> str:
    """What tells these encoders from all others; raises OSError when they are not there."""
    files = [_encoders_in(folder) / name for name in ("text_encoder.safetensors", IMAGE_ENCODER)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _encoders_in(folder: Path) -> Path:
    return folder / "encoders" if (folder / "encoders").is_dir() else folder


def _kind(path: Path) -> str:
    try:
        with safe_open(path, "pt") as file:
            return (file.metadata() or {}).get("kind", "compact")
    except (OSError, SafetensorError) as error:
        raise unreadable(path, error) from None
