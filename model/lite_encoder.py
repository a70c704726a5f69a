"""DAMSM's image encoder on EfficientNet-Lite's frozen maps, with two trained projections (AttnGAN, section 3.2)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.efficientnet_lite import POOLED, EfficientNetLite
from model.image_encoder import ImageEncoder


class LiteEncoder(ImageEncoder):
    """Picture -> 64 region features and one global feature; as ImageEncoder, but 128 px and pretrained."""

    image_size = 128  # pixels: the side it looks at; other pictures are resized to it

    def __init__(self, text_size: int = 256, version: int = 0) -> None:
        """version: of EfficientNet-Lite, 0 to 2."""
        nn.Module.__init__(self)
        self.kind = f"lite{version}"
        self.eyes = EfficientNetLite(version).requires_grad_(False)
        self.widths = self.eyes.widths
        self.regions = nn.Conv2d(self.widths[2] + self.widths[3], text_size, 1, bias=False)
        self.whole = nn.Linear(POOLED, text_size)

    def start_from_imagenet(self) -> None:
        """Take over ImageNet's weights; raises PlainError when their package is not installed."""
        self.eyes.start_from_imagenet()

    def look(self, pictures: Tensor) -> list[Tensor]:
        """As ImageEncoder."""
        maps: list[Tensor] = self.eyes(pictures.float())
        return maps

    def read(self, maps: list[Tensor]) -> tuple[Tensor, Tensor]:
        """As ImageEncoder: regions from the maps of a 16th and a 32nd of the side, the whole from the pooled last."""
        near, far = maps[2], maps[3]
        local = torch.cat((near, F.interpolate(far, near.shape[2:], mode="bilinear")), 1)
        return self.regions(local).flatten(2), self.whole(self.eyes.pooled(far))
