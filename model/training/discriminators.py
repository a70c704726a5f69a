"""The discriminators of a phase, one a stage: what they see, and what they and the generator are told."""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from model.discriminator import Discriminator, ProjectionDiscriminator
from model.errors import WeightsError
from model.image_encoder import ImageEncoder
from model.projected_discriminator import ProjectedDiscriminator
from model.training.gan_losses import discriminator_loss, generator_loss
from model.training.options import GanOptions

Seen = Tensor | list[Tensor]  # a batch of pictures, or of the maps that the teacher's eyes make of them


class Discriminators(nn.Module):
    """One for each trained stage; the projected ones look through the teacher's eyes, which are not theirs to train."""

    def __init__(
        self, options: GanOptions, sides: tuple[int, ...], channels: int, text_size: int, eyes: ImageEncoder
    ) -> None:
        """sides: of the pictures that each sees, in pixels; channels: ndf; eyes: the teacher's image encoder."""
        super().__init__()
        self.options, self._eyes = options, (eyes,)  # in a tuple, so that it is no part of this module
        self.projected = options.discriminator == "projected"
        self.each = nn.ModuleList(self._make(side, channels, text_size) for side in sides)

    def _make(self, side: int, channels: int, text_size: int) -> nn.Module:
        if self.projected:
            with torch.no_grad():
                maps = self.look(next(self._eyes[0].parameters()).new_zeros(1, 3, side, side))
            map_sides = tuple(one.shape[-1] for one in maps)
            return ProjectedDiscriminator(self._eyes[0].widths, map_sides, text_size, channels)
        design = ProjectionDiscriminator if self.options.discriminator == "projection" else Discriminator
        return design(side, text_size, channels)

    def look(self, pictures: Tensor) -> Seen:
        """What a discriminator sees of pictures, batch x 3 x s x s in -1..1."""
        if not self.projected:
            return pictures
        eyes = self._eyes[0]
        return eyes.look(eyes.resized(pictures) if pictures.shape[-1] < eyes.image_size else pictures)

    def whole_pictures(self, seen: Seen, side: int) -> list[Tensor] | None:
        """The maps for the teacher to read, when pictures of this side have been seen as it would see them."""
        return seen if isinstance(seen, list) and side <= self._eyes[0].image_size else None

    def loss(
        self, reals: list[Seen], fakes: list[Seen], sentence: Tensor, wrong: Tensor, painted: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Sum over the stages of `discriminator_loss` and of how far photos and paintings are apart."""
        loss, weight = self.options.loss, self.options.mismatch_weight
        told = [
            discriminator_loss(discriminator, real, _detached(fake), sentence, wrong, painted, loss, weight)
            for discriminator, real, fake in zip(self.each, reals, fakes, strict=True)
        ]
        return torch.stack([one for one, _ in told]).sum(), torch.stack([apart for _, apart in told]).sum()

    def generator_loss(self, fakes: list[Seen], sentence: Tensor) -> Tensor:
        """Sum over the stages of `generator_loss`."""
        told = [
            generator_loss(discriminator, fake, sentence, self.options.loss)
            for discriminator, fake in zip(self.each, fakes, strict=True)
        ]
        return torch.stack(told).sum()


def _detached(seen: Seen) -> Seen:
    return [one.detach() for one in seen] if isinstance(seen, list) else seen.detach()


def save_discriminators(path: Path, discriminators: Discriminators, sizes: tuple[int, ...], before: Path) -> None:
    """Write a phase's discriminators for fine-tuning, half precision, with those of the stages before from `before`."""
    tensors = load_file(before) if before.is_file() else {}
    for size, discriminator in zip(sizes, discriminators.each, strict=True):
        tensors = {name: tensor for name, tensor in tensors.items() if not name.startswith(f"{size}.")}
        for name, tensor in discriminator.state_dict().items():
            kept = ".running_" in name or not tensor.is_floating_point()  # as half, statistics may overflow
            tensors[f"{size}.{name}"] = tensor if kept else tensor.half()
    try:
        save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path)
    except SafetensorError as error:
        raise WeightsError(f"The discriminators {path} could not be written: {error}.") from None
    path.chmod(0o644)


def load_discriminators(
    path: Path, discriminators: Discriminators, sizes: tuple[int, ...], tell: Callable[[str], None] = print
) -> None:
    """Take over from such a file what it has of these stages; those of another design begin anew, which is told.

    Raises WeightsError for a damaged file.
    """
    try:
        tensors = load_file(path)
    except SafetensorError:
        raise WeightsError(f"{path} is damaged; remove it to begin new discriminators.") from None
    for size, discriminator in zip(sizes, discriminators.each, strict=True):
        mark = f"{size}."
        there = {name.removeprefix(mark): tensor for name, tensor in tensors.items() if name.startswith(mark)}
        if there and _shapes(there) == _shapes(discriminator.state_dict()):
            discriminator.load_state_dict(there)
        elif there:
            tell(f"{path} has other discriminators of {size} px than this preset; new ones begin.")


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}
