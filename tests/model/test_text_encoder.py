"""The text encoder against an LSTM written out, and its indifference to padding."""

import torch
from torch import Tensor

from model.config import ModelConfig
from model.text_encoder import TextEncoder
from tests.model.networks import without_gradient


def lstm_by_hand(encoder: TextEncoder, inputs: Tensor, suffix: str) -> Tensor:
    """One direction over words x embedding, in the order given: words x hidden."""
    weights = dict(encoder.lstm.named_parameters())
    hidden = cell = torch.zeros(encoder.lstm.hidden_size)
    states = []
    for word in inputs:
        gates = (
            weights[f"weight_ih_l0{suffix}"] @ word
            + weights[f"bias_ih_l0{suffix}"]
            + weights[f"weight_hh_l0{suffix}"] @ hidden
            + weights[f"bias_hh_l0{suffix}"]
        )
        let_in, keep, new, let_out = gates.chunk(4)
        cell = keep.sigmoid() * cell + let_in.sigmoid() * new.tanh()
        hidden = let_out.sigmoid() * cell.tanh()
        states.append(hidden)
    return torch.stack(states)


def test_words_and_sentence_are_both_directions_of_an_lstm(narrow: ModelConfig) -> None:
    encoder = TextEncoder(narrow).eval()
    tokens = torch.tensor([[3, 7, 1, 12]])
    words, sentence = encoder(tokens, torch.tensor([4]))
    embedded = encoder.embedding.weight[tokens[0]]
    there = lstm_by_hand(encoder, embedded, "")
    back = lstm_by_hand(encoder, embedded.flip(0), "_reverse").flip(0)
    torch.testing.assert_close(words[0].T, torch.cat((there, back), 1), rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(sentence[0], torch.cat((there[-1], back[0])), rtol=1e-4, atol=1e-6)


def test_shapes_and_zeros_where_padded(narrow: ModelConfig) -> None:
    tokens = torch.tensor([[5, 6, 7], [8, 0, 0]])
    words, sentence = TextEncoder(narrow)(tokens, torch.tensor([3, 1]))
    assert words.shape == (2, 16, 3)
    assert sentence.shape == (2, 16)
    assert (words[1, :, 1:] == 0).all()


def test_padding_and_neighbours_change_nothing(narrow: ModelConfig) -> None:
    encoder = TextEncoder(narrow).eval()
    alone_words, alone_sentence = encoder(torch.tensor([[4, 2]]), torch.tensor([2]))
    tokens = torch.tensor([[4, 2, 0, 0, 0], [1, 0, 0, 0, 0], [9, 8, 7, 6, 5]])  # longest first, they go round by one
    words, sentence = encoder(tokens, torch.tensor([2, 1, 5]))
    torch.testing.assert_close(words[:1, :, :2], alone_words)
    torch.testing.assert_close(sentence[:1], alone_sentence)


def test_gradients_reach_every_parameter(narrow: ModelConfig) -> None:
    encoder = TextEncoder(narrow)
    words, sentence = encoder(torch.tensor([[1, 2, 3], [4, 5, 0]]), torch.tensor([3, 2]))
    assert without_gradient(encoder, words, sentence) == []
