"""One process or several that share every batch: the same command alone, under `torchrun` or `accelerate launch`.

The processes see what one would see with the whole batch: batch norm takes its statistics over all of them, dropout
draws for all of them, DAMSM's wrong captions come from all of them, and gradients are averaged.
"""

import atexit
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn import functional as F

from model.errors import PlainError

PATIENCE = timedelta(minutes=15)  # until a process that no longer answers ends the run


@dataclass(frozen=True)
class World:
    """Which process this is (`rank`) of how many (`size`)."""

    rank: int = 0
    size: int = 1

    @property
    def first(self) -> bool:
        """True for the one process that writes files and talks."""
        return self.rank == 0

    def tell(self, sentence: str) -> None:
        """Print it, if this is the first process."""
        if self.first:
            print(sentence)

    def rows_of(self, batch_size: int) -> int:
        """This process's part of a batch; raises PlainError when it cannot be shared evenly."""
        if batch_size % self.size:
            raise PlainError(f"A batch of {batch_size} cannot be shared by {self.size} processes.")
        return batch_size // self.size

    def own(self, rows: Tensor) -> Tensor:
        """This process's rows of what was drawn for the whole batch."""
        return rows.chunk(self.size)[self.rank]

    def gathered(self, rows: Tensor) -> Tensor:
        """The rows of all processes in order; gradients find their way back."""
        gathered: Tensor = rows if self.size == 1 else _Gathered.apply(rows)
        return gathered

    def average_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Give every process the mean of all gradients."""
        if self.size == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        dist.all_reduce(flat)
        flat /= self.size
        for gradient, mean in zip(gradients, flat.split([gradient.numel() for gradient in gradients]), strict=True):
            gradient.copy_(mean.view_as(gradient))

    def mean(self, values: Tensor) -> Tensor:
        """Mean of a small tensor over the processes."""
        if self.size > 1:
            dist.all_reduce(values)
        return values / self.size

    def agreed(self, value: float) -> float:
        """The first process's value, for decisions that all must take alike."""
        if self.size == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64, device=_place())
        dist.broadcast(shared, 0)
        return float(shared)

    def share_statistics(self, network: nn.Module) -> None:
        """Have every batch norm in a network take its training statistics over all processes."""
        if self.size == 1:
            return
        for module in network.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.__class__ = _SharedBatchNorm1d if isinstance(module, nn.BatchNorm1d) else _SharedBatchNorm2d

    def share_dropout(self, network: nn.Module) -> None:
        """Have every dropout in a network draw for the whole batch; all processes have to be seeded alike."""
        if self.size == 1:
            return
        for module in network.modules():
            if isinstance(module, nn.Dropout):
                module.__class__ = _SharedDropout


def join_world(place: torch.device) -> World:
    """Meet the other processes that a launcher started, if one did: over gloo on CPUs, NCCL on GPUs."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        return World()
    if place.type == "cuda":
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    if not dist.is_initialized():
        dist.init_process_group("nccl" if place.type == "cuda" else "gloo", timeout=PATIENCE)
        atexit.register(_leave)  # or its threads may abort the process at the end
    return World(dist.get_rank(), size)


def _leave() -> None:
    if dist.is_initialized():
        dist.destroy_process_group()


def _place() -> torch.device:
    """Where the processes can exchange tensors."""
    return torch.device("cuda", torch.cuda.current_device()) if dist.get_backend() == "nccl" else torch.device("cpu")


class _Summed(torch.autograd.Function):
    """The sum over the processes; so is its gradient."""

    @staticmethod
    def forward(ctx: Any, values: Tensor) -> Tensor:
        return _summed(values)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _summed(gradient)


class _Gathered(torch.autograd.Function):
    """The rows of all processes in order; each gets back what all of them ask of its own."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor) -> Tensor:
        parts = [torch.empty_like(rows, memory_format=torch.contiguous_format) for _ in range(dist.get_world_size())]
        dist.all_gather(parts, rows.contiguous())
        return torch.cat(parts)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return _summed(gradient).chunk(dist.get_world_size())[dist.get_rank()]


def _summed(values: Tensor) -> Tensor:
    total = values.clone(memory_format=torch.contiguous_format)
    dist.all_reduce(total)
    return total


class _Shared:
    """Batch norm over the batches of all processes, which are equally large."""

    def forward(self, features: Tensor) -> Tensor:
        assert isinstance(self, (nn.BatchNorm1d, nn.BatchNorm2d))
        if not self.training:
            return F.batch_norm(
                features, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps
            )
        dims = [0, *range(2, features.dim())]
        shape = [1, -1, *[1] * (features.dim() - 2)]
        values = features.float()
        world = dist.get_world_size()
        mean = _Summed.apply(values.mean(dims)) / world
        centred = values - mean.view(shape)
        variance = _Summed.apply(centred.square().mean(dims)) / world
        self._remember(mean.detach(), variance.detach(), world * values.numel() // values.shape[1])
        scale = self.weight * (variance + self.eps).rsqrt()
        return (centred * scale.view(shape) + self.bias.view(shape)).to(features.dtype)

    def _remember(self, mean: Tensor, variance: Tensor, count: int) -> None:
        assert isinstance(self, (nn.BatchNorm1d, nn.BatchNorm2d))
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        self.num_batches_tracked += 1
        weight = self.momentum if self.momentum is not None else 1.0 / float(self.num_batches_tracked)
        self.running_mean.lerp_(mean, weight)
        self.running_var.lerp_(variance * count / max(1, count - 1), weight)


class _SharedDropout(nn.Dropout):
    """Dropout by this process's rows of the whole batch's mask."""

    def forward(self, features: Tensor) -> Tensor:
        if not self.training:
            return features
        world = World(dist.get_rank(), dist.get_world_size())
        whole = features.new_ones(world.size * len(features), *features.shape[1:])
        return features * world.own(F.dropout(whole, self.p))


class _SharedBatchNorm1d(_Shared, nn.BatchNorm1d):
    pass


class _SharedBatchNorm2d(_Shared, nn.BatchNorm2d):
    pass
