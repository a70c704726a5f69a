"""The blocks against the same thing written plainly."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from model.layers import ResidualBlock, UpBlock, _doubled, padding_mask
from tests.model.networks import lively, without_gradient


def plain_up_block(block: UpBlock, features: Tensor) -> Tensor:
    doubled = features.repeat_interleave(2, 2).repeat_interleave(2, 3)
    normed = block.norm(F.conv2d(doubled, block.conv.weight, padding=1))
    value, gate = normed.chunk(2, dim=1)
    return value * torch.sigmoid(gate)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("channels", [3, 50])  # fewer than pixels, and more
def test_up_block_is_doubling_convolution_norm_and_gate(channels: int, training: bool) -> None:
    block = lively(UpBlock(channels, 5)).train(training)
    assert isinstance(block, UpBlock)
    features = torch.randn(2, channels, 6, 4)
    statistics = block.norm.running_mean
    assert statistics is not None
    before = statistics.clone()
    expected = plain_up_block(block, features)
    after = statistics.clone()
    statistics.copy_(before)
    torch.testing.assert_close(block(features), expected, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(statistics, after, rtol=1e-4, atol=1e-6)


def test_an_up_block_can_be_trained_after_it_painted_in_half_precision() -> None:
    _doubled.cache_clear()
    block, features = UpBlock(3, 2).bfloat16(), torch.randn(2, 3, 6, 4, dtype=torch.bfloat16)
    with torch.inference_mode():
        block(features)
    block(features).sum().backward()
    assert block.conv.weight.grad is not None


def test_up_block_on_one_pixel_by_hand() -> None:
    block = UpBlock(1, 1).eval()
    with torch.no_grad():
        block.conv.weight.zero_()
        block.conv.weight[0, 0, 1, 1] = 2  # the value: twice the pixel
        block.conv.weight[1, 0, 1, :2] = 1  # the gate: the pixel and its left neighbour
        painted = block(torch.tensor([[[[0.5]]]]))
    # Doubled: four pixels of 0.5. Gates: 0.5 in the left column (its neighbour is padding), 1.0 in the right one.
    left, right = 1.0 * torch.tensor(0.5).sigmoid(), 1.0 * torch.tensor(1.0).sigmoid()
    expected = torch.stack((left, right)).expand(2, 2)[None, None]
    torch.testing.assert_close(painted, expected, rtol=1e-4, atol=1e-4)


def test_residual_block_adds_a_gated_pair_of_convolutions() -> None:
    block = lively(ResidualBlock(3))
    assert isinstance(block, ResidualBlock)
    features = torch.randn(2, 3, 5, 5)
    value, gate = block.gate_norm(F.conv2d(features, block.gate.weight, padding=1)).chunk(2, dim=1)
    added = block.out_norm(F.conv2d(value * torch.sigmoid(gate), block.out.weight, padding=1))
    torch.testing.assert_close(block(features), features + added)


def test_gradients_reach_every_parameter_of_the_blocks() -> None:
    features = torch.randn(2, 4, 5, 5)
    for block in (UpBlock(4, 3), ResidualBlock(4)):
        assert without_gradient(block, block(features)) == []


def test_up_blocks_gradient_is_the_plain_ones() -> None:
    block = UpBlock(3, 2)
    features = torch.randn(2, 3, 4, 4, requires_grad=True)
    weight = torch.randn(2, 2, 8, 8)
    parts = (features, block.conv.weight)
    ours = torch.autograd.grad((block(features) * weight).sum(), parts)
    plain = torch.autograd.grad((plain_up_block(block, features) * weight).sum(), parts)
    torch.testing.assert_close(ours, plain, rtol=1e-3, atol=1e-4)


def test_padding_starts_where_a_caption_ends() -> None:
    mask = padding_mask(torch.tensor([3, 1]), 3)
    assert mask.tolist() == [[False, False, False], [False, True, True]]
