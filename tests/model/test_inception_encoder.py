"""Inception as an image encoder: published shapes, and only the projections learn."""

import torch

from model.inception_encoder import InceptionEncoder


def test_pictures_become_289_regions_and_a_whole_and_only_the_projections_learn() -> None:
    encoder = InceptionEncoder(text_size=16).train()
    pictures = torch.rand(2, 3, 64, 64).requires_grad_()
    regions, whole = encoder(pictures)
    assert regions.shape == (2, 16, 289)
    assert whole.shape == (2, 16)
    (regions.square().mean() + whole.square().mean()).backward()
    assert pictures.grad is not None
    assert pictures.grad.abs().sum() > 0
    learning = {name for name, parameter in encoder.named_parameters() if parameter.grad is not None}
    assert learning == {"regions.weight", "whole.weight", "whole.bias"}
    assert not any(module.training for module in encoder.until_regions.modules())
