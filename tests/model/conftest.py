"""What the model's tests share: narrow networks, a tiny weight set and drawn birds."""

from pathlib import Path

import pytest
import torch

from model.config import ModelConfig
from model.image_encoder import ImageEncoder
from model.weights import save_network
from tests.tiny import drawn_birds, tiny_weights


@pytest.fixture(autouse=True)
def _same_random_numbers() -> None:
    torch.manual_seed(0)


@pytest.fixture
def narrow() -> ModelConfig:
    """Four stages, few channels."""
    return ModelConfig(
        generator_channels=4,
        residual_blocks=1,
        condition_size=6,
        noise_size=5,
        word_embedding_size=12,
        text_size=16,
        vocabulary_size=20,
    )


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A four-stage weight set with the image encoder that judges it."""
    directory = tiny_weights(tmp_path_factory.mktemp("weights") / "tiny")
    torch.manual_seed(1)
    save_network(directory / "image_encoder.safetensors", ImageEncoder(16), torch.float16)
    return directory


@pytest.fixture(scope="session")
def birds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 drawn birds of eight species: 16 to train on, 8 to test with. Not to be written to."""
    return drawn_birds(tmp_path_factory.mktemp("birds"))
