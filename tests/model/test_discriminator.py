"""The discriminators: 4x4 features for every picture size, and two logits worked by hand."""

import pytest
import torch
from torch import nn

from model.discriminator import Discriminator, ProjectionDiscriminator
from tests.model.networks import without_gradient

DESIGNS = [Discriminator, ProjectionDiscriminator]


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("size", [64, 128, 256, 512])
def test_every_picture_becomes_4x4_features_and_two_logits(size: int, design: type[Discriminator]) -> None:
    discriminator = design(size, text_size=16, channels=2)
    features = discriminator(torch.rand(2, 3, size, size))
    assert features.shape == (2, 16, 4, 4)
    assert discriminator.judge(features).shape == (2,)
    assert discriminator.judge_with(features, torch.randn(2, 16)).shape == (2,)


def test_the_512_px_one_has_one_more_down_block_than_the_256_px_one() -> None:
    halvings = []
    for size in (64, 128, 256, 512):
        layers = Discriminator(size, text_size=16, channels=2).encode
        halvings.append(sum(1 for layer in layers if getattr(layer, "stride", None) == (2, 2)))
    assert halvings == [4, 5, 6, 7]


def test_the_picture_itself_is_not_normalised() -> None:
    norms = [isinstance(layer, nn.BatchNorm2d) for layer in Discriminator(64, text_size=16, channels=2).encode]
    assert norms == [False, False, False, True, False, False, True, False, False, True, False]


@pytest.mark.parametrize("size", [32, 96, 0])
def test_other_sizes_are_refused(size: int) -> None:
    with pytest.raises(ValueError, match=str(size)):
        Discriminator(size)


def convolution(module: nn.Module) -> nn.Conv2d:
    assert isinstance(module, nn.Conv2d)
    return module


@torch.no_grad()
def test_the_unconditional_logit_weighs_all_features() -> None:
    discriminator = Discriminator(64, text_size=16, channels=2)
    logit = convolution(discriminator.unconditional)
    logit.weight.fill_(0.5)
    nn.init.constant_(logit.bias, -3)  # type: ignore[arg-type]
    logits = discriminator.judge(torch.stack((torch.ones(16, 4, 4), torch.zeros(16, 4, 4))))
    assert logits.tolist() == [0.5 * 16 * 16 - 3, -3]


@torch.no_grad()
def test_the_conditional_logit_sees_the_sentence_at_every_place() -> None:
    discriminator = Discriminator(64, text_size=2, channels=1).eval()
    joint, logit = convolution(discriminator.joint[0]), convolution(discriminator.conditional)
    joint.weight.zero_()
    joint.weight[0, 8, 1, 1] = 1  # channel 0 of the result is the sentence's first number
    joint.weight[1, 9, 1, 1] = 1  # channel 1 its second
    logit.weight.zero_()
    logit.weight[0, 0] = 1
    logit.weight[0, 1] = 3
    nn.init.zeros_(logit.bias)  # type: ignore[arg-type]
    judged = discriminator.judge_with(torch.randn(1, 8, 4, 4), torch.tensor([[2.0, -1.0]]))
    assert judged.item() == pytest.approx(16 * (2 - 3 * 0.2), rel=1e-4)  # a leaky ReLU of 0.2 before the logit


def test_only_the_conditional_logit_depends_on_the_sentence_and_each_picture_has_its_own() -> None:
    discriminator = Discriminator(64, text_size=16, channels=2).eval()
    features = discriminator(torch.rand(2, 3, 64, 64))
    sentence = torch.randn(2, 16)
    changed = sentence.clone()
    changed[1] = torch.randn(16)
    first, second = discriminator.judge_with(features, sentence), discriminator.judge_with(features, changed)
    assert first[0] == second[0]
    assert first[1] != second[1]


@torch.no_grad()
def test_the_projection_is_the_inner_product_of_mean_features_with_the_sentence() -> None:
    discriminator = ProjectionDiscriminator(64, text_size=2, channels=1)
    assert isinstance(discriminator.conditional, nn.Linear)
    discriminator.conditional.weight.zero_()
    discriminator.conditional.bias.zero_()
    discriminator.conditional.weight[0, 0] = 1  # the first feature is multiplied with the sentence's first number
    discriminator.conditional.weight[7, 1] = 1  # the last one with its second
    features = torch.zeros(1, 8, 4, 4)
    features[0, 0, 1, 1], features[0, 7] = 8, 3  # 0.5 and 3 on average
    judged = discriminator.judge_with(features, torch.tensor([[6.0, -8.0]]))  # 0.6 and -0.8 times the scale of 4
    assert judged.item() == pytest.approx(4 * (0.5 * 0.6 - 3 * 0.8), rel=1e-5)


@pytest.mark.parametrize("design", DESIGNS)
def test_gradients_reach_every_parameter(design: type[Discriminator]) -> None:
    discriminator = design(128, text_size=16, channels=2)
    features = discriminator(torch.randn(3, 3, 128, 128))
    logits = discriminator.judge(features), discriminator.judge_with(features, torch.randn(3, 16))
    assert without_gradient(discriminator, *logits) == []
