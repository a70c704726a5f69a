"""What batch n is made of: photos, crops and captions drawn at random, the same in every run and every process."""

from dataclasses import dataclass

import torch
from torch import Tensor

from model.data.photo import MARGIN

CAPTION_WORDS = 18  # a longer caption is thinned out at random, in order


@dataclass(frozen=True)
class Drawing:
    """A row per picture, all on the CPU. photos: which one; tops, lefts, sides: a square of it, in its pixels.

    flipped: True where left and right change places; tokens: rows x 18, padded with 0; lengths: words in tokens.
    """

    photos: Tensor
    tops: Tensor
    lefts: Tensor
    sides: Tensor
    flipped: Tensor
    tokens: Tensor
    lengths: Tensor


class Draws:
    """Everything that drawing needs to know of a set of photos; the numbers come from the seed and the step alone."""

    def __init__(
        self,
        sizes: list[tuple[int, int]],
        captions: list[list[list[int]]],
        batch_size: int,
        seed: int,
        share: tuple[int, int],
    ) -> None:
        """sizes: height and width of every photo in pixels; captions: tokens of every caption, by photo.

        share: (rank, world), whose rows of every batch are wanted.
        """
        self.batch_size, self.seed, self.share = batch_size, seed, share
        self.heights, self.widths = torch.tensor(sizes).T
        self.captions_of = torch.tensor([len(of_photo) for of_photo in captions])
        self.first_caption = self.captions_of.cumsum(0) - self.captions_of
        flat = [torch.tensor(caption) for of_photo in captions for caption in of_photo]
        self.words = torch.tensor([len(caption) for caption in flat])
        self.tokens = torch.nn.utils.rnn.pad_sequence(flat, batch_first=True)
        self._epoch, self._order = -1, torch.empty(0)

    def __len__(self) -> int:
        """Batches in an epoch."""
        return max(1, len(self.heights) // self.batch_size)

    def draw(self, step: int) -> Drawing:
        """This process's rows of batch number `step`: all rows are drawn, so that every process knows the same ones."""
        photos = self._photos(step)
        count = len(photos)
        random = _random(self.seed, step, 1)
        top, left, flip, caption = torch.rand(4, count, generator=random, dtype=torch.float64)
        keep = torch.rand(count, self.tokens.shape[1], generator=random)
        rank, world = self.share
        mine = slice(rank * count // world, (rank + 1) * count // world)
        photos = photos[mine]
        heights, widths = self.heights[photos], self.widths[photos]
        sides = (torch.minimum(heights, widths) / MARGIN).round().long()
        chosen = self._chosen(photos, caption[mine])
        tokens, lengths = thinned(self.tokens[chosen], self.words[chosen], keep[mine])
        return Drawing(
            photos,
            _below(heights - sides + 1, top[mine]),
            _below(widths - sides + 1, left[mine]),
            sides,
            flip[mine] < 0.5,
            tokens,
            lengths,
        )

    def captions(self, step: int, count: int) -> tuple[Tensor, Tensor, Tensor]:
        """`count` captions of any photos, the same in every process: photos, tokens and lengths as in a Drawing."""
        random = _random(self.seed, -1 - step, 1)  # numbers that no batch is drawn by
        photos = torch.randint(len(self.heights), (count,), generator=random)
        chosen = self._chosen(photos, torch.rand(count, generator=random, dtype=torch.float64))
        keep = torch.rand(count, self.tokens.shape[1], generator=random)
        return photos, *thinned(self.tokens[chosen], self.words[chosen], keep)

    def _chosen(self, photos: Tensor, shares: Tensor) -> Tensor:
        """Which captions of photos, `shares` (0..1) of the way through those of each."""
        return self.first_caption[photos] + _below(self.captions_of[photos], shares)

    def _photos(self, step: int) -> Tensor:
        epoch, place = divmod(step, len(self))
        if epoch != self._epoch:
            self._epoch = epoch
            self._order = torch.randperm(len(self.heights), generator=_random(self.seed, epoch, 0))
        return self._order[place * self.batch_size : (place + 1) * self.batch_size]


def thinned(tokens: Tensor, lengths: Tensor, keep: Tensor) -> tuple[Tensor, Tensor]:
    """At most CAPTION_WORDS tokens of every caption in their order, those with the highest `keep`, and how many.

    tokens: captions x words, padded with 0; lengths: captions; keep: like tokens, 0..1. Returns captions x 18, padded.
    """
    words = tokens.shape[1]
    if words < CAPTION_WORDS:
        return torch.nn.functional.pad(tokens, (0, CAPTION_WORDS - words)), lengths
    keep = keep.masked_fill(torch.arange(words) >= lengths[:, None], -1.0)
    places = keep.topk(CAPTION_WORDS).indices.sort().values
    return tokens.gather(1, places), lengths.clamp(max=CAPTION_WORDS)


def _below(limits: Tensor, shares: Tensor) -> Tensor:
    """Whole numbers from 0 to under each limit, `shares` (0..1) of the way."""
    return (shares * limits).long()


def _random(seed: int, number: int, use: int) -> torch.Generator:
    return torch.Generator().manual_seed((seed * 2 + use) * 1_000_003_939 + number)
