"""DAMSM's image encoder as published: ImageNet's Inception v3 and two trained projections (AttnGAN, section 3.2)."""

from urllib.error import URLError

from torch import Tensor, nn
from torchvision.models import Inception_V3_Weights, inception_v3

from model.errors import PlainError
from model.image_encoder import ImageEncoder

LOCAL_CHANNELS = 768  # of Mixed_6e, a 17 x 17 map
GLOBAL_CHANNELS = 2048  # of the last average pooling
UNUSED = ("AuxLogits", "avgpool", "dropout", "fc")


class InceptionEncoder(ImageEncoder):
    """Picture -> 289 region features and one global feature; as ImageEncoder, but 299 px and pretrained."""

    kind = "inception"
    image_size = 299  # pixels: the side it looks at; other pictures are resized to it

    def __init__(self, text_size: int = 256) -> None:
        nn.Module.__init__(self)
        self.widths = (LOCAL_CHANNELS, GLOBAL_CHANNELS)
        self.until_regions, self.after_regions = _halves(inception_v3(weights=None, init_weights=False))
        self.regions = nn.Conv2d(LOCAL_CHANNELS, text_size, 1, bias=False)
        self.whole = nn.Linear(GLOBAL_CHANNELS, text_size)
        for part in (self.until_regions, self.after_regions):
            part.requires_grad_(False)

    def start_from_imagenet(self) -> None:
        """Take over torchvision's ImageNet weights; raises PlainError when they cannot be downloaded."""
        try:
            stored = Inception_V3_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True)
        except (URLError, OSError, RuntimeError) as error:
            raise PlainError(f"The ImageNet weights of Inception v3 could not be fetched: {error}.") from None
        network = inception_v3(weights=None, init_weights=False)
        network.load_state_dict(stored)
        for own, pretrained in zip((self.until_regions, self.after_regions), _halves(network), strict=True):
            own.load_state_dict(pretrained.state_dict())

    def train(self, mode: bool = True) -> "InceptionEncoder":
        """Only the projections are trained: the statistics of ImageNet stay."""
        super().train(mode)
        self.until_regions.eval()
        self.after_regions.eval()
        return self

    def look(self, pictures: Tensor) -> list[Tensor]:
        """As ImageEncoder: a 17 x 17 and an 8 x 8 map for 299 px."""
        local = self.until_regions(pictures)
        return [local, self.after_regions(local)]

    def read(self, maps: list[Tensor]) -> tuple[Tensor, Tensor]:
        """As ImageEncoder: 289 regions from the 17 x 17 map, the whole from the mean of the last."""
        return self.regions(maps[0]).flatten(2), self.whole(maps[1].mean((2, 3)))


def _halves(network: nn.Module) -> tuple[nn.Sequential, nn.Sequential]:
    """The layers up to the region features, and those after them up to the last pooling."""
    layers = {name: layer for name, layer in network.named_children() if name not in UNUSED}
    names = list(layers)
    middle = names.index("Mixed_6e") + 1
    return nn.Sequential(*(layers[name] for name in names[:middle])), nn.Sequential(
        *(layers[name] for name in names[middle:])
    )
