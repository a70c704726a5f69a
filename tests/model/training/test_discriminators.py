"""The discriminators of a phase: what they see, and that nothing is seen twice."""

import pytest
import torch

from model.image_encoder import ImageEncoder
from model.lite_encoder import LiteEncoder
from model.training.discriminators import Discriminators, View
from model.training.options import GanOptions


def projected(sides: tuple[int, ...], eyes: LiteEncoder) -> Discriminators:
    options = GanOptions(phases=(), discriminator="projected", loss="hinge", discriminator_channels=4)
    return Discriminators(options, tuple(View(side, side) for side in sides), 16, eyes)


@torch.no_grad()
def test_small_pictures_are_enlarged_for_the_eyes_and_larger_ones_seen_as_they_are() -> None:
    both = projected((64, 256), LiteEncoder(16))
    for side, finest in ((64, 32), (128, 32), (256, 64)):
        seen = both.look(torch.rand(2, 3, side, side))
        assert isinstance(seen, list)
        assert seen[0].shape[-1] == finest


@torch.no_grad()
def test_batches_that_the_eyes_see_at_one_size_are_seen_as_if_alone() -> None:
    both, batches = projected((64, 256), LiteEncoder(16)), [torch.rand(2, 3, side, side) for side in (64, 256, 64, 24)]
    batches[2] = batches[2][:1]
    for together, alone in zip(both.look_at_all(batches), map(both.look, batches), strict=True):
        for one, other in zip(together, alone, strict=True):
            torch.testing.assert_close(one, other)


def test_spectral_norm_follows_the_weights_when_the_discriminators_learn_and_else_stays() -> None:
    discriminators, sentence, species = projected((64,), LiteEncoder(16)), torch.randn(2, 16), torch.tensor([0, 1])
    real, fake = discriminators.look_at_all([torch.rand(2, 3, 64, 64), torch.rand(2, 3, 64, 64)])

    def vectors() -> dict[str, torch.Tensor]:
        return {name: one.clone() for name, one in discriminators.state_dict().items() if name.endswith("._v")}

    before = vectors()
    discriminators.generator_loss([fake], sentence, species)
    assert all(torch.equal(one, before[name]) for name, one in vectors().items())
    with torch.no_grad():
        for weight in discriminators.parameters():
            weight.copy_(torch.randn_like(weight))
    discriminators.loss([real], [fake], *3 * (sentence,), species)
    assert not any(torch.equal(one, before[name]) for name, one in vectors().items())


@torch.no_grad()
def test_the_teacher_reads_what_the_discriminator_saw_of_a_small_picture() -> None:
    eyes = LiteEncoder(16)
    discriminators, pictures = projected((64,), eyes), torch.rand(2, 3, 64, 64)
    maps = discriminators.whole_pictures(discriminators.look(pictures), 64)
    assert maps is not None
    for shared, own in zip(eyes.read(maps), eyes(pictures), strict=True):
        torch.testing.assert_close(shared, own)
    assert discriminators.whole_pictures(discriminators.look(torch.rand(2, 3, 256, 256)), 256) is None


def test_the_eyes_are_neither_trained_nor_stored_with_the_discriminators() -> None:
    eyes = LiteEncoder(16)
    discriminators = projected((64,), eyes)
    held = {tensor.data_ptr() for tensor in discriminators.state_dict().values()}
    assert held.isdisjoint(tensor.data_ptr() for tensor in eyes.state_dict().values())


def test_the_discriminators_learn_nothing_for_the_generator() -> None:
    discriminators = projected((64,), LiteEncoder(16))
    pictures = torch.rand(2, 3, 64, 64, requires_grad=True)
    seen, sentence = discriminators.look(pictures), torch.randn(2, 16)
    real, species = discriminators.look(torch.rand(2, 3, 64, 64)), torch.tensor([0, 1])
    loss, apart = discriminators.loss([real], [seen], *3 * (sentence,), species)
    loss.backward()
    assert pictures.grad is None
    assert apart.isfinite()
    discriminators.generator_loss([seen], sentence, species).backward()
    assert pictures.grad is not None


@pytest.mark.parametrize("discriminator", ["published", "projection", "projected"])
def test_a_second_task_is_to_name_the_species(discriminator: str) -> None:
    torch.manual_seed(0)
    options = GanOptions(phases=(), discriminator=discriminator, discriminator_channels=4, species_weight=2.0)
    eyes = ImageEncoder(16, 4).requires_grad_(False).eval()
    views = (View(64, 64), View(128, 128))
    discriminators = Discriminators(options, views, 16, eyes, species=3)
    photos, sentence, species = torch.rand(6, 3, 64, 64), torch.randn(6, 16), torch.arange(6) % 3
    reals = [discriminators.look(photos), discriminators.look(photos.repeat(1, 1, 2, 2))]
    optimizer = torch.optim.Adam(discriminators.parameters(), 0.01)

    def named() -> float:
        """How much more a generator loses that paints other species than were asked for."""
        with torch.no_grad():
            losses = [discriminators.generator_loss(reals, sentence, asked) for asked in (species, (species + 1) % 3)]
        return float(losses[1] - losses[0])

    before = named()
    for _ in range(12):
        loss, _ = discriminators.loss(reals, reals, *3 * (sentence,), species)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert abs(before) < 1 < named()
