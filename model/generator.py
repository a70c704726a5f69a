"""The generator: conditioning augmentation, an initial stage and refinement stages (AttnGAN, section 3.1)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.attention import WordAttention
from model.config import ModelConfig
from model.layers import ResidualBlock, UpBlock, conv3x3


class ConditioningAugmentation(nn.Module):
    """Draws the condition from a Gaussian around the sentence (StackGAN, section 3.2)."""

    def __init__(self, text_size: int, condition_size: int) -> None:
        super().__init__()
        self.condition_size = condition_size
        self.linear = nn.Linear(text_size, 4 * condition_size)

    def forward(self, sentence: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """sentence: batch x text_size; noise: standard normal, batch x condition_size.

        Returns the condition, its mean and its log variance, each batch x condition_size.
        """
        mean, log_variance = F.glu(self.linear(sentence)).chunk(2, dim=1)
        return mean + noise * (0.5 * log_variance).exp(), mean, log_variance


class InitialStage(nn.Module):
    """Condition and noise -> 4x4 features -> four up-blocks -> 64x64 features (F0)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        channels = 16 * config.generator_channels
        self.channels, self.noise_size = channels, config.noise_size
        self.linear = nn.Linear(config.condition_size + config.noise_size, channels * 4 * 4 * 2, bias=False)
        self.norm = nn.BatchNorm1d(channels * 4 * 4 * 2)
        self.up_blocks = nn.Sequential(*(UpBlock(channels >> i, channels >> (i + 1)) for i in range(4)))

    def forward(self, condition: Tensor, noise: Tensor) -> Tensor:
        """batch x condition_size, batch x noise_size -> batch x generator_channels x 64 x 64."""
        features = F.glu(self.norm(self.linear(torch.cat((condition, noise), 1))), dim=1)
        features = features.view(-1, self.channels, 4, 4).to(memory_format=torch.channels_last)
        result: Tensor = self.up_blocks(features)
        return result


class RefinementStage(nn.Module):
    """Word attention, residual blocks, and an up-block that doubles the side (F1, F2, F3)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        channels = config.generator_channels
        self.attention = WordAttention(channels, config.text_size)
        self.residual = nn.Sequential(*(ResidualBlock(2 * channels) for _ in range(config.residual_blocks)))
        self.up_block = UpBlock(2 * channels, channels)

    def forward(self, features: Tensor, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Refine batch x channels x s x s features; words and mask as in WordAttention.

        Returns batch x channels x 2s x 2s features and the attention, batch x words x s x s.
        """
        context, attention = self.attention(features, words, mask)
        joined = torch.cat((features, context), 1).to(memory_format=torch.channels_last)
        return self.up_block(self.residual(joined)), attention


class ImageHead(nn.Module):
    """Features -> picture: 3x3 convolution and tanh."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.conv = conv3x3(config.generator_channels, 3)

    def forward(self, features: Tensor) -> Tensor:
        """batch x channels x s x s -> batch x 3 x s x s in -1..1."""
        return torch.tanh(self.conv(features))


class Generator(nn.Module):
    """All stages; a weight set with fewer stages is the same network cut short."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.conditioning = ConditioningAugmentation(config.text_size, config.condition_size)
        self.initial = InitialStage(config)
        self.refinements = nn.ModuleList(RefinementStage(config) for _ in range(config.stages - 1))
        self.heads = nn.ModuleList(ImageHead(config) for _ in range(config.stages))

    def forward(
        self, sentence: Tensor, words: Tensor, mask: Tensor, noise: Tensor, condition_noise: Tensor
    ) -> tuple[list[Tensor], list[Tensor], Tensor, Tensor]:
        """Paint every stage.

        sentence: batch x text_size; words: batch x text_size x words; mask: bool, batch x words, True where padded;
        noise: batch x noise_size and condition_noise: batch x condition_size, standard normal.
        Returns the pictures (batch x 3 x s x s in -1..1, one a stage), the attention of each refinement stage
        (batch x words x s/2 x s/2), and the condition's mean and log variance.
        """
        condition, mean, log_variance = self.conditioning(sentence, condition_noise)
        features = self.initial(condition, noise)
        pictures, attentions = [self.heads[0](features)], []
        for refine, head in zip(self.refinements, list(self.heads)[1:], strict=True):
            features, attention = refine(features, words, mask)
            pictures.append(head(features))
            attentions.append(attention)
        return pictures, attentions, mean, log_variance
