"""Which processor computes: a GPU where there is one, else the CPU."""

import torch
from torch import Tensor

from model.errors import PlainError

DEVICES = ("auto", "cpu", "cuda", "mps")


def pick_device(name: str = "auto") -> torch.device:
    """The device of that name; "auto" takes cuda, then mps, then cpu. Raises PlainError when it is not there."""
    available = _available()
    if name == "auto":
        name = next(kind for kind, there in available.items() if there)
    if name not in available:
        raise PlainError(f'There is no device "{name}"; choose one of {", ".join(DEVICES)}.')
    if not available[name]:
        raise PlainError(f"This computer has no {name} device that torch can use.")
    return torch.device(name)


def available_devices() -> list[str]:
    """The names, best first, that `pick_device` takes here."""
    return [name for name, there in _available().items() if there]


def _available() -> dict[str, bool]:
    return {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }


def device_name(device: torch.device) -> str:
    """How a person calls it: "NVIDIA H200", "Apple GPU" or "CPU"."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return "Apple GPU" if device.type == "mps" else "CPU"


def sent(values: Tensor, device: torch.device) -> Tensor:
    """CPU values on a device, without waiting for it; what is there already stays."""
    there = values.pin_memory() if device.type == "cuda" and values.device.type == "cpu" else values
    return there.to(device, non_blocking=True)
