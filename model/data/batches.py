"""Training batches: random crops of photos, each with one of its captions; batch n is the same in every run."""

import copy
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from model.data.crops import cropped
from model.data.drawing import CAPTION_WORDS, Draws
from model.data.loading import load
from model.data.photo import MARGIN, Photo
from model.data.streamed import Streamed
from model.device import sent
from model.errors import DataError
from model.vocabulary import Vocabulary

__all__ = ["CAPTION_WORDS", "Batch", "Batches"]

CPU = torch.device("cpu")


@dataclass(frozen=True)
class Captions:
    """tokens: batch x 18, on the device of the batches; lengths and species (of the photos): batch, on the CPU."""

    tokens: Tensor
    lengths: Tensor
    species: Tensor


@dataclass(frozen=True)
class Batch(Captions):
    """Also pictures: batch x 3 x s x s in -1..1, one per asked size, on the device of the batches."""

    pictures: list[Tensor]


class Batches:
    """Photos and encoded captions, drawn by step number so that a resumed run goes on exactly.

    Decoded photos live on the device where they fit; otherwise worker processes decode them again for every batch.
    """

    def __init__(
        self,
        photos: list[Photo],
        vocabulary: Vocabulary,
        sizes: tuple[int, ...],
        batch_size: int,
        seed: int = 0,
        report: Callable[[str], None] = print,
        *,
        device: torch.device = CPU,
        share: tuple[int, int] = (0, 1),
        largest: int = 0,
    ) -> None:
        """sizes: sides of the pictures in a batch, in pixels; device: where the pictures are made and stay.

        share: (rank, world) of this process: every batch of `batch_size` is drawn whole, and the rank's equal part of
        its rows is made. largest: side of the largest pictures that `again` will be asked for. Raises DataError when no
        photo can be used or a batch cannot be shared equally.
        """
        self.largest, self.device, self._seed, self._share = max(largest, *sizes), device, seed, share
        self._short_side = round(self.largest * MARGIN)
        encoded = [[vocabulary.encode(caption)[0] for caption in photo.captions] for photo in photos]
        described = [i for i, captions in enumerate(encoded) if any(captions)]
        loaded = load([photos[i] for i in described], self._short_side, device, report, quiet=share[0] > 0)
        kept = [described[i] for i in loaded.kept]
        if len(kept) < 2:
            raise DataError("Fewer than two photos can be used for training.")
        self.photos = [photos[i] for i in kept]
        self.species = torch.tensor([photo.species for photo in self.photos])
        self._encoded = [[caption for caption in encoded[i] if caption] for i in kept]
        self._loaded = loaded
        self._begin(sizes, batch_size)

    def again(self, sizes: tuple[int, ...], batch_size: int) -> "Batches":
        """The same photos, which are not decoded again, in batches of other sizes, none larger than `largest`.

        Raises DataError when a batch cannot be shared equally.
        """
        other = copy.copy(self)
        other._begin(sizes, batch_size)
        return other

    def _begin(self, sizes: tuple[int, ...], batch_size: int) -> None:
        rows, processes = min(batch_size, len(self.photos)), self._share[1]
        if rows % processes:
            raise DataError(f"Batches of {rows} photos cannot be shared equally by {processes} processes.")
        self.sizes = sizes
        self._draws = Draws(self._loaded.sizes, self._encoded, batch_size, self._seed, self._share)
        resident = self._loaded.resident
        self._source = resident or Streamed(self.photos, self._short_side, self._draws, self.device)

    def __len__(self) -> int:
        """Batches in an epoch."""
        return len(self._draws)

    def __getitem__(self, step: int) -> Batch:
        """Batch number `step`."""
        drawing = self._draws.draw(step)
        pictures = cropped(*self._source.find(step, drawing), self.sizes)
        return Batch(sent(drawing.tokens, self.device), drawing.lengths, self.species[drawing.photos], pictures)

    def captions(self, step: int, count: int) -> Captions:
        """`count` captions of any photos, drawn by step number; the same ones in every process."""
        photos, tokens, lengths = self._draws.captions(step, count)
        return Captions(sent(tokens, self.device), lengths, self.species[photos])

    def where(self, step: int, points: Tensor) -> Tensor:
        """Points of photos as they lie in the pictures of batch number `step`: rows x ... x (x, y).

        points: photos x ... x (x, y), 0..1 of what is decoded of each. In a picture 0 is left and top, 1 right and
        bottom, and what was cut off lies beyond.
        """
        drawing = self._draws.draw(step)
        sizes = torch.stack([self._draws.widths, self._draws.heights], 1)[drawing.photos]
        corners, sides = torch.stack([drawing.lefts, drawing.tops], 1), drawing.sides
        chosen = points[drawing.photos]
        apart = (len(sides), *[1] * (points.dim() - 2))
        places = (chosen * sizes.view(*apart, 2) - corners.view(*apart, 2)) / sides.view(*apart, 1)
        x, y = places.unbind(-1)
        return torch.stack([torch.where(drawing.flipped.view(apart), 1 - x, x), y], -1)
