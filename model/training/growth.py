"""How stages begin: the first one hears its sentence, a later one enlarges the stage before and only adds detail."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.generator import ConditioningAugmentation, RefinementStage
from model.layers import ResidualBlock

QUIET = 0.1  # scale of what the new stage's own convolutions add at first
OPEN = 3.0  # the gates' bias: sigmoid(3) lets 95 % through


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
