"""Inception v3 from torch's cache: real networks with random weights, and never a download."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3
from torchvision.models import inception_v3

from model.errors import WeightsError
from model.evaluation.inception import FIDELITY_FILE, FIDELITY_NAME, TORCHVISION_FILE, cached_inception
from tests.model.malice import Malice, one_sentence

CPU = torch.device("cpu")
PICTURES = np.random.default_rng(0).integers(0, 256, (2, 64, 64, 3)).astype(np.uint8)


class Untrained(FeatureExtractorInceptionV3):
    """torch-fidelity's network, which cannot be made without a file of weights, as it is before it reads them."""

    def load_state_dict(self, *_: object, **__: object) -> None:
        pass


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of torch's."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    return folder


def test_an_empty_cache_holds_none_and_stays_empty(cache: Path) -> None:
    assert cached_inception(CPU) is None
    assert list(cache.iterdir()) == []


def test_torchvisions_network(cache: Path) -> None:
    torch.manual_seed(0)
    network = inception_v3(weights=None, init_weights=False)
    torch.save(network.state_dict(), cache / TORCHVISION_FILE)
    found = cached_inception(CPU)
    assert found is not None
    name, look = found
    assert name.startswith("torchvision")
    features, scores = look(PICTURES)
    assert features.shape == (2, 2048)
    assert scores.shape == (2, 1000)
    torch.testing.assert_close(scores, nn.functional.linear(features, network.fc.weight, network.fc.bias).detach())


def test_torch_fidelitys_network_goes_first(cache: Path) -> None:
    nothing = cache / "nothing.pth"
    torch.save({}, nothing)
    torch.manual_seed(0)
    torch.save(Untrained("untrained", ["2048"], str(nothing)).state_dict(), cache / FIDELITY_FILE)
    (cache / TORCHVISION_FILE).write_bytes(b"not looked at")
    found = cached_inception(CPU)
    assert found is not None
    name, look = found
    assert name == FIDELITY_NAME
    features, scores = look(PICTURES)
    assert features.shape == (2, 2048)
    assert scores.shape == (2, 1008)


@pytest.mark.parametrize("name", [FIDELITY_FILE, TORCHVISION_FILE])
def test_damaged_and_forged_files_are_refused(cache: Path, tmp_path: Path, name: str) -> None:
    (cache / name).write_bytes(b"damaged")
    with pytest.raises(WeightsError) as told:
        cached_inception(CPU)
    assert one_sentence(str(told.value))
    torch.save(Malice(tmp_path / "trace"), cache / name)
    with pytest.raises(WeightsError):
        cached_inception(CPU)
    assert not (tmp_path / "trace").exists()
    torch.save({"weight": torch.zeros(1)}, cache / name)
    with pytest.raises(WeightsError):
        cached_inception(CPU)
