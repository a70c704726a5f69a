"""DAMSM: how well pictures and captions fit, word by word and as a whole (AttnGAN, equations 7 to 13)."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

GAMMA_ATTENTION = 5.0  # gamma 1: how sharply a word picks its regions
GAMMA_WORDS = 5.0  # gamma 2: how much the best word counts in a caption
GAMMA_MATCH = 10.0  # gamma 3: how sharply the right partner is picked in a batch


def word_scores(words: Tensor, mask: Tensor, regions: Tensor) -> Tensor:
    """R(Q, D) of every caption with every picture, by attention from words to regions (equations 7 to 10).

    words: captions x size x words; mask: bool, captions x words, True where padded; regions: pictures x size x regions.
    Returns captions x pictures.
    """
    # The context c = sum_r a_r v_r itself is never made: its cosine with a word e needs only e.c = sum_r a_r (e.v_r)
    # and |c|^2 = sum_rs a_r a_s (v_r.v_s), both of region count instead of feature count. A cosine does not ask for
    # the length of c either, so eq. 9's division by the sum over regions is left out.
    queries = words.transpose(1, 2).flatten(0, 1)  # (captions * words) x size
    similarity = regions.transpose(1, 2) @ queries.T  # eq. 7: pictures x regions x (captions * words)
    gram = regions.transpose(1, 2) @ regions  # pictures x regions x regions
    along, square = _Attended.apply(similarity, gram, mask)  # pictures x (captions * words)
    relevance = along / (square.clamp_min(1e-12).sqrt() * queries.norm(dim=1)).clamp_min(1e-8)
    scores = GAMMA_WORDS * relevance.unflatten(1, mask.shape)
    return scores.masked_fill(mask, float("-inf")).logsumexp(2).T / GAMMA_WORDS  # eq. 10


class _Attended(torch.autograd.Function):
    """Attention weights a (equations 8 and 9), and from them sum_r a_r s_r and sum_rs a_r a_s g_rs for similarities s
    and a symmetric g. Its gradient is written out, since these are the largest tensors of all and autograd would go
    over them twice as often.
    """

    @staticmethod
    def forward(ctx: Any, similarity: Tensor, gram: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        by_word = similarity.unflatten(2, mask.shape)
        over_words = by_word.masked_fill(mask, float("-inf")).softmax(3)  # eq. 8
        attention = (GAMMA_ATTENTION * over_words).exp_().flatten(2)  # eq. 9
        mixed = gram @ attention
        ctx.save_for_backward(similarity, over_words, attention, mixed)
        return (attention * similarity).sum(1), (mixed * attention).sum(1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, along: Tensor, square: Tensor) -> tuple[Tensor, Tensor, None]:
        similarity, over_words, attention, mixed = ctx.saved_tensors
        along, square = along[:, None], square[:, None]
        to_gram = (attention * square) @ attention.transpose(1, 2)
        to_attention = (mixed * (2 * square)).addcmul_(similarity, along)
        to_words = to_attention.mul_(attention).mul_(GAMMA_ATTENTION).view_as(over_words)
        to_words.mul_(over_words)
        to_similarity = to_words.sub_(over_words * to_words.sum(3, keepdim=True)).flatten(2)
        return to_similarity.addcmul_(attention, along), to_gram, None


def sentence_scores(sentence: Tensor, whole: Tensor) -> Tensor:
    """Cosine of every caption's sentence feature with every picture's global feature: captions x pictures."""
    return F.normalize(sentence, dim=1) @ F.normalize(whole, dim=1).T


def matching_loss(scores: Tensor, species: Tensor) -> Tensor:
    """Caption i belongs to picture i: negative log posterior, both ways (equations 11 to 13).

    scores: captions x pictures, where captions beyond the pictures are more wrong ones; species: of the captions. Other
    pairs of the same species are left out, since such a caption may well describe such a picture.
    """
    pictures = scores.shape[1]
    same = species[:, None] == species[None, :pictures]
    same.fill_diagonal_(False)
    logits = (GAMMA_MATCH * scores).masked_fill(same, float("-inf"))
    target = torch.arange(pictures, device=scores.device)
    return F.cross_entropy(logits[:pictures], target) + F.cross_entropy(logits.T, target)


def damsm_loss(
    words: Tensor, sentence: Tensor, mask: Tensor, regions: Tensor, whole: Tensor, species: Tensor
) -> tuple[Tensor, Tensor]:
    """Word loss and sentence loss of a batch; arguments as in word_scores, sentence_scores and matching_loss.

    Captions beyond the pictures, where there are any, belong to none.
    """
    return (
        matching_loss(word_scores(words, mask, regions), species),
        matching_loss(sentence_scores(sentence, whole), species),
    )
