"""GAN losses by hand, from logits that are known."""

import math

import pytest
import torch
from torch import Tensor

from model.discriminator import Discriminator
from model.training.gan_losses import condition_divergence, discriminator_loss, generator_loss, variety


class Known(Discriminator):
    """Its features are logits; a sentence adds its first number."""

    def __init__(self) -> None:
        super().__init__(64, text_size=2, channels=1)

    def judge(self, features: Tensor) -> Tensor:
        return features

    def judge_with(self, features: Tensor, sentence: Tensor) -> Tensor:
        return features + sentence[:, 0]


REAL, FAKE = (2.0, 0.5), (-1.0, 0.25)
SENTENCE = torch.tensor([[0.5, 0.0], [-3.0, 0.0]])


def minus_log(probability: float) -> float:
    return -math.log(probability)


def sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def mean(*values: float) -> float:
    return sum(values) / len(values)


@pytest.mark.parametrize("mismatch_weight", [0.0, 0.5])
def test_cross_entropy_of_the_discriminator(mismatch_weight: float) -> None:
    loss, apart = discriminator_loss(
        Known(),
        torch.tensor(REAL),
        torch.tensor(FAKE),
        SENTENCE,
        SENTENCE.roll(1, 0),
        SENTENCE,
        "cross_entropy",
        mismatch_weight,
    )
    alone = mean(*(minus_log(sigmoid(x)) for x in REAL)) + mean(*(minus_log(1 - sigmoid(x)) for x in FAKE))
    fitting = mean(minus_log(sigmoid(2.5)), minus_log(sigmoid(-2.5)))
    painted = mean(minus_log(1 - sigmoid(-0.5)), minus_log(1 - sigmoid(-2.75)))
    wrong = mean(minus_log(1 - sigmoid(2.0 - 3.0)), minus_log(1 - sigmoid(0.5 + 0.5)))  # the other's sentence
    expected = alone + fitting + (1 - mismatch_weight) * painted + mismatch_weight * wrong
    assert loss.item() == pytest.approx(expected, rel=1e-5)
    assert apart.item() == pytest.approx(mean(*REAL) - mean(*FAKE))


def test_hinge_of_the_discriminator() -> None:
    loss, _ = discriminator_loss(
        Known(), torch.tensor(REAL), torch.tensor(FAKE), SENTENCE, SENTENCE.roll(1, 0), SENTENCE, "hinge", 0.5
    )
    alone = mean(0, 0.5) + mean(0, 1.25)
    fitting = mean(0, 3.5)
    painted = mean(0.5, 0)
    wrong = mean(0, 2.0)
    assert loss.item() == pytest.approx(alone + fitting + 0.5 * painted + 0.5 * wrong)


def test_the_generator_wants_to_pass_for_real() -> None:
    loss = generator_loss(Known(), torch.tensor(FAKE), SENTENCE, "cross_entropy")
    logits = [*FAKE, -0.5, -2.75]
    assert loss.item() == pytest.approx(2 * mean(*(minus_log(sigmoid(x)) for x in logits)), rel=1e-5)
    loss = generator_loss(Known(), torch.tensor(FAKE), SENTENCE, "hinge")
    assert loss.item() == pytest.approx(-2 * mean(*logits), rel=1e-5)


@pytest.mark.parametrize("loss", ["cross_entropy", "hinge"])
def test_gradients_point_the_right_way(loss: str) -> None:
    real, fake = torch.tensor(REAL).requires_grad_(), torch.tensor(FAKE).requires_grad_()
    discriminator_loss(Known(), 0.1 * real, fake, SENTENCE, SENTENCE.roll(1, 0), SENTENCE, loss, 0.5)[0].backward()
    assert real.grad is not None
    assert fake.grad is not None
    assert real.grad.sum() < 0 < fake.grad.sum()
    painted = torch.tensor(FAKE).requires_grad_()
    generator_loss(Known(), painted, SENTENCE, loss).backward()
    assert painted.grad is not None
    assert painted.grad.sum() < 0


def test_divergence_from_a_standard_normal_by_hand() -> None:
    mean_, variance = 0.7, 2.0
    divergence = condition_divergence(torch.full((3, 4), mean_), torch.full((3, 4), math.log(variance)))
    assert divergence.item() == pytest.approx(0.5 * (mean_**2 + variance - 1 - math.log(variance)))
    assert condition_divergence(torch.zeros(2, 2), torch.zeros(2, 2)).item() == 0


def test_variety_is_what_pairs_differ_by_beside_what_they_are() -> None:
    first, second = torch.full((3, 2, 4, 4), 1.0), torch.full((3, 2, 4, 4), 3.0)
    alike, apart = torch.stack((first, first), 1).flatten(0, 1), torch.stack((first, second), 1).flatten(0, 1)
    assert variety(alike).item() == 0
    assert variety(apart).item() == pytest.approx(1.0)
    assert variety([alike, 5 * apart]).item() == pytest.approx(0.5)  # whatever the scale of a map
    assert variety(torch.cat((alike, second))[:7]).item() == pytest.approx(0, abs=1e-6)  # one without a partner
