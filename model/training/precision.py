"""How a step computes quickest: in half precision where the processor multiplies in it, by convolutions that were
tried."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import nn

WAYS = 3  # of computing a convolution that are tried
Network = TypeVar("Network", bound=nn.Module)


def autocast(place: torch.device, precision: str = "auto") -> torch.autocast:
    """Most operations in this precision: "bfloat16", "float32", or "auto", which is the quicker one of them there.

    No cache, which would hold the weights from before an optimizer's step.
    """
    half = quickest(place, precision) == "bfloat16"
    return torch.autocast(place.type, torch.bfloat16, enabled=half, cache_enabled=False)


def rounded_beforehand(frozen: Network, place: torch.device, precision: str = "auto") -> Network:
    """A frozen network with its kernels in the precision that `autocast` would round them to at every use: a copy, or
    the network itself where nothing is rounded.
    """
    if quickest(place, precision) != "bfloat16":
        return frozen
    copied = copy.deepcopy(frozen)
    for module in copied.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.to(torch.bfloat16)
    return copied


@contextmanager
def quick_products(place: torch.device, precision: str = "auto") -> Iterator[None]:
    """What stays in single precision on a CPU, as DAMSM's losses, multiplies matrices rounded to bfloat16 where
    `precision` is that, and adds in single precision.
    """
    before = torch.get_float32_matmul_precision()
    if place.type == "cpu" and quickest(place, precision) == "bfloat16":
        torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def try_convolutions() -> None:
    """Have a GPU try its most promising ways to compute a convolution and keep the quickest.

    Most batches have the same shapes. Trying ten ways, as torch does, took the first 15 to 47 seconds of every phase on
    an H200.
    """
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.benchmark_limit = WAYS


def quickest(place: torch.device, precision: str = "auto") -> str:
    """What "auto" is there, "bfloat16" or "float32"; another precision is itself."""
    if precision != "auto":
        return precision
    return "bfloat16" if _multiplies_in_bfloat16(place) else "float32"


def _multiplies_in_bfloat16(place: torch.device) -> bool:
    """Whether a CUDA or x86 processor has instructions for it; emulated, a step takes up to three times as long."""
    if place.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return place.type == "cpu" and (torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())
