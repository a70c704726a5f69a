"""What the model's tests share: narrow networks, a tiny weight set, drawn birds, and training by steps."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import pytest
import torch

from model.config import ModelConfig
from model.image_encoder import ImageEncoder
from model.text_encoder import TextEncoder
from model.vocabulary import PADDING, Vocabulary
from model.weights import save_network
from tests.tiny import WORDS, drawn_birds, narrow_config, narrow_preset, tiny_weights


@pytest.fixture(autouse=True)
def _same_random_numbers() -> None:
    torch.manual_seed(0)


@pytest.fixture
def narrow() -> ModelConfig:
    """Four stages, few channels."""
    return narrow_config(vocabulary_size=20)


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


class LookClock:
    """A minute passes whenever somebody asks whether time is over, which training does once a step."""

    def __init__(self, minutes_before: float, maximum_minutes: float) -> None:
        self.minutes, self.maximum_minutes = minutes_before, maximum_minutes

    def __enter__(self) -> "LookClock":
        return self

    def __exit__(self, *failure: object) -> None:
        pass

    def paused(self) -> AbstractContextManager[None]:
        return nullcontext()

    interruptible = paused
    stop_asked = False

    @property
    def over(self) -> bool:
        if self.minutes >= self.maximum_minutes:
            return True
        self.minutes += 1
        return False

    @property
    def fraction(self) -> float:
        return min(1.0, self.minutes / self.maximum_minutes)


def count_steps_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have training run as many steps as it is given minutes, and measure the average's statistics on a batch."""
    monkeypatch.setattr("model.training.damsm.Clock", LookClock)
    monkeypatch.setattr("model.training.gan.Clock", LookClock)
    monkeypatch.setattr("model.training.gan.STATISTICS_BATCHES", 1)


@pytest.fixture
def steps_for_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute is a step in this test: see `count_steps_for_minutes`."""
    count_steps_for_minutes(monkeypatch)


@pytest.fixture(scope="session")
def encoders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DAMSM run's folder with narrow, untrained encoders."""
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("damsm") / "encoders"
    folder.mkdir()
    vocabulary = Vocabulary((PADDING, *WORDS))
    config = narrow_config(vocabulary_size=len(vocabulary))
    config.save(folder / "config.json")
    vocabulary.save(folder / "vocabulary.txt")
    save_network(folder / "text_encoder.safetensors", TextEncoder(config), torch.float32)
    save_network(folder / "image_encoder.safetensors", ImageEncoder(16), torch.float32)
    return folder.parent


@pytest.fixture
def preset(tmp_path: Path) -> Callable[..., str]:
    """Write a preset of narrow discriminators, with the given phases and options; returns its path."""
    return partial(narrow_preset, tmp_path)
