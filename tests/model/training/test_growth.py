"""How stages begin: the first hears its sentence, a later one is an enlargement of the one before."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from model.attention import WordAttention
from model.config import ModelConfig
from model.generator import ConditioningAugmentation, Generator, RefinementStage
from model.layers import padding_mask
from model.training.growth import start_as_enlargement, start_hearing, start_listening
from model.training.painting import consistency
from tests.model.networks import lively


@torch.no_grad()
def two_stages(generator: Generator, config: ModelConfig, grown: bool) -> tuple[Tensor, Tensor]:
    """The first stage's pictures and the second one's, which learns from this step on."""
    stage = generator.refinements[0]
    assert isinstance(stage, RefinementStage)
    torch.manual_seed(3)
    words, mask = torch.randn(6, config.text_size, 3), torch.zeros(6, 3, dtype=torch.bool)
    features = generator.initial(torch.randn(6, config.condition_size), torch.randn(6, config.noise_size))
    if grown:
        start_as_enlargement(stage, features)
        generator.heads[1].load_state_dict(generator.heads[0].state_dict())
    refined, _ = stage.train()(features, words, mask)
    return generator.heads[0](features), generator.heads[1](refined)


@pytest.mark.parametrize("residual_blocks", [1, 2])
def test_a_grown_stage_paints_the_picture_before_twice_as_large(narrow: ModelConfig, residual_blocks: int) -> None:
    config = replace(narrow, stages=2, residual_blocks=residual_blocks)
    generator = lively(Generator(config))
    assert isinstance(generator, Generator)
    untouched = consistency(*reversed(two_stages(generator, config, grown=False)))
    before, after = two_stages(generator, config, grown=True)
    assert after.shape[-1] == 2 * before.shape[-1]
    assert consistency(after, before) < 0.35 * untouched
    assert consistency(after, before) < 0.5 * before.std()


def test_a_grown_stage_can_still_learn_in_every_parameter(narrow: ModelConfig) -> None:
    config = replace(narrow, stages=2)
    generator = Generator(config)
    two_stages(generator, config, grown=True)
    stage = generator.refinements[0]
    refined, _ = stage(torch.randn(4, 4, 8, 8), torch.randn(4, 16, 3), torch.zeros(4, 3, dtype=torch.bool))
    refined.square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in stage.parameters())


@torch.no_grad()
def test_a_new_generator_hears_sentences_over_its_noise() -> None:
    torch.manual_seed(0)
    sentences = 0.3 + 0.1 * torch.randn(200, 16)  # as an LSTM's features are: small, and much the same
    conditioning = ConditioningAugmentation(text_size=16, condition_size=8)
    noise = torch.zeros(200, 8)
    _, before, _ = conditioning(sentences, noise)
    assert before.std(0).mean() < 0.1
    start_hearing(conditioning, sentences)
    _, mean, log_variance = conditioning(sentences, noise)
    assert 0.5 < mean.std(0).mean() / (0.5 * log_variance).exp().mean() < 2
    assert mean.mean(0).abs().max() < 0.3


def test_sentences_that_are_all_the_same_leave_numbers_numbers() -> None:
    conditioning = ConditioningAugmentation(text_size=16, condition_size=8)
    start_hearing(conditioning, torch.ones(4, 16))
    assert all(parameter.isfinite().all() for parameter in conditioning.parameters())


@torch.no_grad()
def test_places_of_a_new_stage_listen_to_different_words() -> None:
    torch.manual_seed(0)
    attention = WordAttention(channels=8, text_size=16)
    features, words = 0.3 * torch.randn(4, 8, 6, 6), 0.1 * torch.randn(4, 16, 5)
    mask = padding_mask(torch.tensor([5, 5, 3, 2]), 5)
    _, before = attention(features, words, mask)
    assert before[0].max() < 0.3
    start_listening(attention, features, words, mask)
    _, maps = attention(features, words, mask)
    assert maps[0].amax(0).mean() > 0.5
    assert len(maps[0].argmax(0).unique()) >= 3  # another word elsewhere
    assert (maps[2, 3:] == 0).all()
