"""The judge: a text and an image encoder trained together, which say how well a caption and a picture fit."""

import math
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F

from model.config import ModelConfig
from model.encoders import IMAGE_ENCODER, load_encoders
from model.errors import PlainError
from model.image_encoder import REGIONS, ImageEncoder
from model.layers import padding_mask
from model.lite_encoder import LiteEncoder
from model.text_encoder import TextEncoder
from model.vocabulary import Vocabulary

AT_ONCE = 128  # captions or pictures encoded together


class Judge:
    """Features of length 1: a caption's times a picture's is how well they fit, -1..1."""

    def __init__(
        self,
        config: ModelConfig,
        vocabulary: Vocabulary,
        text_encoder: TextEncoder,
        image_encoder: ImageEncoder,
        place: torch.device,
    ) -> None:
        self.config, self.vocabulary, self.place = config, vocabulary, place
        self.text_encoder = text_encoder.eval().to(place)
        self.image_encoder = image_encoder.eval().to(place)

    @classmethod
    def from_folder(cls, directory: Path, place: torch.device) -> "Judge":
        """The encoders in a weight set or a DAMSM run.

        Raises PlainError when there is no image encoder, and WeightsError when something else is missing or damaged.
        """
        folder = directory / "encoders" if (directory / "encoders").is_dir() else directory
        if not (folder / IMAGE_ENCODER).is_file():
            raise PlainError(
                f"{folder / IMAGE_ENCODER} is missing, and without it nobody can judge whether pictures fit their "
                "words; without --judge, the judge that comes with the program does."
            )
        return cls(*load_encoders(directory, place), place)

    def taught(self, weights: Path) -> bool | None:
        """Whether a weight set's own image encoder, its generator's teacher, is this very one; None without one."""
        return self._has_tensors(weights, "")

    def shares_eyes(self, weights: Path) -> bool:
        """Whether it looks with the same frozen network as a weight set's teacher, of which it only reads otherwise."""
        return isinstance(self.image_encoder, LiteEncoder) and bool(self._has_tensors(weights, "eyes."))

    def _has_tensors(self, weights: Path, prefix: str) -> bool | None:
        """Whether the judge's tensors of such names are those of a weight set's image encoder; None without one."""
        path = weights / IMAGE_ENCODER
        if not path.is_file():
            return None
        own = {name: tensor for name, tensor in self.image_encoder.state_dict().items() if name.startswith(prefix)}
        theirs = {name: tensor for name, tensor in load_file(path).items() if name.startswith(prefix)}
        return bool(theirs) and all(
            name in own and torch.equal(own[name].cpu().to(tensor.dtype), tensor) for name, tensor in theirs.items()
        )

    @property
    def side(self) -> int:
        """Pixels of the side that it looks at; other pictures are resized to it."""
        return self.image_encoder.image_size

    def knows(self, caption: str) -> bool:
        """Whether it can read at least one word."""
        return bool(self.vocabulary.encode(caption)[0])

    def words(self, caption: str) -> list[int]:
        """The tokens that it reads of a caption."""
        return self.vocabulary.encode(caption)[0][: self.config.maximum_words]

    @torch.no_grad()
    def read(self, captions: list[str]) -> Tensor:
        """Sentence features: captions x size. Every caption needs a known word."""
        features = [self._read(captions[i : i + AT_ONCE]) for i in range(0, len(captions), AT_ONCE)]
        return torch.cat(features)

    def _read(self, captions: list[str]) -> Tensor:
        encoded = [self.words(caption) for caption in captions]
        lengths = torch.tensor([len(tokens) for tokens in encoded])
        tokens = torch.zeros(len(encoded), int(lengths.max()), dtype=torch.long)
        tokens[~padding_mask(lengths, tokens.shape[1])] = torch.tensor([token for row in encoded for token in row])
        _, sentence = self.text_encoder(tokens.to(self.place), lengths)
        return F.normalize(sentence, dim=1).cpu()

    def see(self, images: np.ndarray) -> Tensor:
        """Picture features: pictures x size. images: uint8, pictures x s x s x 3."""
        return self.look(images)[0]

    @torch.no_grad()
    def look(self, images: np.ndarray) -> tuple[Tensor, Tensor]:
        """Picture features as from `see`, and region features: half precision, pictures x size x 8 x 8."""
        features, regions = [], []
        for i in range(0, len(images), AT_ONCE):
            pictures = torch.from_numpy(images[i : i + AT_ONCE]).permute(0, 3, 1, 2).to(self.place)
            local, whole = self.image_encoder(pictures.float() / 127.5 - 1)
            features.append(F.normalize(whole.float(), dim=1).cpu())
            regions.append(as_map(local).half().cpu())
        return torch.cat(features), torch.cat(regions)


def as_map(regions: Tensor) -> Tensor:
    """Region features, pictures x size x regions -> pictures x size x 8 x 8, in single precision."""
    side = math.isqrt(regions.shape[2])
    return F.adaptive_avg_pool2d(regions.float().unflatten(2, (side, side)), REGIONS)
