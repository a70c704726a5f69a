"""Checkpoints: everything a run needs to go on, in one safetensors file that is whole or not there."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from model.errors import PlainError

State = dict[str, Any]


def refuse_no_numbers(name: str, tensors: Iterable[Tensor], step: int) -> None:
    """Raise PlainError unless all are finite: for whoever is about to replace a checkpoint that is."""
    if not all(tensor.isfinite().all() for tensor in tensors):
        raise PlainError(f"The {name} are no numbers at step {step}; the last checkpoint is kept.")


def refuse_other_options(run: Path, begun_with: dict[str, Any], options: Any, defaults: Any, advice: str) -> None:
    """Raise PlainError unless a run goes on with the options it was begun with; one from before an option lacks it."""
    if asdict(defaults) | begun_with != json.loads(json.dumps(asdict(options))):
        raise PlainError(f"The run in {run} was begun with other options; resume it with {advice}.")


def save_checkpoint(path: Path, states: dict[str, State], progress: dict[str, Any]) -> None:
    """Write state dicts (of networks and optimizers, by name) and plain progress values, replacing `path` at once."""
    tensors: dict[str, Tensor] = {}
    values: dict[str, Any] = {}
    for name, state in states.items():
        _flatten(name, state, tensors, values)
    metadata = {"progress": json.dumps(progress), "values": json.dumps(values)}
    written = path.with_suffix(".part")
    try:
        save_file(tensors, written, metadata)
        with written.open("rb+") as file:
            os.fsync(file.fileno())
        written.replace(path)
    except (OSError, SafetensorError) as error:
        written.unlink(missing_ok=True)
        raise PlainError(f"The checkpoint {path} could not be written: {error}.") from None


def read_progress(path: Path) -> dict[str, Any]:
    """The progress values alone; raises PlainError when the file is damaged."""
    try:
        with safe_open(path, "pt") as file:
            progress: dict[str, Any] = json.loads(file.metadata()["progress"])
            return progress
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise PlainError(f"The checkpoint {path} cannot be read: {error}.") from None


def load_checkpoint(path: Path) -> tuple[dict[str, State], dict[str, Any]]:
    """State dicts and progress as they were saved; raises PlainError when the file is damaged."""
    try:
        with safe_open(path, "pt") as file:
            metadata = file.metadata()
            entries = {key: file.get_tensor(key).clone() for key in file.keys()}  # noqa: SIM118 (not a dict)
        entries |= json.loads(metadata["values"])
        progress: dict[str, Any] = json.loads(metadata["progress"])
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise PlainError(f"The checkpoint {path} cannot be read: {error}.") from None
    states: dict[str, Any] = {}
    for key, value in entries.items():
        *parents, leaf = key.split("/")
        place = states
        for parent in parents:
            place = place.setdefault(parent, {})
        place[leaf] = value
    return states, progress


def load_optimizer(optimizer: torch.optim.Optimizer, state: State) -> None:
    """Give an optimizer its moments back; its options stay those of this run."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    moments = {
        int(index): {name: _laid_out_like(parameters[int(index)], value) for name, value in moment.items()}
        for index, moment in state.get("state", {}).items()
    }
    optimizer.load_state_dict({"state": moments, "param_groups": optimizer.state_dict()["param_groups"]})


def _laid_out_like(parameter: Tensor, value: Tensor) -> Tensor:
    """The same values in memory as the parameter's: a GPU's optimizer takes all at once only if they are."""
    if value.shape != parameter.shape:
        return value
    return torch.empty_like(parameter, device=value.device, dtype=value.dtype).copy_(value)


def _flatten(prefix: str, state: State, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    for key, value in state.items():
        name = f"{prefix}/{key}"
        if isinstance(value, Tensor):
            tensors[name] = value.detach().contiguous().clone()
        elif isinstance(value, dict):
            _flatten(name, value, tensors, values)
        elif key != "param_groups":
            values[name] = value
