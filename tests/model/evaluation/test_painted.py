"""R-precision among captions that the judge reads as other words."""

from pathlib import Path

import numpy as np
import pytest
import torch

from model.evaluation.judge import Judge
from model.evaluation.painted import Captions, r_precision
from model.text_encoder import TextEncoder

SAME = ["a red bird", "A red bird.", "a red ostrich bird", "a , red bird!"]
OTHERS = ["a blue bird", "a white bird with black wings"]


@pytest.fixture
def judge(weights: Path) -> Judge:
    return Judge.from_folder(weights, torch.device("cpu"))


def captions_of_as_many_species(texts: list[str]) -> Captions:
    return Captions(texts, np.arange(len(texts)), np.arange(len(texts)))


def test_a_caption_of_the_same_words_is_no_wrong_one(judge: Judge) -> None:
    captions = captions_of_as_many_species(SAME + OTHERS)
    found = r_precision(judge, captions, judge.read(captions.texts), np.random.default_rng(0))
    assert found == {"mean": 1, "deviation": 0, "among": 3, "pictures": 6}  # two others for each of the same


def test_a_judge_that_cannot_tell_captions_apart_finds_none(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    captions = captions_of_as_many_species(["red bird", *OTHERS])
    monkeypatch.setattr(TextEncoder, "forward", lambda self, tokens, lengths: (None, torch.ones(len(tokens), 16)))
    found = r_precision(judge, captions, judge.read(captions.texts), np.random.default_rng(0))
    assert (found["mean"], found["among"]) == (0, 3)
