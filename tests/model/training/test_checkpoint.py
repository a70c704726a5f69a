"""Checkpoints: everything comes back, and a failed write leaves the one before."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from model.errors import PlainError
from model.training import checkpoint as checkpoint_module
from model.training.checkpoint import load_checkpoint, load_optimizer, save_checkpoint
from tests.model.malice import one_sentence


def trained(steps: int) -> tuple[nn.Linear, torch.optim.Adam]:
    torch.manual_seed(0)
    network = nn.Linear(3, 2)
    optimizer = torch.optim.Adam(network.parameters(), 0.1)
    go_on(network, optimizer, 0, steps)
    return network, optimizer


def go_on(network: nn.Linear, optimizer: torch.optim.Adam, first: int, last: int) -> None:
    for step in range(first, last):
        optimizer.zero_grad()
        network(torch.full((1, 3), float(step))).square().sum().backward()
        optimizer.step()


def test_a_network_and_its_optimizer_go_on_as_if_never_stopped(tmp_path: Path) -> None:
    network, optimizer = trained(3)
    states: dict[str, Any] = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
    save_checkpoint(tmp_path / "checkpoint.safetensors", states, {"step": 3, "minutes": 1.5})
    states, progress = load_checkpoint(tmp_path / "checkpoint.safetensors")
    assert progress == {"step": 3, "minutes": 1.5}
    resumed = nn.Linear(3, 2)
    resumed_optimizer = torch.optim.Adam(resumed.parameters(), 0.1)
    resumed.load_state_dict(states["network"])
    load_optimizer(resumed_optimizer, states["optimizer"])
    go_on(resumed, resumed_optimizer, 3, 6)
    whole, _ = trained(6)
    assert torch.equal(resumed.weight, whole.weight)
    assert torch.equal(resumed.bias, whole.bias)


def test_an_optimizer_lays_its_moments_out_like_the_weights(tmp_path: Path) -> None:
    network = nn.Conv2d(3, 4, 3).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), 0.1)
    network(torch.ones(1, 3, 5, 5)).sum().backward()
    optimizer.step()
    save_checkpoint(tmp_path / "checkpoint.safetensors", {"optimizer": optimizer.state_dict()}, {})
    resumed = torch.optim.Adam(network.parameters(), 0.1)
    load_optimizer(resumed, load_checkpoint(tmp_path / "checkpoint.safetensors")[0]["optimizer"])
    before, after = (each.state[network.weight]["exp_avg"] for each in (optimizer, resumed))
    assert after.stride() == network.weight.stride()
    assert torch.equal(after, before)


def test_a_write_that_fails_half_way_leaves_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoint.safetensors"
    save_checkpoint(path, {"network": {"weight": torch.ones(2)}}, {"step": 1})

    def full_disk(tensors: object, written: Path, metadata: object) -> None:
        written.write_bytes(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint_module, "save_file", full_disk)
    with pytest.raises(PlainError, match="No space left") as told:
        save_checkpoint(path, {"network": {"weight": torch.zeros(2)}}, {"step": 2})
    assert one_sentence(str(told.value))
    states, progress = load_checkpoint(path)
    assert progress == {"step": 1}
    assert states["network"]["weight"].tolist() == [1, 1]
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PlainError, match="could not be written") as told:
        save_checkpoint(tmp_path / "none" / "checkpoint.safetensors", {}, {})
    assert one_sentence(str(told.value))


@pytest.mark.parametrize("kept", [0, 7, 60, -1])
def test_a_damaged_checkpoint_is_told(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "checkpoint.safetensors"
    save_checkpoint(path, {"network": {"weight": torch.ones(50)}}, {"step": 1})
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(PlainError, match="cannot be read") as told:
        load_checkpoint(path)
    assert one_sentence(str(told.value))


def test_another_safetensors_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.safetensors"
    save_file({"weight": torch.ones(2)}, path)
    with pytest.raises(PlainError) as told:
        load_checkpoint(path)
    assert one_sentence(str(told.value))
