"""A training step as a CUDA graph: its thousands of operations are recorded once and handed to the GPU all at once.

Handing them out one by one took an H100 longer than computing a batch of 256. What is recorded finds its numbers at
the same addresses in every call, so that it has to be a function of tensors that never change their shapes.
"""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map_only

WARM_UPS = 3  # calls before the one that is recorded, in which cuDNN chooses and optimizers make their moments

Given = TypeVar("Given")
Results = dict[str, Tensor]


class CudaGraph(Generic[Given]):
    """Calls `work`, which does the same operations on the GPU every time, and from the fourth time on replays them."""

    def __init__(self, work: Callable[[Given], Results], stream: torch.cuda.Stream, pool: Any) -> None:
        """stream: that records; pool: memory of graphs that never run at once (`torch.cuda.graph_pool_handle()`)."""
        self._work, self._stream, self._pool = work, stream, pool
        self._warm_ups = 0
        self._graph: torch.cuda.CUDAGraph | None = None
        self._places: list[Tensor] = []  # where the recorded operations find what they are given
        self._results: Results = {}

    def __call__(self, given: Given) -> Results:
        """given: tuples and lists of tensors on the GPU and of what is the same in every call."""
        if self._warm_ups < WARM_UPS:
            self._warm_ups += 1
            return self._warm_up(given)
        if self._graph is None:
            self._record(given)
        for place, tensor in zip(self._places, _tensors(given), strict=True):
            place.copy_(tensor)
        assert self._graph
        self._graph.replay()
        return {name: value.clone() for name, value in self._results.items()}

    def _warm_up(self, given: Given) -> Results:
        """On the stream that will record, as torch asks for."""
        here = torch.cuda.current_stream()
        self._stream.wait_stream(here)
        with torch.cuda.stream(self._stream):
            results = self._work(given)
        here.wait_stream(self._stream)
        return results

    def _record(self, given: Given) -> None:
        kept = tree_map_only(Tensor, Tensor.clone, given)
        self._places = _tensors(kept)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, self._pool, self._stream):
            self._results = self._work(kept)
        self._graph = graph


def _tensors(given: Any) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(given) if isinstance(leaf, Tensor)]


def recorded(works: Sequence[Callable[[Given], Results]]) -> Sequence[Callable[[Given], Results]]:
    """Each as a CUDA graph, all in one memory."""
    stream, pool = torch.cuda.Stream(), torch.cuda.graph_pool_handle()
    return [CudaGraph(work, stream, pool) for work in works]
