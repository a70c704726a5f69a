"""The pipeline: what a caption, a seed and a number of samples promise."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from model.errors import CaptionError, PlainError
from model.pipeline import Result, Stage, TextToImagePipeline
from tests.model.malice import one_sentence
from tests.model.networks import lively

CAPTION = "a small red bird with white wings"


@pytest.fixture(scope="module")
def pipe(weights: Path) -> TextToImagePipeline:
    """A tiny weight set, untrained but for batch norms that let the words come through."""
    torch.manual_seed(2)
    pipeline = TextToImagePipeline.from_pretrained(weights, "cpu")
    lively(pipeline.generator)
    return pipeline


def identical(first: Result, second: Result) -> bool:
    def same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
        return (a is None and b is None) or (a is not None and b is not None and np.array_equal(a, b))

    pairs = zip(first.stages, second.stages, strict=True)
    return all(same(a.images, b.images) and same(a.attention, b.attention) for a, b in pairs)


def test_four_stages_and_the_attention_they_attended_with(pipe: TextToImagePipeline) -> None:
    result = pipe(CAPTION, seed=3, samples=2)
    assert [stage.size for stage in result.stages] == [64, 128, 256, 512]
    assert result.stages[0].attention is None
    for stage in result.stages:
        assert stage.images.dtype == np.uint8
        assert stage.images.shape == (2, stage.size, stage.size, 3)
        assert stage.seconds > 0
        if stage.attention is not None:
            assert stage.attention.dtype == np.float32
            assert stage.attention.shape == (2, 7, stage.size // 2, stage.size // 2)
            np.testing.assert_allclose(stage.attention.sum(1), 1, atol=1e-5)
    assert result.tokens == CAPTION.split()
    assert result.unknown_words == []
    assert (result.caption, result.seed, result.samples) == (CAPTION, 3, 2)
    assert (result.weights, result.device) == ("tiny", "CPU")


def test_the_same_seed_gives_the_same_pixels_and_another_one_others(pipe: TextToImagePipeline) -> None:
    first = pipe(CAPTION, seed=11)
    torch.rand(5)  # whatever else draws random numbers
    assert identical(first, pipe(CAPTION, seed=11))
    assert not identical(first, pipe(CAPTION, seed=12))


def test_a_sample_does_not_depend_on_how_many_are_asked_for(pipe: TextToImagePipeline) -> None:
    one, three = pipe(CAPTION, seed=4, samples=1), pipe(CAPTION, seed=4, samples=3)
    for few, many in zip(one.stages, three.stages, strict=True):
        assert np.abs(few.images[0].astype(int) - many.images[0].astype(int)).max() <= 1
    first, second, third = three.stages[0].images
    assert not np.array_equal(first, second)
    assert not np.array_equal(second, third)


def test_another_word_keeps_the_noise(pipe: TextToImagePipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[torch.Tensor]] = []
    start = pipe._start

    def watched(sentence: torch.Tensor, *noise: torch.Tensor) -> torch.Tensor:
        drawn.append(list(noise))
        return start(sentence, *noise)

    monkeypatch.setattr(pipe, "_start", watched)
    red, blue = pipe("this bird is red", seed=6), pipe("this bird is blue", seed=6)
    assert all(torch.equal(a, b) for a, b in zip(*drawn, strict=True))
    assert not identical(red, blue)


def test_each_stage_is_shown_before_the_next_is_computed(pipe: TextToImagePipeline) -> None:
    order: list[str] = []
    shown: list[Stage] = []

    def on_stage(stage: Stage) -> None:
        order.append(f"show {stage.size}")
        shown.append(stage)

    watching = [
        refine.register_forward_pre_hook(lambda *_, number=number: order.append(f"compute {number}"))
        for number, refine in enumerate(pipe.generator.refinements, start=1)
    ]
    result = pipe("red bird", on_stage=on_stage)
    for handle in watching:
        handle.remove()
    assert order == ["show 64", "compute 1", "show 128", "compute 2", "show 256", "compute 3", "show 512"]
    assert all(a is b for a, b in zip(shown, result.stages, strict=True))


def test_what_on_stage_raises_ends_the_painting(pipe: TextToImagePipeline) -> None:
    seen: list[int] = []

    def on_stage(stage: Stage) -> None:
        seen.append(stage.size)
        if stage.size == 128:
            raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        pipe("red bird", on_stage=on_stage)
    assert seen == [64, 128]


def test_unknown_words_are_told_and_paint_nothing(pipe: TextToImagePipeline) -> None:
    result = pipe("a glittering red bird, wow", seed=1)
    assert result.unknown_words == ["glittering", "wow"]
    assert result.tokens == ["a", "red", "bird"]
    assert identical(result, pipe("a red bird", seed=1))
    assert pipe.tokenize("a glittering red bird, wow") == (["a", "red", "bird"], ["glittering", "wow"])


@pytest.mark.parametrize("caption", ["", "   ", " ?! \n"])
def test_an_empty_caption_is_told(pipe: TextToImagePipeline, caption: str) -> None:
    for read in (pipe, pipe.tokenize):
        with pytest.raises(CaptionError, match="empty") as told:
            read(caption)
        assert one_sentence(str(told.value))


def test_a_caption_of_unknown_words_is_told_with_the_words(pipe: TextToImagePipeline) -> None:
    with pytest.raises(CaptionError, match="ostrich") as told:
        pipe("ostrich parade")
    assert one_sentence(str(told.value))


def test_a_very_long_caption_is_read_up_to_the_last_word_that_fits(pipe: TextToImagePipeline) -> None:
    most = pipe.config.maximum_words
    result = pipe("red bird " * most)
    assert result.tokens == ["red", "bird"] * (most // 2)
    assert result.stages[1].attention is not None
    assert result.stages[1].attention.shape[1] == most


def test_no_samples_and_negative_seeds_are_told(pipe: TextToImagePipeline) -> None:
    with pytest.raises(PlainError, match="sample"):
        pipe(CAPTION, samples=0)
    with pytest.raises(PlainError, match="seed"):
        pipe(CAPTION, seed=-1)


def test_a_walk_begins_and_ends_with_the_birds_it_leads_between(pipe: TextToImagePipeline) -> None:
    shown: list[np.ndarray] = []
    birds = ("a red bird", 3), ("a small blue bird with wings", 4)
    walked = pipe.walk(*birds, 5, on_frame=shown.append)
    assert len(walked) == len(shown) == 5
    first, last = (pipe(*bird).stages[-1].images[0].astype(float) for bird in birds)
    assert np.abs(walked[0] - first).max() <= 1
    assert np.abs(walked[-1] - last).max() <= 1
    steps = [np.abs(after.astype(float) - before).mean() for before, after in pairwise(walked)]
    assert 0 < min(steps) <= max(steps) < np.abs(last - first).mean()


@pytest.fixture
def noises(pipe: TextToImagePipeline, monkeypatch: pytest.MonkeyPatch) -> list[torch.Tensor]:
    """All that pictures are begun from, as it comes."""
    heard: list[torch.Tensor] = []
    initial = pipe.generator.initial.forward

    def listen(condition: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        heard.append(noise)
        began: torch.Tensor = initial(condition, noise)
        return began

    monkeypatch.setattr(pipe.generator.initial, "forward", listen)
    return heard


def test_a_walk_between_two_captions_keeps_the_noise(pipe: TextToImagePipeline, noises: list[torch.Tensor]) -> None:
    pipe.walk(("a red bird", 3), ("a blue bird", 3), 5)
    assert all(torch.equal(noise, noises[0]) for noise in noises)


def test_a_walk_between_two_seeds_keeps_the_noise_as_loud_as_it_was(
    pipe: TextToImagePipeline, noises: list[torch.Tensor]
) -> None:
    for seed in range(12):
        pipe.walk(("a red bird", seed), ("a red bird", seed + 100), 3)
    power = torch.stack(noises).square().mean((1, 2))
    assert power[1::3].mean() > 0.75 * power.mean()  # half way on a straight line it would be 0.6


def test_a_walk_of_one_picture_or_from_unknown_words_is_told(pipe: TextToImagePipeline) -> None:
    with pytest.raises(PlainError, match="at least two pictures, not 1"):
        pipe.walk(("a red bird", 0), ("a blue bird", 0), 1)
    with pytest.raises(CaptionError, match="zzyzx"):
        pipe.walk(("a red bird", 0), ("zzyzx", 0), 3)


def test_huge_seeds_are_fine_and_differ(pipe: TextToImagePipeline) -> None:
    assert not identical(pipe("red bird", seed=2**63 - 1), pipe("red bird", seed=2**63 - 2))


def test_devices_that_are_not_there_are_told(weights: Path) -> None:
    with pytest.raises(PlainError, match="toaster"):
        TextToImagePipeline.from_pretrained(weights, "toaster")
    if not torch.backends.mps.is_available():
        with pytest.raises(PlainError, match="mps"):
            TextToImagePipeline.from_pretrained(weights, "mps")
