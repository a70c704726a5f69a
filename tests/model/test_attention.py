"""Word attention worked by hand on a 2x2 map."""

import math

import torch

from model.attention import WordAttention
from tests.model.networks import without_gradient

# Two words in a space of two numbers: the first says (ln 3, 0), the second nothing.
WORDS = torch.tensor([[[math.log(3), 0.0], [0.0, 0.0]]])  # batch x text_size x words
# Upper row: pixels (1, 0) and (0, 1); lower row: (1, 1) and (0, 0).
FEATURES = torch.tensor([[[[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [1.0, 0.0]]]])
NONE_PADDED = torch.tensor([[False, False]])


def as_it_is() -> WordAttention:
    """Attention that leaves the words as they are."""
    attention = WordAttention(2, 2)
    with torch.no_grad():
        attention.project.weight.copy_(torch.eye(2)[:, :, None])
    return attention


def test_two_words_on_four_pixels() -> None:
    context, attention = as_it_is()(FEATURES, WORDS, NONE_PADDED)
    # Where the first number is 1 the words score ln 3 and 0, so 3/4 and 1/4; elsewhere 1/2 each.
    first = torch.tensor([[0.75, 0.5], [0.75, 0.5]])
    torch.testing.assert_close(attention, torch.stack((first, 1 - first))[None])
    expected = torch.stack((first * math.log(3), torch.zeros(2, 2)))[None]
    torch.testing.assert_close(context, expected)


def test_words_are_projected_first() -> None:
    attention = WordAttention(1, 2)
    with torch.no_grad():
        attention.project.weight.copy_(torch.tensor([[[0.0], [2.0]]]))
    words = torch.tensor([[[9.0, 9.0], [0.0, math.log(2)]]])  # projected: 0 and 2 ln 2
    context, weights = attention(torch.ones(1, 1, 1, 1), words, NONE_PADDED)
    torch.testing.assert_close(weights.flatten(), torch.tensor([0.2, 0.8]))
    torch.testing.assert_close(context.flatten(), torch.tensor([0.8 * 2 * math.log(2)]))


def test_padding_changes_nothing() -> None:
    attention = WordAttention(4, 6)
    features, words = torch.randn(2, 4, 3, 5), torch.randn(2, 6, 3)
    context, weights = attention(features, words, torch.zeros(2, 3, dtype=torch.bool))
    padded = torch.cat((words, 100 * torch.randn(2, 6, 2)), 2)
    mask = torch.tensor([[False] * 3 + [True] * 2] * 2)
    padded_context, padded_weights = attention(features, padded, mask)
    torch.testing.assert_close(padded_context, context)
    torch.testing.assert_close(padded_weights[:, :3], weights)
    assert (padded_weights[:, 3:] == 0).all()


def test_attention_sums_to_one_over_the_words_of_each_caption() -> None:
    mask = torch.tensor([[False, False, False], [False, True, True]])
    _, weights = WordAttention(4, 6)(torch.randn(2, 4, 8, 8), torch.randn(2, 6, 3), mask)
    torch.testing.assert_close(weights.sum(1), torch.ones(2, 8, 8))
    assert (weights[1, 0] == 1).all()


def test_gradients_reach_the_projection() -> None:
    attention = WordAttention(4, 6)
    context, _ = attention(torch.randn(2, 4, 3, 3), torch.randn(2, 6, 2), torch.zeros(2, 2, dtype=torch.bool))
    assert without_gradient(attention, context) == []
