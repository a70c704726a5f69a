"""How differently birds sit, from places that are known."""

import pytest
import torch

from model.evaluation.poses import pose_diversity, poses


def test_birds_that_sit_alike_are_not_apart() -> None:
    alike = torch.rand(2, 1, 3, 2).expand(2, 4, 3, 2)  # two sentences, four pictures of each, three parts
    assert pose_diversity(alike) == pytest.approx(0, abs=1e-3)


def test_it_is_the_mean_distance_of_a_part_in_any_two_pictures_of_a_sentence() -> None:
    beaks = torch.tensor([[0.1, 0.5], [0.1, 0.5], [0.4, 0.9]])  # of three pictures: 0, 0.5 and 0.5 apart
    bellies = torch.tensor([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])
    sentence = torch.stack((beaks, bellies), 1)
    assert pose_diversity(sentence[None]) == pytest.approx((0.5 + 0.5) / 3 / 2, abs=1e-3)
    assert pose_diversity(torch.stack((sentence, sentence + 0.1))) == pytest.approx(1 / 6, abs=1e-3)


def test_photos_look_left_and_right_as_in_training() -> None:
    left = torch.tensor([0.2, 0.5]).expand(4, 1, 2)
    found = poses(left[None], left, torch.tensor([3, 3, 5, 5]))
    assert found["painted"] == pytest.approx(0, abs=1e-3)
    assert found["photos"] == pytest.approx(0.6, abs=1e-3)
    assert poses(left[None], left, torch.arange(4))["photos"] is None
