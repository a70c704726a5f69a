"""The projected discriminator: a logit a map, what it may learn, and that it tells what its eyes can tell."""

import torch
from torch.nn import functional as F

from model.image_encoder import ImageEncoder
from model.projected_discriminator import ProjectedDiscriminator
from tests.model.networks import lively, without_gradient


def discriminator(eyes: ImageEncoder, side: int = 64) -> ProjectedDiscriminator:
    sides = tuple(one.shape[-1] for one in eyes.look(torch.zeros(1, 3, side, side)))
    return ProjectedDiscriminator(eyes.widths, sides, text_size=16, channels=4)


def test_every_map_gives_every_picture_two_logits() -> None:
    eyes = ImageEncoder(text_size=16, channels=4)
    for side in (64, 128):
        judging = discriminator(eyes, side)
        features = judging(eyes.look(torch.rand(3, 3, side, side)))
        assert [one.shape[2:] for one in features] == [(4, 4)] * 4
        assert judging.judge(features).shape == (4 * 3,)
        assert judging.judge_with(features, torch.randn(3, 16)).shape == (4 * 3,)


def test_the_random_mix_stays_as_it_was_drawn_and_all_else_learns() -> None:
    eyes = lively(ImageEncoder(text_size=16, channels=4)).requires_grad_(False)
    assert isinstance(eyes, ImageEncoder)
    judging = discriminator(eyes)
    features = judging(eyes.look(torch.randn(3, 3, 64, 64)))
    logits = judging.judge(features), judging.judge_with(features, torch.randn(3, 16))
    assert without_gradient(judging, *logits) == []
    assert not any(name.startswith("mix.") for name, _ in judging.named_parameters())


def test_what_is_kept_judges_alike_in_another_one() -> None:
    eyes = lively(ImageEncoder(text_size=16, channels=4))
    assert isinstance(eyes, ImageEncoder)
    first, second = discriminator(eyes).eval(), discriminator(eyes).eval()
    second.load_state_dict(first.state_dict())
    maps = eyes.look(torch.randn(2, 3, 64, 64))
    assert torch.equal(first.judge(first(maps)), second.judge(second(maps)))


def test_gradients_go_through_the_eyes_to_the_picture() -> None:
    eyes = lively(ImageEncoder(text_size=16, channels=4)).requires_grad_(False)
    assert isinstance(eyes, ImageEncoder)
    judging = discriminator(eyes).eval().requires_grad_(False)
    picture = torch.randn(2, 3, 64, 64, requires_grad=True)
    judging.judge(judging(eyes.look(picture))).sum().backward()
    assert picture.grad is not None
    assert (picture.grad.abs().sum((1, 2, 3)) > 0).all()


def test_it_learns_to_tell_stripes_from_dots_and_which_sentence_fits() -> None:
    torch.manual_seed(0)
    eyes = ImageEncoder(text_size=16, channels=8).eval().requires_grad_(False)
    judging = discriminator(eyes)
    optimizer = torch.optim.Adam(judging.parameters(), 0.002, (0.0, 0.99))
    rows, columns = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    stripes, dots = (rows // 4 % 2).float(), ((rows // 4 + columns // 4) % 2).float()
    said_light, said_dark = torch.randn(1, 16), torch.randn(1, 16)

    def features(pattern: torch.Tensor, light: torch.Tensor) -> list[torch.Tensor]:
        seen: list[torch.Tensor] = judging(eyes.look(pattern - 0.5 + light + 0.2 * torch.randn(8, 3, 64, 64)))
        return seen

    half_light = torch.tensor([0.5, -0.5]).repeat_interleave(4)[:, None, None, None]
    fits, fails = (
        torch.cat(pair).repeat_interleave(4, 0) for pair in ((said_light, said_dark), (said_dark, said_light))
    )
    for _ in range(40):
        striped, dotted = features(stripes, half_light), features(dots, half_light)
        loss = F.relu(1 - judging.judge(striped)).mean() + F.relu(1 + judging.judge(dotted)).mean()
        loss = loss + F.relu(1 - judging.judge_with(striped, fits)).mean()
        loss = loss + F.relu(1 + judging.judge_with(striped, fails)).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    judging.eval()
    with torch.no_grad():
        striped, dotted = features(stripes, half_light), features(dots, half_light)
        assert judging.judge(striped).mean() > judging.judge(dotted).mean() + 0.5
        assert judging.judge_with(striped, fits).mean() > judging.judge_with(striped, fails).mean() + 0.5
