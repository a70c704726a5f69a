"""Ranks, hits and folds worked by hand."""

import numpy as np
import pytest
import torch

from model.evaluation.retrieval import hits, mean_and_deviation, rank, wrong_partners

EAST, NORTH, NORTH_EAST = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), torch.tensor([0.6, 0.8])


def test_a_rank_counts_the_wrong_partners_that_fit_better() -> None:
    asked = torch.stack((EAST, EAST, NORTH))
    right = torch.stack((EAST, NORTH, NORTH_EAST))
    wrong = torch.stack([torch.stack((NORTH, NORTH_EAST)), torch.stack((EAST, NORTH_EAST)), torch.stack((EAST, EAST))])
    assert rank(asked, right, wrong).tolist() == [0, 2, 0]
    assert hits(asked, right, wrong).tolist() == [True, False, True]


def test_a_tie_is_no_hit() -> None:
    alike = torch.nn.functional.normalize(torch.rand(1, 64), dim=1)
    asked, same, wrong = alike.expand(5, 64), alike.expand(5, 64), alike.expand(5, 99, 64).contiguous()
    assert rank(asked, same, wrong).tolist() == [99] * 5
    assert not hits(asked, same, wrong).any()
    assert not hits(EAST[None], EAST[None], torch.stack((NORTH, EAST))[None]).any()


def test_wrong_partners_are_allowed_ones_and_none_twice() -> None:
    allowed = np.array([[True] * 9 + [False], [False] + [True] * 9])
    drawn = wrong_partners(allowed, 6, np.random.default_rng(0))
    assert drawn.shape == (2, 6)
    for row, partners in zip(allowed, drawn, strict=True):
        assert row[partners].all()
        assert len(set(partners.tolist())) == 6
    assert not np.array_equal(drawn, wrong_partners(allowed, 6, np.random.default_rng(1)))


def test_there_are_only_as_many_partners_as_everybody_has() -> None:
    allowed = np.array([[True, True, False, True], [False, False, True, True]])
    assert wrong_partners(allowed, 99, np.random.default_rng(0)).shape == (2, 2)
    assert wrong_partners(np.zeros((2, 4), bool), 99, np.random.default_rng(0)).shape == (2, 0)


def test_mean_and_deviation_over_ten_folds() -> None:
    halves = torch.tensor([1.0] * 10 + [0.0] * 10)  # five folds of ones, five of zeros
    assert mean_and_deviation(halves) == pytest.approx((0.5, 0.5))
    assert mean_and_deviation(torch.tensor([0.0, 1.0] * 10)) == pytest.approx((0.5, 0.0))
    assert mean_and_deviation(torch.tensor([True])) == (1.0, 0.0)
