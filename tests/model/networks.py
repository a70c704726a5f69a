"""What tests of several networks need."""

import torch
from torch import Tensor, nn


def without_gradient(network: nn.Module, *outputs: Tensor) -> list[str]:
    """Names of the parameters that none of the outputs depends on."""
    sum((output * torch.randn_like(output)).sum() for output in outputs).backward()  # type: ignore[union-attr]
    return [
        name
        for name, parameter in network.named_parameters()
        if parameter.grad is None or not parameter.grad.abs().sum() > 0
    ]


def lively(network: nn.Module) -> nn.Module:
    """Give the batch norms statistics and scales as if they had been trained, and put the network to use."""
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            assert module.running_mean is not None
            assert module.running_var is not None
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, std=0.3)
    return network.eval()
