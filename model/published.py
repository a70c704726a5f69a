"""Importing published AttnGAN checkpoints: `netG` and text-encoder state dicts and a pickled vocabulary."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from model.config import MOST_STAGES, ModelConfig
from model.errors import WeightsError
from model.generator import Generator
from model.model_card import write_model_card
from model.plain_pickle import read_plain_pickle, read_tensors
from model.text_encoder import TextEncoder
from model.vocabulary import PADDING, Vocabulary
from model.weights import save_weights

# Published tensor names, as regular expressions, and ours; {} counts from 0 what the published names count from 1 or 2.
_GENERATOR_NAMES = [
    (r"ca_net\.fc\.(\w+)", lambda m: f"conditioning.linear.{m[1]}"),
    (r"h_net1\.fc\.0\.weight", lambda m: "initial.linear.weight"),
    (r"h_net1\.fc\.1\.(\w+)", lambda m: f"initial.norm.{m[1]}"),
    (r"h_net1\.upsample(\d)\.1\.weight", lambda m: f"initial.up_blocks.{int(m[1]) - 1}.conv.weight"),
    (r"h_net1\.upsample(\d)\.2\.(\w+)", lambda m: f"initial.up_blocks.{int(m[1]) - 1}.norm.{m[2]}"),
    (
        r"h_net(\d)\.att\.conv_context\.weight",
        lambda m: f"refinements.{int(m[1]) - 2}.attention.project.weight",
    ),
    (
        r"h_net(\d)\.residual\.(\d)\.block\.0\.weight",
        lambda m: f"refinements.{int(m[1]) - 2}.residual.{m[2]}.gate.weight",
    ),
    (
        r"h_net(\d)\.residual\.(\d)\.block\.1\.(\w+)",
        lambda m: f"refinements.{int(m[1]) - 2}.residual.{m[2]}.gate_norm.{m[3]}",
    ),
    (
        r"h_net(\d)\.residual\.(\d)\.block\.3\.weight",
        lambda m: f"refinements.{int(m[1]) - 2}.residual.{m[2]}.out.weight",
    ),
    (
        r"h_net(\d)\.residual\.(\d)\.block\.4\.(\w+)",
        lambda m: f"refinements.{int(m[1]) - 2}.residual.{m[2]}.out_norm.{m[3]}",
    ),
    (r"h_net(\d)\.upsample\.1\.weight", lambda m: f"refinements.{int(m[1]) - 2}.up_block.conv.weight"),
    (r"h_net(\d)\.upsample\.2\.(\w+)", lambda m: f"refinements.{int(m[1]) - 2}.up_block.norm.{m[2]}"),
    (r"img_net(\d)\.img\.0\.weight", lambda m: f"heads.{int(m[1]) - 1}.conv.weight"),
]
_TEXT_NAMES = [
    (r"encoder\.weight", lambda m: "embedding.weight"),
    (r"rnn\.(\w+)", lambda m: f"lstm.{m[1]}"),
]


def import_published(
    generator: Path,
    text_encoder: Path,
    vocabulary: Path,
    output: Path,
    on_progress: Callable[[str, float], object] = lambda what, share: None,
) -> ModelConfig:
    """Write OUTPUT as a weight set in float32, stages and widths read off the tensors; returns what they make.

    Nothing inside the files is run: torch reads tensors only, and the pickle plain values only. Raises WeightsError
    (or DataError for the vocabulary) with what is wrong, and writes nothing then. `on_progress` is told what comes
    next and the share that is done, 0..1; what it raises ends the import.
    """
    on_progress(f"Reading {generator.name} …", 0.0)
    painter = _read_state(generator)
    on_progress(f"Reading {text_encoder.name} …", 0.3)
    reader = _read_state(text_encoder)
    on_progress(f"Reading {vocabulary.name} …", 0.5)
    words = _read_vocabulary(vocabulary)
    on_progress("Checking that they belong together …", 0.6)
    config = _config(painter, reader, len(words), generator)
    generator_network, text_network = Generator(config), TextEncoder(config)
    _fill(generator_network, painter, _GENERATOR_NAMES, generator)
    _fill(text_network, reader, _TEXT_NAMES, text_encoder)
    on_progress("Writing …", 0.8)
    save_weights(output, config, words, text_network, generator_network, torch.float32)
    origin = {
        "origin": f"imported from {generator.name}, {text_encoder.name} and {vocabulary.name}",
        "licence": "that of the published checkpoint",
    }
    write_model_card(output, config, origin)
    return config


def _read_state(path: Path) -> dict[str, Tensor]:
    state = read_tensors(path)
    for wrapper in ("netG", "state_dict", "model"):
        if isinstance(state, dict) and isinstance(state.get(wrapper), dict):
            state = state[wrapper]
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise WeightsError(f"{path} holds no state dict.")
    return {name.removeprefix("module."): tensor for name, tensor in state.items()}


def _read_vocabulary(path: Path) -> Vocabulary:
    stored = read_plain_pickle(path)
    try:
        words = [stored[2][token] for token in range(1, len(stored[2]))]
    except (TypeError, IndexError, KeyError):
        words = []
    if not words or not all(isinstance(word, str) and word.splitlines() == [word] for word in words):
        raise WeightsError(f"{path} is no AttnGAN vocabulary: a list with index-to-word in third place.")
    return Vocabulary((PADDING, *words))


def _config(painter: dict[str, Tensor], reader: dict[str, Tensor], words: int, path: Path) -> ModelConfig:
    stages = len([name for name in painter if re.fullmatch(r"img_net\d\.img\.0\.weight", name)])
    residual_blocks = len([name for name in painter if re.fullmatch(r"h_net2\.residual\.\d\.block\.0\.weight", name)])
    try:
        condition_size = painter["ca_net.fc.weight"].shape[0] // 4
        noise_size = painter["h_net1.fc.0.weight"].shape[1] - condition_size
        channels = painter["img_net1.img.0.weight"].shape[1]
        text_size = painter["ca_net.fc.weight"].shape[1]
        known, embedding_size = reader["encoder.weight"].shape
    except KeyError as error:
        raise WeightsError(f"{path} is no published AttnGAN generator or text encoder: {error} is missing.") from None
    except (IndexError, ValueError):
        raise WeightsError(f"{path} or the text encoder holds tensors of shapes that fit no AttnGAN.") from None
    if known != words:
        raise WeightsError(f"The text encoder knows {known} words, but the vocabulary has {words}.")
    sizes = condition_size, noise_size, channels, text_size, embedding_size
    if min(sizes) < 1 or text_size % 2 or stages > MOST_STAGES:
        raise WeightsError(f"{path} holds tensors of shapes that fit no AttnGAN.")
    return ModelConfig(
        stages=stages,
        generator_channels=channels,
        residual_blocks=max(residual_blocks, 1),  # a single stage has none to tell
        condition_size=condition_size,
        noise_size=noise_size,
        word_embedding_size=embedding_size,
        text_size=text_size,
        vocabulary_size=words,
    )


def _fill(network: nn.Module, published: dict[str, Tensor], names: list[Any], path: Path) -> None:
    ours = network.state_dict()
    filled: dict[str, Tensor] = {}
    for name, tensor in published.items():
        for pattern, rename in names:
            if match := re.fullmatch(pattern, name):
                target = rename(match)
                if target not in ours or not _same_but_for_ones(tensor, ours[target]):
                    raise WeightsError(f"{path} holds {name} in a shape that fits no AttnGAN.")
                filled[target] = tensor.float().reshape(ours[target].shape)
                break
        else:
            raise WeightsError(f"{path} holds {name}, which is no part of AttnGAN.")
    missing = [name for name in ours if name not in filled and not name.endswith("num_batches_tracked")]
    if missing:
        raise WeightsError(f"{path} lacks what AttnGAN needs: {', '.join(missing[:3])}.")
    network.load_state_dict(filled, strict=False)


def _same_but_for_ones(first: Tensor, second: Tensor) -> bool:
    """True where only sides of length 1 differ: published attention projects by a 1x1 kernel, ours by a 1-wide one."""
    return [side for side in first.shape if side != 1] == [side for side in second.shape if side != 1]
