"""The averaged generator: an exponential moving average of the weights, which paints better than the live ones.

Karras et al. 2018 (Progressive Growing of GANs), section 4.1; its batch norm statistics are measured anew on what it
paints itself before it is shipped.
"""

import copy
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from model.generator import Generator


class AveragedGenerator:
    """`network` is the average: frozen, in evaluation mode."""

    def __init__(self, live: Generator, decay: float) -> None:
        """decay: 0..1, how much of the average a step keeps."""
        self.network = copy.deepcopy(live).requires_grad_(False).eval()
        self._live, self._decay = live, decay

    @torch.no_grad()
    def update(self, steps: int) -> None:
        """Move towards the trained weights; quicker in the first of a phase's `steps`."""
        decay = min(self._decay, (steps + 1) / (steps + 10))
        pairs = zip(self.network.parameters(), self._live.parameters(), strict=True)
        averages, trained = zip(*((average, live) for average, live in pairs if live.requires_grad), strict=True)
        torch._foreach_lerp_(averages, trained, 1 - decay)

    def copy(self) -> None:
        """Be the live generator as it is now."""
        self.network.load_state_dict(self._live.state_dict())

    def copy_statistics(self) -> None:
        """Take over the live generator's batch norm statistics: near enough for a look on the way."""
        for average, live in zip(self.network.buffers(), self._live.buffers(), strict=True):
            average.copy_(live)

    @torch.no_grad()
    def measure_statistics(self, paint: Callable[[Generator, int], object], batches: int) -> None:
        """Measure the statistics of the trained part anew: `paint(network, n)` paints batch n of `batches`."""
        norms = [
            average
            for average, live in zip(self.network.modules(), self._live.modules(), strict=True)
            if isinstance(average, (nn.BatchNorm1d, nn.BatchNorm2d)) and live.training
        ]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain average over all batches
            norm.train()
        for number in range(batches):
            paint(self.network, number)
        for norm in norms:
            norm.momentum = 0.1
            norm.eval()


@torch.no_grad()
def mix_in(network: Generator, start: Mapping[str, Tensor], share: float) -> None:
    """Give a trained network back a share (0..1) of the weights that its training started from, where it has them.

    What is between the two keeps more of what the start was good at than the end does (Wortsman et al. 2022,
    arXiv 2109.01903).
    """
    for name, tensor in network.state_dict().items():
        if name in start and tensor.is_floating_point():
            tensor.lerp_(start[name].to(tensor), share)
