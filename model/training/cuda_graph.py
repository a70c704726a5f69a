"""A training step as a CUDA graph: its thousands of operations are recorded once and handed to the GPU all at once.

Handing them out one by one took an H100 longer than computing a batch of 256. What is recorded finds its numbers at
the same addresses in every call, so that it has to be a function of tensors that never change their shapes.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves, tree_map_only

WARM_UPS = 3  # calls before the one that is recorded, in which cuDNN chooses and optimizers make their moments
OWN_THREAD = "thread_local"  # whose mistakes end a recording: another may be pinning the photos of the next batch

Given = TypeVar("Given")
Results = dict[str, Tensor]


class CudaGraph:
    """Does some work the first WARM_UPS times that it is called, then records it, and replays it from there on."""

    def __init__(self, stream: torch.cuda.Stream, pool: Any) -> None:
        """stream: that records; pool: memory of graphs that never run at once (`torch.cuda.graph_pool_handle()`)."""
        self._stream, self._pool = stream, pool
        self._warm_ups = 0
        self._graph: torch.cuda.CUDAGraph | None = None
        self._places: list[Tensor] = []  # where the recorded operations find what they are given
        self._results: Results = {}

    def __call__(self, work: Callable[[Given], Results], given: Given) -> Results:
        """work: the same operations of the GPU every time; given: to the work, tuples and lists of tensors on the GPU
        and of what is the same in every call.
        """
        if self._warm_ups < WARM_UPS:
            self._warm_ups += 1
            return self._warm_up(work, given)
        if self._graph is None:
            self._graph = self._record(work, given)
        for place, tensor in zip(self._places, _tensors(given), strict=True):
            place.copy_(tensor)
        self._graph.replay()
        return {name: value.clone() for name, value in self._results.items()}

    def _warm_up(self, work: Callable[[Given], Results], given: Given) -> Results:
        """On the stream that will record, as torch asks for."""
        here = torch.cuda.current_stream()
        self._stream.wait_stream(here)
        with torch.cuda.stream(self._stream):
            results = work(given)
        here.wait_stream(self._stream)
        return results

    def _record(self, work: Callable[[Given], Results], given: Given) -> torch.cuda.CUDAGraph:
        kept = tree_map_only(Tensor, Tensor.clone, given)
        self._places = _tensors(kept)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, self._pool, self._stream, OWN_THREAD):
            self._results = work(kept)
        return graph


def cuda_graphs(count: int) -> list[CudaGraph]:
    """So many, all in one memory."""
    stream, pool = torch.cuda.Stream(), torch.cuda.graph_pool_handle()
    return [CudaGraph(stream, pool) for _ in range(count)]


def _tensors(given: Any) -> list[Tensor]:
    return [leaf for leaf in tree_leaves(given) if isinstance(leaf, Tensor)]
