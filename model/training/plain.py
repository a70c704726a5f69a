"""Training as the papers' equations read, without one trick for speed: what `benchmark` compares against.

Single precision, channels first, doubled pictures for doubled maps, one caption at a time, and nothing seen twice is
kept from the first time, but for the discriminators' spectral norm. The numbers are the same.
"""

import copy
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.damsm import GAMMA_ATTENTION, GAMMA_MATCH, GAMMA_WORDS
from model.layers import ResidualBlock, UpBlock
from model.training.discriminators import Seen
from model.training.gan_phase import GanPhase, Teachers
from model.training.painting import Text


def plain_damsm_loss(words: Tensor, sentence: Tensor, lengths: list[int], regions: Tensor, whole: Tensor) -> Tensor:
    """Word and sentence loss as AttnGAN's equations 7 to 13 read, caption by caption, every species its own.

    words: captions x size x words; sentence: captions x size; regions: pictures x size x regions; whole: pictures x
    size. Captions beyond the pictures belong to none.
    """
    scores = []
    for caption, length in zip(words, lengths, strict=True):
        spoken = caption[:, :length]  # size x words
        similarity = spoken.T @ regions  # equation 7: batch x words x regions
        attention = (GAMMA_ATTENTION * similarity.softmax(1)).softmax(2)  # equations 8 and 9
        context = regions @ attention.transpose(1, 2)  # batch x size x words
        relevance = torch.cosine_similarity(context, spoken[None], dim=1)  # batch x words
        scores.append((GAMMA_WORDS * relevance).exp().sum(1).log() / GAMMA_WORDS)  # equation 10
    cosines = torch.cosine_similarity(sentence[:, None], whole[None], dim=2)
    return _matching_loss(torch.stack(scores)) + _matching_loss(cosines)


def _matching_loss(scores: Tensor) -> Tensor:
    logits = GAMMA_MATCH * scores
    by_caption = logits[: scores.shape[1]].log_softmax(1).diagonal()
    by_picture = logits.log_softmax(0).diagonal()
    return -(by_caption.mean() + by_picture.mean())


class PlainPhase(GanPhase):
    """A phase of a GAN run on copies of its networks. Every photo of a batch is taken for another species."""

    def __init__(self, phase: GanPhase) -> None:
        teachers = phase.advisers[0]
        super().__init__(
            plain(phase.generator),
            (Teachers(plain(teachers.text), plain(teachers.image).float()),),
            replace(phase.options, precision="float32", cuda_graph=False),
            phase.phase,
            phase.world,
            phase.place,
            species=phase.species,
        )
        self.discriminators.to(memory_format=torch.contiguous_format)
        self.generator_optimizer = _plain_adam(self.generator_optimizer)
        self.discriminator_optimizer = _plain_adam(self.discriminator_optimizer)

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.place.type, enabled=False)

    def _moved(self, pictures: list[Tensor], moves: list[Tensor]) -> list[Tensor]:
        in_turn = [picture.contiguous() for picture in pictures]
        return [picture.contiguous() for picture in super()._moved(in_turn, moves)]

    def _damsm(self, adviser: Teachers, pictures: Tensor, seen: Seen, text: Text, others: Text) -> Tensor:
        text = text.followed_by(others)
        regions, whole = adviser.image(pictures)
        lengths = (~text.mask).sum(1).tolist()
        return plain_damsm_loss(text.words, text.sentence, lengths, regions, whole)


def _plain_adam(optimizer: torch.optim.Adam) -> torch.optim.Adam:
    """The same optimizer, a tensor after the other."""
    (group,) = optimizer.param_groups
    return torch.optim.Adam(group["params"], group["lr"], group["betas"], foreach=False)


def plain(network: Any) -> Any:
    """A copy of a network with channels first and the blocks as they are published."""
    copied = copy.deepcopy(network).to(memory_format=torch.contiguous_format)
    for module in copied.modules():
        if type(module) in _PLAIN:
            module.__class__ = _PLAIN[type(module)]
    return copied


class _PlainUpBlock(UpBlock):
    def forward(self, features: Tensor) -> Tensor:
        doubled = F.interpolate(features.contiguous(), scale_factor=2.0)
        return F.glu(self.norm(self.conv(doubled)), dim=1)


class _PlainResidualBlock(ResidualBlock):
    def forward(self, features: Tensor) -> Tensor:
        gated = F.glu(self.gate_norm(self.gate(features.contiguous())), dim=1)
        changed: Tensor = self.out_norm(self.out(gated))
        return features + changed


_PLAIN: dict[type[nn.Module], type[nn.Module]] = {UpBlock: _PlainUpBlock, ResidualBlock: _PlainResidualBlock}
