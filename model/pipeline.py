"""THE door: a caption goes in, the stages' pictures and their attention come out."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from model.attention_picture import (
    GLOWING,
    PALETTES,
    WordWeight,
    attention_overlay,
    attention_sheet,
    palette_colours,
    top_words,
)
from model.config import ModelConfig
from model.device import available_devices, device_name, pick_device
from model.errors import CaptionError, PlainError, WeightsError
from model.generator import Generator
from model.memory import kept_meanwhile
from model.text_encoder import TextEncoder
from model.vocabulary import Vocabulary, split_words
from model.weights import find_weights, fingerprint, load_weights

__all__ = [
    "GLOWING",
    "PALETTES",
    "CaptionError",
    "PlainError",
    "Result",
    "Stage",
    "TextToImagePipeline",
    "WeightsError",
    "WordWeight",
    "attention_overlay",
    "attention_sheet",
    "available_devices",
    "kept_meanwhile",
    "palette_colours",
    "split_words",
    "top_words",
]

MOST_SAMPLES = 100


@dataclass(frozen=True)
class Stage:
    """What one stage painted."""

    size: int  # side of the pictures in pixels
    images: np.ndarray  # uint8, samples x size x size x 3
    attention: np.ndarray | None  # float32, samples x words x size/2 x size/2, sums to 1 over words; None at 64 px
    seconds: float  # for all samples together


@dataclass(frozen=True)
class Result:
    """Everything painted for one caption."""

    caption: str
    tokens: list[str]  # the known words, in order: the words of the attention
    unknown_words: list[str]  # words the text encoder has never seen; they paint nothing
    seed: int
    samples: int
    weights: str
    device: str
    stages: list[Stage]


class TextToImagePipeline:
    """A loaded weight set that paints captions."""

    def __init__(
        self,
        config: ModelConfig,
        vocabulary: Vocabulary,
        text_encoder: TextEncoder,
        generator: Generator,
        name: str = "unnamed",
        device: str = "auto",
        fingerprint: str = "",
    ) -> None:
        self.config, self.vocabulary, self.name, self.fingerprint = config, vocabulary, name, fingerprint
        self.device = pick_device(device)
        self.device_name = device_name(self.device)
        self.text_encoder = text_encoder.eval().to(self.device)
        self.generator = generator.eval().to(self.device).to(memory_format=torch.channels_last)

    @classmethod
    def from_pretrained(cls, name_or_directory: str | Path, device: str = "auto") -> "TextToImagePipeline":
        """Load a weight set by name (in weights/) or folder.

        Raises WeightsError when it is missing or damaged and PlainError when the device is not there.
        """
        directory = find_weights(name_or_directory)
        loaded = load_weights(directory)
        return cls(*loaded, name=directory.resolve().name, device=device, fingerprint=fingerprint(directory))

    def tokenize(self, caption: str) -> tuple[list[str], list[str]]:
        """The caption's known words, at most `config.maximum_words`, and its unknown ones.

        Raises CaptionError when it is empty or has no known word.
        """
        tokens, unknown = self._encode(caption)
        return [self.vocabulary.words[token] for token in tokens], unknown

    def check(self, caption: str, seed: int = 0, samples: int = 1) -> None:
        """Raise what painting would raise at once: CaptionError, or PlainError for a bad seed or count."""
        if not 1 <= samples <= MOST_SAMPLES:
            raise PlainError(f"1 to {MOST_SAMPLES} samples can be painted at once, not {samples}.")
        if seed < 0:
            raise PlainError(f"A seed is a whole number from 0 up, not {seed}.")
        self._encode(caption)

    def _encode(self, caption: str) -> tuple[list[int], list[str]]:
        if not split_words(caption):
            raise CaptionError("The description is empty: say or type what the bird looks like.")
        tokens, unknown = self.vocabulary.encode(caption)
        if not tokens:
            words = ", ".join(f'"{word}"' for word in unknown[:5])
            raise CaptionError(f"None of the words is known to the painter: {words}.")
        return tokens[: self.config.maximum_words], unknown

    @torch.inference_mode()
    def __call__(
        self,
        caption: str,
        seed: int = 0,
        samples: int = 1,
        on_stage: Callable[[Stage], None] | None = None,
        first_sample: int = 0,
    ) -> Result:
        """Paint a caption, with the noise of sample `first_sample` and those after it.

        The same seed gives the same noise to every caption, and sample i's noise does not depend on `samples`.
        `on_stage` is called with each stage before the next one is computed; what it raises ends the painting.
        Raises CaptionError for a caption that is empty or without a known word, PlainError for a bad seed or count.
        """
        self.check(caption, seed, samples)
        tokens, unknown = self._encode(caption)
        words, sentence = self._read(tokens)
        mask = torch.zeros(1, len(tokens), dtype=torch.bool, device=self.device)
        noise = [self._noise(seed, first_sample + number) for number in range(samples)]
        stages: list[Stage] = []
        for stage in self._stages(words, sentence, mask, noise):
            stages.append(stage)
            if on_stage is not None:
                on_stage(stage)
        known = [self.vocabulary.words[token] for token in tokens]
        return Result(caption, known, unknown, seed, samples, self.name, self.device_name, stages)

    @torch.inference_mode()
    def walk(
        self,
        start: tuple[str, int],
        end: tuple[str, int],
        frames: int,
        sample: int = 0,
        on_frame: Callable[[np.ndarray], None] | None = None,
    ) -> list[np.ndarray]:
        """Pictures on the way from one bird to another.

        start, end: caption and seed; the first and last picture are exactly those that painting these gives. Between
        two seeds the noise goes along a great circle, which keeps its length (White 2016, arXiv 1609.04468); between
        two captions the sentence goes straight, and the words of one fade as those of the other come up.
        Returns `frames` pictures, uint8, side x side x 3; `on_frame` gets each as soon as it is painted, and what it
        raises ends the walk. Raises what painting either bird would raise, and PlainError for fewer than two frames.
        """
        for caption, seed in (start, end):
            self.check(caption, seed)
        if frames < 2:
            raise PlainError(f"A walk has at least two pictures, not {frames}.")
        texts = [self._read(self._encode(caption)[0]) for caption, _ in (start, end)]
        noises = [self._noise(seed, sample) for _, seed in (start, end)]
        pictures = []
        for share in torch.linspace(0, 1, frames, device=self.device):
            parts = zip((1 - share, share), texts, strict=True)
            loud = torch.cat([part.log().expand(text[0].shape[2]) for part, text in parts])
            words = torch.cat([text[0] for text in texts], 2)
            sentence = torch.lerp(texts[0][1], texts[1][1], share)
            turned = [_turned(one, other, share) for one, other in zip(*noises, strict=True)]
            noise = (turned[0], turned[1]) if start[1] != end[1] else noises[0]
            *_, last = self._stages(words, sentence, loud[None], [noise])
            pictures.append(last.images[0])
            if on_frame is not None:
                on_frame(last.images[0])
        return pictures

    def _read(self, tokens: list[int]) -> tuple[Tensor, Tensor]:
        """Word features, 1 x text_size x words, and the sentence feature, 1 x text_size."""
        words, sentence = self.text_encoder(torch.tensor([tokens], device=self.device), torch.tensor([len(tokens)]))
        return words, sentence

    def _stages(
        self, words: Tensor, sentence: Tensor, mask: Tensor, noise: list[tuple[Tensor, Tensor]]
    ) -> Iterator[Stage]:
        """Each stage of all samples, computed when it is asked for."""
        features: list[Tensor] = []
        for index, size in enumerate(self.config.image_sizes):
            started = time.perf_counter()
            # One sample at a time: its pixels are the same whatever else is painted, and memory stays small.
            if index == 0:
                features = [self._start(sentence, *parts) for parts in noise]
                attention = None
            else:
                refine = self.generator.refinements[index - 1]
                refined = [refine(features.pop(0), words, mask) for _ in noise]
                features = [feature for feature, _ in refined]
                attention = torch.cat([weights for _, weights in refined]).float().cpu().numpy()
            pictures = torch.cat([self._pixels(self.generator.heads[index](feature)) for feature in features])
            yield Stage(size, pictures.cpu().numpy(), attention, time.perf_counter() - started)

    def _noise(self, seed: int, sample: int) -> tuple[Tensor, Tensor]:
        """Noise of the initial stage and of the conditioning augmentation, drawn on the CPU for every device."""
        random = torch.Generator().manual_seed((seed * 1_000_003 + sample) % 2**63)
        noise = torch.randn(1, self.config.noise_size, generator=random)
        condition_noise = torch.randn(1, self.config.condition_size, generator=random)
        return noise.to(self.device), condition_noise.to(self.device)

    def _start(self, sentence: Tensor, noise: Tensor, condition_noise: Tensor) -> Tensor:
        condition, _, _ = self.generator.conditioning(sentence, condition_noise)
        features: Tensor = self.generator.initial(condition, noise)
        return features

    @staticmethod
    def _pixels(pictures: Tensor) -> Tensor:
        """-1..1, batch x 3 x s x s -> uint8, batch x s x s x 3."""
        return ((pictures + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)


def _turned(start: Tensor, end: Tensor, share: Tensor) -> Tensor:
    """`share` (0..1) of a quarter turn from one noise towards another."""
    angle = share * math.pi / 2
    return start * angle.cos() + end * angle.sin()
