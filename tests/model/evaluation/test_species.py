"""The species classifier learns what can be learnt, the same in every run, and is asked about unseen photos."""

import torch
from torch.nn import functional as F

from model.evaluation.species import fit_species, unseen_scores


def clusters(count: int) -> tuple[torch.Tensor, torch.Tensor]:
    labels = torch.arange(count) % 3
    random = torch.Generator().manual_seed(0)
    features = F.one_hot(labels, 4).float() + 0.1 * torch.randn(count, 4, generator=random)
    return features, labels


def test_three_species_apart_are_told_apart() -> None:
    features, labels = clusters(60)
    classifier = fit_species(features, labels, 3)
    assert (classifier.scores(features).argmax(1) == labels).all()
    assert torch.equal(fit_species(features, labels, 3).weight, classifier.weight)
    assert (unseen_scores(features, labels, 3).argmax(1) == labels).all()


def test_nothing_is_known_of_a_species_that_only_one_photo_shows() -> None:
    features, labels = clusters(60)
    labels[7] = 3  # alone: whoever is fitted without it cannot know it
    fitted_with_it = fit_species(features, labels, 4).scores(features)[7].softmax(0)[3]
    assert unseen_scores(features, labels, 4)[7].softmax(0)[3] < 0.2 * fitted_with_it


def test_two_photos_are_enough_to_go_on() -> None:
    features = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert unseen_scores(features, torch.tensor([0, 1]), 2).isfinite().all()
