"""Weight sets on disk: the same pictures after a round trip, one clear sentence for a damaged one."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from model.config import ModelConfig
from model.errors import WeightsError
from model.generator import Generator
from model.pipeline import TextToImagePipeline
from model.text_encoder import TextEncoder
from model.vocabulary import PADDING, Vocabulary
from model.weights import fingerprint, load_weights, save_network, save_weights
from tests.model.malice import one_sentence
from tests.model.networks import lively
from tests.tiny import tiny_weights

CAPTION = "this bird is red"


@pytest.fixture
def copy(weights: Path, tmp_path: Path) -> Path:
    """A weight set that a test may damage."""
    return Path(shutil.copytree(weights, tmp_path / "copy"))


def refusal(directory: Path) -> str:
    with pytest.raises(WeightsError) as told:
        TextToImagePipeline.from_pretrained(directory, "cpu")
    assert one_sentence(str(told.value))
    return str(told.value)


def test_the_fingerprint_is_that_of_the_weights_and_not_of_their_folder(weights: Path, copy: Path) -> None:
    (copy / "README.md").write_text("another card")
    assert fingerprint(copy) == fingerprint(weights) == TextToImagePipeline.from_pretrained(copy, "cpu").fingerprint
    generator = (copy / "generator.safetensors").read_bytes()
    (copy / "generator.safetensors").write_bytes(generator[:-1] + bytes([generator[-1] ^ 1]))
    assert fingerprint(copy) != fingerprint(weights)


@pytest.mark.parametrize("precision", [torch.float16, torch.float32])
def test_saved_and_loaded_gives_identical_pixels(tmp_path: Path, narrow: ModelConfig, precision: torch.dtype) -> None:
    vocabulary = Vocabulary((PADDING, "this", "bird", "is", "red", *(f"word{i}" for i in range(15))))
    text_encoder, generator = TextEncoder(narrow), Generator(narrow)
    lively(generator)
    for network in (text_encoder, generator):  # what half precision can hold stays as it is
        for parameter in network.parameters():
            parameter.data = parameter.data.to(precision).float()
    before = TextToImagePipeline(narrow, vocabulary, text_encoder, generator, device="cpu")(CAPTION, seed=5)
    save_weights(tmp_path / "set", narrow, vocabulary, text_encoder, generator, precision)
    after = TextToImagePipeline.from_pretrained(tmp_path / "set", "cpu")(CAPTION, seed=5)
    assert before.tokens == after.tokens
    for first, second in zip(before.stages, after.stages, strict=True):
        assert np.array_equal(first.images, second.images)


def test_networks_are_half_precision_on_disk_but_not_batch_norms_statistics(weights: Path) -> None:
    tensors = load_file(weights / "generator.safetensors")
    assert tensors["heads.0.conv.weight"].dtype == torch.float16
    assert tensors["initial.norm.running_var"].dtype == torch.float32


def test_statistics_too_large_for_half_precision_survive(tmp_path: Path, narrow: ModelConfig) -> None:
    generator = Generator(narrow)
    variance = generator.initial.norm.running_var
    assert variance is not None
    variance.fill_(1e6)
    save_network(tmp_path / "generator.safetensors", generator, torch.float16)
    stored = load_file(tmp_path / "generator.safetensors")["initial.norm.running_var"]
    assert stored.max() == 1e6


@pytest.mark.parametrize("name", ["config.json", "vocabulary.txt", "text_encoder.safetensors", "generator.safetensors"])
def test_a_missing_file_is_told(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert name.removesuffix(".json") in refusal(copy) or str(copy) in refusal(copy)


@pytest.mark.parametrize("name", ["text_encoder.safetensors", "generator.safetensors"])
@pytest.mark.parametrize("kept", [0, 5, 300, -1])
def test_a_truncated_file_is_told(copy: Path, name: str, kept: int) -> None:
    (copy / name).write_bytes((copy / name).read_bytes()[:kept])
    assert name in refusal(copy)


def test_a_corrupt_file_is_told(copy: Path) -> None:
    (copy / "generator.safetensors").write_bytes(b"\xff" * 1000)
    assert "generator.safetensors" in refusal(copy)


def test_a_vocabulary_of_another_length_is_told(copy: Path) -> None:
    with (copy / "vocabulary.txt").open("a") as file:
        file.write("penguin\n")
    assert "words" in refusal(copy)


@pytest.mark.parametrize("option", ["generator_channels", "noise_size", "text_size", "word_embedding_size"])
def test_tensors_of_other_sizes_than_the_configuration_are_told(copy: Path, option: str) -> None:
    stored = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(stored | {option: stored[option] + 2}))
    assert "config.json" in refusal(copy)


@pytest.mark.parametrize("stages", [3, 5])
def test_another_number_of_stages_than_the_configuration_is_told(copy: Path, stages: int) -> None:
    stored = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(stored | {"stages": stages}))
    assert "generator.safetensors" in refusal(copy)


def test_a_lost_tensor_is_told(copy: Path) -> None:
    tensors = load_file(copy / "generator.safetensors")
    del tensors["heads.2.conv.weight"]
    save_file(tensors, copy / "generator.safetensors")
    assert "generator.safetensors" in refusal(copy)


def test_three_stages_load_as_three(tmp_path: Path) -> None:
    config, _, _, generator = load_weights(tiny_weights(tmp_path / "three", stages=3))
    assert config.image_sizes == (64, 128, 256)
    assert len(generator.heads) == 3


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path, narrow: ModelConfig) -> None:
    with pytest.raises(WeightsError, match="could not be written") as told:
        save_network(tmp_path / "none" / "generator.safetensors", Generator(narrow), torch.float16)
    assert one_sentence(str(told.value))
