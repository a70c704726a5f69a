"""AttnGAN as its paper and its published state dicts describe it, written plainly: what imported weights are held to.

Module names are those of the published `netG` and text encoder, so that state dicts of this file have their layout.
"""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


class GLU(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        half = x.shape[1] // 2
        return x[:, :half] * torch.sigmoid(x[:, half:])


def conv3x3(channels_in: int, channels_out: int) -> nn.Conv2d:
    return nn.Conv2d(channels_in, channels_out, kernel_size=3, stride=1, padding=1, bias=False)


def up_block(channels_in: int, channels_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode="nearest"),
        conv3x3(channels_in, channels_out * 2),
        nn.BatchNorm2d(channels_out * 2),
        GLU(),
    )


class ResBlock(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.block = nn.Sequential(
            conv3x3(channels, channels * 2),
            nn.BatchNorm2d(channels * 2),
            GLU(),
            conv3x3(channels, channels),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        residual: Tensor = self.block(x)
        return residual + x


class CANet(nn.Module):
    def __init__(self, text: int, condition: int) -> None:
        super().__init__()
        self.condition = condition
        self.fc = nn.Linear(text, condition * 4, bias=True)
        self.relu = GLU()

    def forward(self, sentence: Tensor, noise: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.relu(self.fc(sentence))
        mean, log_variance = x[:, : self.condition], x[:, self.condition :]
        return noise * torch.exp(log_variance * 0.5) + mean, mean, log_variance


class InitStage(nn.Module):
    def __init__(self, ngf: int, inputs: int) -> None:
        super().__init__()
        self.ngf = ngf
        self.fc = nn.Sequential(nn.Linear(inputs, ngf * 4 * 4 * 2, bias=False), nn.BatchNorm1d(ngf * 4 * 4 * 2), GLU())
        self.upsample1 = up_block(ngf, ngf // 2)
        self.upsample2 = up_block(ngf // 2, ngf // 4)
        self.upsample3 = up_block(ngf // 4, ngf // 8)
        self.upsample4 = up_block(ngf // 8, ngf // 16)

    def forward(self, noise: Tensor, condition: Tensor) -> Tensor:
        x = self.fc(torch.cat((condition, noise), 1)).view(-1, self.ngf, 4, 4)
        features: Tensor = self.upsample4(self.upsample3(self.upsample2(self.upsample1(x))))
        return features


class Attention(nn.Module):
    def __init__(self, channels: int, text: int) -> None:
        super().__init__()
        self.conv_context = nn.Conv2d(text, channels, kernel_size=1, stride=1, padding=0, bias=False)

    def forward(self, features: Tensor, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        batch, _, height, width = features.shape
        source = self.conv_context(words.unsqueeze(3)).squeeze(3)
        target = features.view(batch, -1, height * width).transpose(1, 2)
        scores = torch.bmm(target, source)  # batch x pixels x words
        scores = scores.masked_fill(mask.unsqueeze(1), -float("inf"))
        attention = torch.softmax(scores, dim=2).transpose(1, 2)
        context = torch.bmm(source, attention)
        return context.view(batch, -1, height, width), attention.reshape(batch, -1, height, width)


class NextStage(nn.Module):
    def __init__(self, ngf: int, text: int, residuals: int) -> None:
        super().__init__()
        self.att = Attention(ngf, text)
        self.residual = nn.Sequential(*[ResBlock(ngf * 2) for _ in range(residuals)])
        self.upsample = up_block(ngf * 2, ngf)

    def forward(self, features: Tensor, words: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        context, attention = self.att(features, words, mask)
        return self.upsample(self.residual(torch.cat((features, context), 1))), attention


class GetImage(nn.Module):
    def __init__(self, ngf: int) -> None:
        super().__init__()
        self.img = nn.Sequential(conv3x3(ngf, 3), nn.Tanh())

    def forward(self, features: Tensor) -> Tensor:
        picture: Tensor = self.img(features)
        return picture


class GNet(nn.Module):
    """The generator: h_net1, img_net1, h_net2, img_net2 ..."""

    def __init__(self, stages: int, ngf: int, text: int, condition: int, noise: int, residuals: int = 2) -> None:
        super().__init__()
        self.stages = stages
        self.ca_net = CANet(text, condition)
        self.h_net1 = InitStage(ngf * 16, noise + condition)
        self.img_net1 = GetImage(ngf)
        for stage in range(2, stages + 1):
            self.add_module(f"h_net{stage}", NextStage(ngf, text, residuals))
            self.add_module(f"img_net{stage}", GetImage(ngf))

    def forward(
        self, noise: Tensor, sentence: Tensor, words: Tensor, mask: Tensor, condition_noise: Tensor
    ) -> tuple[list[Tensor], list[Tensor], Tensor, Tensor]:
        condition, mean, log_variance = self.ca_net(sentence, condition_noise)
        features = self.h_net1(noise, condition)
        pictures, attentions = [self.img_net1(features)], []
        for stage in range(2, self.stages + 1):
            features, attention = self.get_submodule(f"h_net{stage}")(features, words, mask)
            pictures.append(self.get_submodule(f"img_net{stage}")(features))
            attentions.append(attention)
        return pictures, attentions, mean, log_variance


class RNNEncoder(nn.Module):
    """The text encoder."""

    def __init__(self, words: int, embedding: int, text: int) -> None:
        super().__init__()
        self.encoder = nn.Embedding(words, embedding)
        self.rnn = nn.LSTM(embedding, text // 2, 1, batch_first=True, bidirectional=True)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        output, (hidden, _) = self.rnn(self.encoder(tokens))
        return output.transpose(1, 2), hidden.transpose(0, 1).reshape(len(tokens), -1)


def write_published(
    directory: Path, painter: GNet, reader: RNNEncoder, words: list[str], prefix: str = "", **how: Any
) -> tuple[Path, Path, Path]:
    """The three files of a published checkpoint: generator, text encoder and vocabulary; `how` torch writes them."""
    paths = directory / "netG.pth", directory / "text_encoder.pth", directory / "captions.pickle"
    for path, network in zip(paths, (painter, reader), strict=False):
        state = OrderedDict((prefix + name, tensor) for name, tensor in network.state_dict().items())
        torch.save(state, path, **how)
    numbers = dict(enumerate(words))
    captions: list[Any] = [[[1, 2, 3, 4]], [[8, 4, 2]], numbers, {word: token for token, word in numbers.items()}]
    paths[2].write_bytes(pickle.dumps(captions, protocol=2))
    return paths
