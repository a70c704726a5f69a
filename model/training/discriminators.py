"""The discriminators of a phase, one a view: what they see, and what they and the generator are told.

With `species_weight` they have a second task (Odena et al. 2017, AC-GAN, arXiv 1610.09585): photos are to be named, and
paintings to pass for the species that their sentence was written about.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrize import cached, is_parametrized

from model.discriminator import Discriminator, ProjectionDiscriminator
from model.errors import WeightsError
from model.image_encoder import ImageEncoder
from model.projected_discriminator import ProjectedDiscriminator
from model.training.gan_losses import discriminator_loss, generator_loss
from model.training.options import GanOptions
from model.training.precision import autocast

Seen = Tensor | list[Tensor]  # a batch of pictures, or of the maps that the teacher's eyes make of them


class View(NamedTuple):
    """What one of the discriminators sees of a stage's pictures: all, a crop, or the bird's head."""

    size: int  # of the stage's pictures, in pixels
    side: int  # of what is seen
    head: bool = False

    @property
    def name(self) -> str:
        """What its discriminator is kept under."""
        return f"{self.size}-head" if self.head else f"{self.size}"


class Discriminators(nn.Module):
    """One for each view; the projected ones look through the teacher's eyes, which are not theirs to train."""

    def __init__(
        self,
        options: GanOptions,
        views: tuple[View, ...],
        text_size: int,
        eyes: ImageEncoder,
        species: int = 0,
    ) -> None:
        """eyes: the teacher's image encoder; species: one more than the largest number of one, for
        `options.species_weight`; 0: there is no second task.
        """
        super().__init__()
        self.options, self.views = options, views
        self._eyes = (eyes,)  # in a tuple, so that it is no part of this module
        self.projected = options.discriminator == "projected"
        made = [self._make(view.side, text_size) for view in views]
        self.each = nn.ModuleList(made)
        widths = [discriminator.width for discriminator in made] if options.species_weight and species else []
        self.naming = nn.ModuleList(nn.Linear(width, species) for width in widths)

    def _make(self, side: int, text_size: int) -> Discriminator | ProjectedDiscriminator:
        if self.projected:
            place = self._place()
            with torch.no_grad(), autocast(place, self.options.precision):
                maps = self.look(torch.zeros(1, 3, side, side, device=place))
            map_sides = tuple(one.shape[-1] for one in maps)
            return ProjectedDiscriminator(
                self._eyes[0].widths, map_sides, text_size, self.options.discriminator_channels
            )
        design = ProjectionDiscriminator if self.options.discriminator == "projection" else Discriminator
        return design(side, text_size, self.options.discriminator_channels)

    def look(self, pictures: Tensor) -> Seen:
        """What a discriminator sees of pictures, batch x 3 x s x s in -1..1."""
        return self.look_at_all([pictures])[0]

    def look_at_all(self, batches: list[Tensor]) -> list[Seen]:
        """`look` for each of several batches, those that the eyes see at one size in one pass."""
        if not self.projected:
            return list(batches)
        enlarged = [self._enlarged(pictures) for pictures in batches]
        by_side: dict[int, list[int]] = {}
        for number, pictures in enumerate(enlarged):
            by_side.setdefault(pictures.shape[-1], []).append(number)
        seen: dict[int, Seen] = {}
        for numbers in by_side.values():
            maps = self._eyes[0].look(torch.cat([enlarged[number] for number in numbers]))
            rows = [len(batches[number]) for number in numbers]
            for number, own in zip(numbers, zip(*(one.split(rows) for one in maps), strict=True), strict=True):
                seen[number] = list(own)
        return [seen[number] for number in range(len(batches))]

    def _enlarged(self, pictures: Tensor) -> Tensor:
        eyes = self._eyes[0]
        return eyes.resized(pictures) if pictures.shape[-1] < eyes.image_size else pictures

    def whole_pictures(self, seen: Seen, side: int) -> list[Tensor] | None:
        """The maps for the teacher to read, when pictures of this side have been seen as it would see them."""
        return seen if isinstance(seen, list) and side <= self._eyes[0].image_size else None

    def loss(
        self, reals: list[Seen], fakes: list[Seen], sentence: Tensor, wrong: Tensor, painted: Tensor, species: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Sum over the views of `discriminator_loss`, with the second task, and of how far photos and paintings are
        apart; species: of the photos, batch.
        """
        losses, aparts = [], []
        with self._normed_once(follow=True):
            for number, (discriminator, real, fake) in enumerate(zip(self.each, reals, fakes, strict=True)):
                features, of_fake = discriminator(real), discriminator(_detached(fake))
                loss, apart = discriminator_loss(
                    discriminator,
                    features,
                    of_fake,
                    sentence,
                    wrong,
                    painted,
                    self.options.loss,
                    self.options.mismatch_weight,
                )
                losses.append(loss + self._misnamed(number, features, species))
                aparts.append(apart)
        return torch.stack(losses).sum(), torch.stack(aparts).sum()

    def generator_loss(self, fakes: list[Seen], sentence: Tensor, species: Tensor) -> Tensor:
        """Sum over the views of `generator_loss`, with the second task; a head counts `head_weight` times.

        species: that sentences are about, batch.
        """
        losses = []
        with self._normed_once(follow=False):
            for number, (view, discriminator, fake) in enumerate(zip(self.views, self.each, fakes, strict=True)):
                features = discriminator(fake)
                loss = generator_loss(discriminator, features, sentence, self.options.loss)
                loss = loss + self._misnamed(number, features, species)
                losses.append(self.options.head_weight * loss if view.head else loss)
        return torch.stack(losses).sum()

    @contextmanager
    def _normed_once(self, follow: bool) -> Iterator[None]:
        """Spectral norm is taken once for all uses within, in single precision.

        follow: whether its vectors follow the weights by a power iteration; else they stay as they are.
        """
        with cached():
            with torch.autocast(self._place().type, enabled=False):
                for module in self.modules():
                    if is_parametrized(module, "weight"):
                        module.get_submodule("parametrizations.weight").train(follow and self.training)
                        _ = module.weight  # which keeps it
            yield

    def _place(self) -> torch.device:
        return next(self._eyes[0].parameters()).device

    def _misnamed(self, number: int, features: Seen, species: Tensor) -> Tensor | float:
        """What discriminator `number` loses by the names that it has for features, batch x width x ..., of species."""
        if not self.naming:
            return 0.0
        maps = features if isinstance(features, list) else [features]
        names = self.naming[number](torch.cat([one.float().mean((2, 3)) for one in maps], 1))
        return self.options.species_weight * F.cross_entropy(names.float(), species)


def _detached(seen: Seen) -> Seen:
    return [one.detach() for one in seen] if isinstance(seen, list) else seen.detach()


def by_view(discriminators: Discriminators, heads: bool = True) -> dict[str, Tensor]:
    """All tensors of a phase's discriminators, "VIEW." before their names; heads: those of heads, too.

    What names the species is left out: it is a layer that is soon learnt again.
    """
    return {
        f"{view.name}.{name}": tensor
        for view, discriminator in zip(discriminators.views, discriminators.each, strict=True)
        for name, tensor in discriminator.state_dict().items()
        if heads or not view.head
    }


def take_over(discriminators: Discriminators, tensors: Mapping[str, Tensor]) -> list[View]:
    """Go on from what `by_view` gave; returns the views of which it has another design, that begin anew."""
    others = []
    for view, discriminator in zip(discriminators.views, discriminators.each, strict=True):
        mark = f"{view.name}."
        there = {name.removeprefix(mark): tensor for name, tensor in tensors.items() if name.startswith(mark)}
        if there and _shapes(there) == _shapes(discriminator.state_dict()):
            discriminator.load_state_dict(there)
        elif there:
            others.append(view)
    return others


def save_discriminators(path: Path, discriminators: Discriminators, before: Path) -> None:
    """Write a phase's discriminators for fine-tuning, half precision, with those of the stages before from `before`.

    Those of heads are left out, so that the file stays small: fine-tuning begins them anew.
    """
    tensors = load_file(before) if before.is_file() else {}
    marks = tuple(f"{view.name}." for view in discriminators.views)
    tensors = {name: tensor for name, tensor in tensors.items() if not name.startswith(marks)}
    for name, tensor in by_view(discriminators, heads=False).items():
        kept = ".running_" in name or not tensor.is_floating_point()  # as half, statistics may overflow
        tensors[name] = (tensor if kept else tensor.half()).contiguous()
    try:
        save_file(tensors, path)
    except SafetensorError as error:
        raise WeightsError(f"The discriminators {path} could not be written: {error}.") from None
    path.chmod(0o644)


def load_discriminators(path: Path, discriminators: Discriminators, tell: Callable[[str], None] = print) -> None:
    """Take over from such a file what it has of these views; those of another design begin anew, which is told.

    Raises WeightsError for a damaged file.
    """
    try:
        tensors = load_file(path)
    except SafetensorError:
        raise WeightsError(f"{path} is damaged; remove it to begin new discriminators.") from None
    for view in take_over(discriminators, tensors):
        tell(f"{path} has other discriminators of {view.size} px than this preset; new ones begin.")


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}
