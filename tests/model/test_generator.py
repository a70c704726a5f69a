"""The generator: sizes, equations, padding, gradients, and how large the published one is."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from model.config import ModelConfig
from model.generator import ConditioningAugmentation, Generator
from tests.model.networks import lively, without_gradient


def inputs(config: ModelConfig, batch: int = 2, words: int = 3) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    return (
        torch.randn(batch, config.text_size),
        torch.randn(batch, config.text_size, words),
        torch.zeros(batch, words, dtype=torch.bool),
        torch.randn(batch, config.noise_size),
        torch.randn(batch, config.condition_size),
    )


def test_conditioning_augmentation_by_hand() -> None:
    network = ConditioningAugmentation(1, 1)
    with torch.no_grad():
        network.linear.weight.copy_(torch.tensor([[1.0], [2.0], [3.0], [4.0]]))
        network.linear.bias.copy_(torch.tensor([0.0, 0.0, 0.0, 1.0]))
    condition, mean, log_variance = network(torch.tensor([[0.5]]), torch.tensor([[2.0]]))
    # The linear layer gives 0.5, 1, 1.5, 3: two values and their two gates.
    expected_mean, expected_log_variance = 0.5 / (1 + math.exp(-1.5)), 1 / (1 + math.exp(-3))
    assert mean.item() == pytest.approx(expected_mean)
    assert log_variance.item() == pytest.approx(expected_log_variance)
    assert condition.item() == pytest.approx(expected_mean + 2 * math.exp(expected_log_variance / 2))


def test_without_noise_the_condition_is_the_mean() -> None:
    condition, mean, _ = ConditioningAugmentation(16, 6)(torch.randn(3, 16), torch.zeros(3, 6))
    assert torch.equal(condition, mean)


@pytest.mark.parametrize("stages", [1, 2, 3, 4])
def test_each_stage_doubles_the_side(narrow: ModelConfig, stages: int) -> None:
    config = replace(narrow, stages=stages)
    sizes = [64, 128, 256, 512][:stages]
    assert list(config.image_sizes) == sizes
    with torch.no_grad():
        pictures, attentions, mean, log_variance = Generator(config)(*inputs(config))
    assert [tuple(picture.shape) for picture in pictures] == [(2, 3, size, size) for size in sizes]
    assert [tuple(weights.shape) for weights in attentions] == [(2, 3, size, size) for size in sizes[:-1]]
    assert mean.shape == log_variance.shape == (2, 6)
    assert all(picture.abs().max() <= 1 for picture in pictures)


def test_padding_changes_no_picture_and_gets_no_attention(narrow: ModelConfig) -> None:
    config = replace(narrow, stages=3)
    generator = lively(Generator(config))
    sentence, words, mask, noise, condition_noise = inputs(config)
    padded = torch.cat((words, 50 * torch.randn(2, config.text_size, 2)), 2)
    padded_mask = torch.cat((mask, torch.ones(2, 2, dtype=torch.bool)), 1)
    with torch.no_grad():
        pictures, attentions, *_ = generator(sentence, words, mask, noise, condition_noise)
        padded_pictures, padded_attentions, *_ = generator(sentence, padded, padded_mask, noise, condition_noise)
    for picture, padded_picture in zip(pictures, padded_pictures, strict=True):
        torch.testing.assert_close(padded_picture, picture, rtol=1e-4, atol=1e-5)
    for attention, padded_attention in zip(attentions, padded_attentions, strict=True):
        torch.testing.assert_close(padded_attention[:, :3], attention, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(padded_attention.sum(1), torch.ones_like(padded_attention[:, 0]))
        assert (padded_attention[:, 3:] == 0).all()


def test_a_picture_does_not_depend_on_its_neighbours_in_the_batch(narrow: ModelConfig) -> None:
    config = replace(narrow, stages=2)
    generator = lively(Generator(config))
    batch = inputs(config, batch=3)
    with torch.no_grad():
        together, *_ = generator(*batch)
        alone, *_ = generator(*(part[1:2] for part in batch))
    torch.testing.assert_close(together[-1][1:2], alone[-1], rtol=1e-4, atol=1e-5)


def test_gradients_reach_every_parameter(narrow: ModelConfig) -> None:
    config = replace(narrow, stages=3)
    generator = Generator(config)
    pictures, _, mean, log_variance = generator(*inputs(config))
    assert without_gradient(generator, *pictures, mean, log_variance) == []


def test_words_noise_and_condition_noise_all_matter(narrow: ModelConfig) -> None:
    config = replace(narrow, stages=2)
    generator = lively(Generator(config))
    given = inputs(config)
    with torch.no_grad():
        painted = generator(*given)[0]
        for place, stage in ((0, 0), (1, 1), (3, 0), (4, 0)):
            changed = list(given)
            changed[place] = torch.randn_like(given[place])
            assert not torch.allclose(generator(*changed)[0][stage], painted[stage], atol=1e-3)


@pytest.mark.parametrize(("stages", "millions"), [(4, 7.35), (3, 7.08)])
def test_the_full_network_is_as_large_as_published(stages: int, millions: float) -> None:
    with torch.device("meta"):
        generator = Generator(ModelConfig(stages=stages))
    count = sum(parameter.numel() for parameter in generator.parameters())
    assert round(count / 1e6, 2) == millions
