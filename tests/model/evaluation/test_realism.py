"""Inception score and Fréchet distance against values worked by hand."""

import math

import pytest
import torch

from model.evaluation.realism import frechet_distance, inception_score


def test_the_score_counts_the_classes_of_sure_pictures() -> None:
    sure = 50 * torch.eye(4).repeat(25, 1)
    score, deviation = inception_score(sure)
    # A part of ten pictures, drawn without looking, seldom holds the four classes evenly: a little below 4.
    assert 3 < score <= 4
    assert deviation > 0
    assert inception_score(sure) == (score, deviation)


def test_unsure_pictures_and_pictures_all_alike_score_one() -> None:
    assert inception_score(torch.zeros(30, 4)) == pytest.approx((1, 0))
    assert inception_score(torch.tensor([[9.0, 0.0]]).repeat(30, 1)) == pytest.approx((1, 0))
    assert inception_score(torch.tensor([[9.0, 0.0]])) == pytest.approx((1, 0))  # and a single picture is a part


def test_a_score_worked_by_hand() -> None:
    # Ten parts of two pictures each: a part of one kind scores 1, a part of both kinds the exponential of KL by hand.
    certain = torch.tensor([[math.log(0.9), math.log(0.1)], [math.log(0.1), math.log(0.9)]]).repeat(10, 1)
    mixed = math.exp(0.9 * math.log(0.9 / 0.5) + 0.1 * math.log(0.1 / 0.5))
    score, _ = inception_score(certain)
    parts = 10 * (score - 1) / (mixed - 1)  # how many of the ten parts are mixed
    assert parts == pytest.approx(round(parts), abs=1e-6)
    assert 0 < parts <= 10


def test_torchs_own_random_numbers_stay() -> None:
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    inception_score(torch.randn(12, 3, generator=torch.Generator().manual_seed(0)))
    assert torch.equal(torch.rand(3), expected)


def test_the_distance_of_two_sets_by_hand() -> None:
    cross = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    # Covariance 2/3 of the identity; moved by (3, 4) and twice as wide: 25 + 2 * (sqrt(2/3) * (2 - 1))^2.
    assert frechet_distance(cross, cross) == pytest.approx(0, abs=1e-5)
    assert frechet_distance(cross, cross + torch.tensor([3.0, 4.0])) == pytest.approx(25, rel=1e-5)
    wide = 2 * cross + torch.tensor([3.0, 4.0])
    assert frechet_distance(cross, wide) == pytest.approx(25 + 2 * 2 / 3, rel=1e-5)


def test_one_picture_has_no_spread_to_compare() -> None:
    assert frechet_distance(torch.rand(5, 2), torch.rand(1, 2)) is None
