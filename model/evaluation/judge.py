"""The judge: a weight set's text and image encoders, which say how well a caption and a picture fit."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from model.errors import PlainError
from model.image_encoder import ImageEncoder
from model.layers import padding_mask
from model.pipeline import TextToImagePipeline
from model.weights import load_network

AT_ONCE = 128  # captions or pictures encoded together


class Judge:
    """Features of length 1: a caption's times a picture's is how well they fit, -1..1."""

    def __init__(self, pipeline: TextToImagePipeline, directory: Path) -> None:
        """directory: the weight set; raises PlainError when it holds no image encoder."""
        self.pipeline = pipeline
        path = directory / "image_encoder.safetensors"
        if not path.is_file():
            raise PlainError(f"{path} is missing, and without it nobody can judge whether pictures fit their words.")
        encoder = ImageEncoder(pipeline.config.text_size)
        load_network(path, encoder)
        self.image_encoder = encoder.eval().to(pipeline.device)

    @torch.inference_mode()
    def read(self, captions: list[str]) -> Tensor:
        """Sentence features: captions x size. Every caption needs a known word."""
        features = [self._read(captions[i : i + AT_ONCE]) for i in range(0, len(captions), AT_ONCE)]
        return torch.cat(features)

    def _read(self, captions: list[str]) -> Tensor:
        config, device = self.pipeline.config, self.pipeline.device
        encoded = [self.pipeline.vocabulary.encode(caption)[0][: config.maximum_words] for caption in captions]
        lengths = torch.tensor([len(tokens) for tokens in encoded])
        tokens = torch.zeros(len(encoded), int(lengths.max()), dtype=torch.long)
        tokens[~padding_mask(lengths, tokens.shape[1])] = torch.tensor([token for row in encoded for token in row])
        _, sentence = self.pipeline.text_encoder(tokens.to(device), lengths)
        return F.normalize(sentence, dim=1).cpu()

    @torch.inference_mode()
    def see(self, images: np.ndarray) -> Tensor:
        """Picture features: pictures x size. images: uint8, pictures x s x s x 3."""
        features = []
        for i in range(0, len(images), AT_ONCE):
            pictures = torch.from_numpy(images[i : i + AT_ONCE]).permute(0, 3, 1, 2).to(self.pipeline.device)
            _, whole = self.image_encoder(pictures.float() / 127.5 - 1)
            features.append(F.normalize(whole, dim=1).cpu())
        return torch.cat(features)
