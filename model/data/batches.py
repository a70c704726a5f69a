"""Training batches: random crops of photos, each with one of its captions; batch n is the same in every run."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from model.data.cub import MARGIN, Photo, decode_all
from model.errors import DataError
from model.vocabulary import Vocabulary

CAPTION_WORDS = 18  # a longer caption is thinned out at random, in order


@dataclass(frozen=True)
class Window:
    """A square part of a square picture, in sides of that picture."""

    top: float = 0.0
    left: float = 0.0
    side: float = 1.0


WHOLE = Window()


@dataclass(frozen=True)
class Batch:
    """pictures: batch x 3 x s x s in -1..1, one per asked size; tokens: batch x 18; lengths and species: batch."""

    pictures: list[Tensor]
    tokens: Tensor
    lengths: Tensor
    species: Tensor


class Batches:
    """Decoded photos and encoded captions, drawn by step number so that a resumed run goes on exactly."""

    def __init__(
        self,
        photos: list[Photo],
        vocabulary: Vocabulary,
        sizes: tuple[int, ...],
        batch_size: int,
        seed: int = 0,
        report: Callable[[str], None] = print,
    ) -> None:
        """sizes: sides of the pictures in a batch, in pixels; raises DataError when no photo can be used."""
        self.sizes, self.batch_size, self.seed = sizes, batch_size, seed
        decoded = decode_all(photos, round(max(sizes) * MARGIN), report)
        encoded = [[vocabulary.encode(caption)[0] for caption in photo.captions] for photo in photos]
        kept = [i for i, picture in enumerate(decoded) if picture is not None and any(encoded[i])]
        if len(kept) < 2:
            raise DataError("Fewer than two photos can be used for training.")
        self.photos = [picture for i in kept if (picture := decoded[i]) is not None]
        self.captions = [[caption for caption in encoded[i] if caption] for i in kept]
        self.species = torch.tensor([photos[i].species for i in kept])

    def __len__(self) -> int:
        """Batches in an epoch."""
        return max(1, len(self.photos) // self.batch_size)

    def __getitem__(self, step: int) -> Batch:
        """Batch number `step`, whole pictures."""
        return self.draw(step)

    def draw(self, step: int, window: Window = WHOLE) -> Batch:
        """Batch number `step`; with a window, that part of every picture, `size * window.side` pixels wide."""
        epoch, place = divmod(step, len(self))
        order = torch.randperm(len(self.photos), generator=_random(self.seed, epoch, 0))
        indices = order[place * self.batch_size : (place + 1) * self.batch_size].tolist()
        random = _random(self.seed, step, 1)
        pictures = [self._crops(self.photos[i], window, random) for i in indices]
        tokens = torch.zeros(len(indices), CAPTION_WORDS, dtype=torch.long)
        lengths = torch.zeros(len(indices), dtype=torch.long)
        for row, i in enumerate(indices):
            captions = self.captions[i]
            caption = thinned(captions[int(torch.randint(len(captions), (), generator=random))], random)
            tokens[row, : len(caption)] = torch.tensor(caption)
            lengths[row] = len(caption)
        stacked = [torch.stack(same_size) for same_size in zip(*pictures, strict=True)]
        return Batch(stacked, tokens, lengths, self.species[indices])

    def _crops(self, photo: Tensor, window: Window, random: torch.Generator) -> list[Tensor]:
        """One random square of a photo, flipped or not, at every size."""
        height, width = photo.shape[1:]
        side = round(min(height, width) / MARGIN)
        top = int(torch.randint(height - side + 1, (), generator=random))
        left = int(torch.randint(width - side + 1, (), generator=random))
        flipped = bool(torch.randint(2, (), generator=random))
        part = photo[:, top : top + side, left : left + side]
        if flipped:
            part = part.flip(2)
        if window != WHOLE:
            first, last = round(window.top * side), round((window.top + window.side) * side)
            start, end = round(window.left * side), round((window.left + window.side) * side)
            part = part[:, first:last, start:end]
        values = part.float() / 127.5 - 1
        return [resized(values, round(size * window.side)) for size in self.sizes]


def resized(picture: Tensor, size: int) -> Tensor:
    """3 x s x s -> 3 x size x size."""
    if picture.shape[1:] == (size, size):
        return picture
    return F.interpolate(picture[None], (size, size), mode="bilinear", antialias=True)[0].clamp(-1, 1)


def thinned(caption: list[int], random: torch.Generator) -> list[int]:
    """At most CAPTION_WORDS tokens of a caption, drawn at random, in their order."""
    if len(caption) <= CAPTION_WORDS:
        return caption
    chosen = torch.randperm(len(caption), generator=random)[:CAPTION_WORDS].sort().values
    return [caption[i] for i in chosen.tolist()]


def _random(seed: int, number: int, use: int) -> torch.Generator:
    return torch.Generator().manual_seed((seed * 2 + use) * 1_000_003_939 + number)
