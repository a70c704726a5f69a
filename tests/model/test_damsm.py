"""The DAMSM losses against the paper's equations 7 to 13, one pair at a time (arXiv 1711.10485)."""

import math

import pytest
import torch
from torch import Tensor

from model.damsm import damsm_loss, matching_loss, sentence_scores, word_scores
from model.layers import padding_mask


def cosine(a: Tensor, b: Tensor) -> float:
    return float(a @ b / (a.norm() * b.norm()))


def relevance_of_pair(caption: Tensor, regions: Tensor) -> float:
    """R(Q, D) of one caption (size x words, unpadded) and one picture (size x regions): equations 7 to 10."""
    words, places = caption.shape[1], regions.shape[1]
    s = [[float(caption[:, i] @ regions[:, j]) for j in range(places)] for i in range(words)]
    s_bar = [
        [math.exp(s[i][j]) / sum(math.exp(s[k][j]) for k in range(words)) for j in range(places)] for i in range(words)
    ]
    total = 0.0
    for i in range(words):
        alphas = [math.exp(5 * s_bar[i][j]) for j in range(places)]
        context = sum((alphas[j] / sum(alphas) * regions[:, j] for j in range(places)), torch.zeros(len(regions)))
        total += math.exp(5 * cosine(context.double(), caption[:, i].double()))
    return math.log(total) / 5


def loss_by_pairs(scores: list[list[float]], species: list[int]) -> float:
    """L1 + L2 of equations 11 to 13; another pair of the same species is neither right nor wrong.

    scores: a row for every caption, of which those beyond the pictures belong to none.
    """
    count, loss = len(scores[0]), 0.0
    for i in range(count):
        captions = [j for j in range(len(scores)) if j == i or species[j] != species[i]]
        right = math.exp(10 * scores[i][i])
        loss -= math.log(right / sum(math.exp(10 * scores[i][j]) for j in captions if j < count)) / count
        loss -= math.log(right / sum(math.exp(10 * scores[j][i]) for j in captions)) / count
    return loss


@pytest.fixture
def batch() -> dict[str, Tensor]:
    lengths = torch.tensor([4, 2, 1, 3])
    return {
        "words": 0.8 * torch.randn(4, 6, 4),
        "sentence": torch.randn(4, 6),
        "mask": padding_mask(lengths, 4),
        "regions": 0.8 * torch.randn(4, 6, 9),
        "whole": torch.randn(4, 6),
        "species": torch.tensor([3, 1, 3, 2]),
    }


def unpadded(batch: dict[str, Tensor], caption: int) -> Tensor:
    return batch["words"][caption][:, ~batch["mask"][caption]]


def test_word_scores_pair_by_pair(batch: dict[str, Tensor]) -> None:
    expected = [
        [relevance_of_pair(unpadded(batch, caption), batch["regions"][picture]) for picture in range(4)]
        for caption in range(4)
    ]
    scores = word_scores(batch["words"], batch["mask"], batch["regions"])
    torch.testing.assert_close(scores, torch.tensor(expected), rtol=1e-4, atol=1e-5)


def test_there_may_be_more_captions_than_pictures(batch: dict[str, Tensor]) -> None:
    scores = word_scores(batch["words"], batch["mask"], batch["regions"][:2])
    assert scores.shape == (4, 2)
    all_scores = word_scores(batch["words"], batch["mask"], batch["regions"])
    torch.testing.assert_close(scores, all_scores[:, :2])


@pytest.mark.parametrize("pictures", [4, 3, 2])
def test_both_losses_pair_by_pair_also_with_captions_that_belong_to_no_picture(
    batch: dict[str, Tensor], pictures: int
) -> None:
    species = batch["species"].tolist()
    by_words = [
        [relevance_of_pair(unpadded(batch, caption), batch["regions"][picture]) for picture in range(pictures)]
        for caption in range(4)
    ]
    by_sentence = [[cosine(batch["sentence"][i], batch["whole"][j]) for j in range(pictures)] for i in range(4)]
    seen = {name: batch[name][:pictures] for name in ("regions", "whole")}
    words_loss, sentence_loss = damsm_loss(**(batch | seen))
    assert words_loss.item() == pytest.approx(loss_by_pairs(by_words, species), rel=1e-3)
    assert sentence_loss.item() == pytest.approx(loss_by_pairs(by_sentence, species), rel=1e-4)


def test_another_photo_of_the_same_species_is_no_wrong_partner() -> None:
    scores = torch.tensor([[0.0, 9.0], [9.0, 0.0]])
    assert matching_loss(scores, torch.tensor([5, 5])).item() == 0
    assert matching_loss(scores, torch.tensor([5, 6])).item() > 100


def test_padding_changes_no_score(batch: dict[str, Tensor]) -> None:
    noisy = torch.where(batch["mask"][:, None], 30 * torch.randn(4, 6, 4), batch["words"])
    torch.testing.assert_close(
        word_scores(noisy, batch["mask"], batch["regions"]),
        word_scores(batch["words"], batch["mask"], batch["regions"]),
    )


def test_perfect_partners_cost_nothing_and_swapped_ones_much() -> None:
    features = torch.eye(4)
    species = torch.arange(4)
    fitting = matching_loss(sentence_scores(features, features), species)
    swapped = matching_loss(sentence_scores(features, features.flip(0)), species)
    assert fitting.item() < 0.001
    assert swapped.item() > 19


def test_gradients_are_numbers_and_reach_words_and_regions(batch: dict[str, Tensor]) -> None:
    inputs = [batch[name].requires_grad_() for name in ("words", "sentence", "regions", "whole")]
    gradients = torch.autograd.grad(sum(damsm_loss(**batch)), inputs)  # type: ignore[arg-type]
    assert all(gradient.isfinite().all() and gradient.abs().sum() > 0 for gradient in gradients)
    assert (gradients[0].transpose(1, 2)[batch["mask"]] == 0).all()  # padding learns nothing


def test_gradients_stay_numbers_for_a_picture_without_features(batch: dict[str, Tensor]) -> None:
    regions = torch.zeros(4, 6, 9, requires_grad=True)
    loss, _ = damsm_loss(**(batch | {"regions": regions}))
    (gradient,) = torch.autograd.grad(loss, regions)
    assert loss.isfinite()
    assert gradient.isfinite().all()


def test_the_gradient_written_out_is_the_gradient(batch: dict[str, Tensor]) -> None:
    words, regions = (batch[name].double().requires_grad_() for name in ("words", "regions"))
    assert torch.autograd.gradcheck(lambda *given: word_scores(given[0], batch["mask"], given[1]), (words, regions))
