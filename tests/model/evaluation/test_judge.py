"""The judge reads captions and sees pictures one by one, whatever else is in the batch."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from model.errors import PlainError
from model.evaluation import judge as judge_module
from model.evaluation.judge import Judge
from model.pipeline import TextToImagePipeline
from tests.model.malice import one_sentence


@pytest.fixture
def judge(weights: Path) -> Judge:
    return Judge(TextToImagePipeline.from_pretrained(weights, "cpu"), weights)


def test_captions_are_read_alike_alone_and_together(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    captions = ["red bird", "this small bird has a very short beak with white", "blue", "a bird, a penguin"]
    together = judge.read(captions)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(4))
    monkeypatch.setattr(judge_module, "AT_ONCE", 1)
    torch.testing.assert_close(judge.read(captions), together)
    torch.testing.assert_close(judge.read(["a bird, a ostrich"])[0], together[3])


def test_pictures_are_seen_alike_alone_and_together(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3)).astype(np.uint8)
    together = judge.see(images)
    torch.testing.assert_close(together.norm(dim=1), torch.ones(5))
    monkeypatch.setattr(judge_module, "AT_ONCE", 2)
    torch.testing.assert_close(judge.see(images), together, rtol=1e-4, atol=1e-5)


def test_without_an_image_encoder_there_is_no_judge(weights: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copytree(weights, tmp_path / "alone"))
    (alone / "image_encoder.safetensors").unlink()
    with pytest.raises(PlainError, match="image_encoder") as told:
        Judge(TextToImagePipeline.from_pretrained(alone, "cpu"), alone)
    assert one_sentence(str(told.value))
