"""Weight sets on disk: `config.json`, `vocabulary.txt` and safetensors files, nothing that could run."""

import hashlib
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from model.config import ModelConfig
from model.errors import WeightsError, unreadable
from model.generator import Generator
from model.places import find_folder
from model.text_encoder import TextEncoder
from model.vocabulary import Vocabulary
from model.weight_sets import NETWORKS, read_words, weight_sets

PAINTING_FILES = ("config.json", "vocabulary.txt", *NETWORKS)


def find_weights(name_or_directory: str | Path) -> Path:
    """The folder of a weight set, by its name or path; raises WeightsError."""
    folder = find_folder(name_or_directory)
    if folder is None:
        names = ", ".join(found.name for found in weight_sets()) or "none"
        raise WeightsError(f'There is no weight set "{name_or_directory}"; available: {names}.')
    return folder


def fingerprint(directory: Path) -> str:
    """What a weight set is, whatever its folder is called: one SHA-256 over all that painting depends on."""
    digest = hashlib.sha256()
    for name in PAINTING_FILES:
        digest.update(hashlib.sha256((directory / name).read_bytes()).digest())
    return digest.hexdigest()


def save_weights(
    directory: Path,
    config: ModelConfig,
    vocabulary: Vocabulary,
    text_encoder: nn.Module,
    generator: nn.Module,
    precision: torch.dtype = torch.float16,
) -> None:
    """Write a weight set, both networks in the given precision."""
    directory.mkdir(parents=True, exist_ok=True)
    config.save(directory / "config.json")
    vocabulary.save(directory / "vocabulary.txt")
    save_network(directory / "text_encoder.safetensors", text_encoder, precision)
    save_network(directory / "generator.safetensors", generator, precision)


def save_network(
    path: Path, network: nn.Module, precision: torch.dtype, metadata: dict[str, str] | None = None
) -> None:
    """Write a network's tensors in the given precision; batch norm's statistics stay (half may overflow)."""
    tensors = {
        name: (tensor if ".running_" in name else tensor.to(precision)).contiguous()
        for name, tensor in network.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    try:
        save_file(tensors, path, metadata)
        path.chmod(0o644)  # safetensors lets nobody else read it
    except SafetensorError as error:
        raise WeightsError(f"The weights {path} could not be written: {error}.") from None


def load_network(path: Path, network: nn.Module) -> None:
    """Fill a network from a safetensors file; raises WeightsError when it is missing, damaged or of another shape."""
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise unreadable(path, error) from None
    try:
        missing, surplus = network.load_state_dict(tensors, strict=False)
    except RuntimeError:
        raise WeightsError(f"The weights {path} have other sizes than config.json says.") from None
    if surplus or any(not name.endswith("num_batches_tracked") for name in missing):
        raise WeightsError(f"The weights {path} belong to another network.")


def load_weights(directory: Path) -> tuple[ModelConfig, Vocabulary, TextEncoder, Generator]:
    """Read a weight set for painting, in float32 on the CPU; raises WeightsError with what is wrong."""
    config, vocabulary = read_words(directory)
    text_encoder, generator = TextEncoder(config), Generator(config)
    load_network(directory / "text_encoder.safetensors", text_encoder)
    load_network(directory / "generator.safetensors", generator)
    return config, vocabulary, text_encoder.eval(), generator.eval()
