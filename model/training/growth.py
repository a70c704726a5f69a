"""How stages begin: the first one hears its sentence, a later one enlarges the stage before and only adds detail."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.attention import WordAttention
from model.data.batches import Batches
from model.generator import ConditioningAugmentation, RefinementStage
from model.layers import ResidualBlock
from model.training.gan_phase import GanPhase
from model.training.painting import frozen_features, sketched

QUIET = 0.1  # scale of what the new stage's own convolutions add at first
OPEN = 3.0  # the gates' bias: sigmoid(3) lets 95 % through


LOOKED_AT = 8  # rows of a batch whose whole maps a new stage is measured on
HEARD_BATCHES = 16  # of captions from which a new generator learns how loud sentences are


@torch.no_grad()
def begin_stage(phase: GanPhase, batches: Batches) -> None:
    """Begin the only stage of a phase."""
    if phase.phase.first == 0:
        sentences = [phase.read(batches[number]).sentence for number in range(HEARD_BATCHES)]
        start_hearing(phase.generator.conditioning, phase.world.gathered(torch.cat(sentences)))
        return
    generator, stage = phase.generator, phase.phase.first
    text = phase.read(batches[0]).first(LOOKED_AT)
    noises = phase.noise(torch.Generator().manual_seed(phase.options.seed))
    noise, condition_noise = (noise[:LOOKED_AT] for noise in noises)
    sketch = sketched(generator, phase.phase, text, noise, condition_noise)
    features = frozen_features(generator, stage, text, sketch.features, None)
    grown = generator.refinements[stage - 1]
    assert isinstance(grown, RefinementStage)
    start_listening(grown.attention, *map(phase.world.gathered, (features, text.words, text.mask)))
    start_as_enlargement(grown, phase.world.gathered(features))
    generator.heads[stage].load_state_dict(generator.heads[stage - 1].state_dict())


@torch.no_grad()
def start_as_enlargement(stage: RefinementStage, features: Tensor) -> None:
    """Set the up-block to a smooth doubling of the entering features, which pass the residual blocks nearly unchanged.

    features: batch x channels x s x s as they will enter the stage; batch norm's scale and shift are set to their
    spread and mean, so that what it normalises comes out as it went in.
    """
    channels = features.shape[1]
    for block in stage.residual.modules():
        if isinstance(block, ResidualBlock):
            nn.init.constant_(block.out_norm.weight, QUIET)
    conv, norm = stage.up_block.conv, stage.up_block.norm
    smooth = torch.tensor([0.25, 0.5, 0.25], device=features.device)
    conv.weight.mul_(QUIET)
    conv.weight[:channels] = 0
    for channel in range(channels):
        conv.weight[channel, channel] = smooth[:, None] * smooth[None, :]
    joined = torch.cat((features.float(), torch.zeros_like(features, dtype=torch.float32)), 1)
    enlarged = conv(F.interpolate(joined, scale_factor=2.0))[:, :channels]
    norm.weight[:channels] = (enlarged.var((0, 2, 3)) + norm.eps).sqrt()
    norm.bias[:channels] = enlarged.mean((0, 2, 3))
    norm.weight[channels:] = QUIET
    norm.bias[channels:] = OPEN


@torch.no_grad()
def start_hearing(conditioning: ConditioningAugmentation, sentences: Tensor) -> None:
    """Make the condition's mean as loud as the noise around it, which would drown it for thousands of steps.

    sentences: n x text_size; over them, each number of the mean before its gate then has mean 0 and deviation 2.
    """
    linear, size = conditioning.linear, conditioning.condition_size
    loud = linear.weight[:size]
    loud *= 2 / (sentences @ loud.T).std(0).clamp_min(1e-6)[:, None]
    linear.bias[:size] = -(sentences @ loud.T).mean(0)


@torch.no_grad()
def start_listening(attention: WordAttention, features: Tensor, words: Tensor, mask: Tensor) -> None:
    """Let places differ in the words they listen to; as drawn, all listen to all words alike, and learn it slowly.

    features: batch x channels x s x s; words: batch x text_size x words; mask: True where padded. Over the places of a
    picture, a word's score before the softmax then has deviation 2, or more where it had.
    """
    projected = attention.project(words)
    scores = projected.transpose(1, 2) @ features.float().flatten(2)  # batch x words x places
    attention.project.weight *= (2 / scores.std(2)[~mask].mean().clamp_min(1e-6)).clamp_min(1)
