"""The judge reads captions and sees pictures one by one, whatever else is in the batch."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from model.config import ModelConfig
from model.encoders import make_image_encoder, save_image_encoder
from model.errors import PlainError
from model.evaluation import judge as judge_module
from model.evaluation.judge import Judge
from model.image_encoder import ImageEncoder
from model.places import SHIPPED_JUDGE, SHIPPED_WEIGHTS, find_encoders
from model.text_encoder import TextEncoder
from model.vocabulary import PADDING, Vocabulary
from model.weights import save_network
from tests.model.malice import one_sentence


@pytest.fixture
def judge(weights: Path) -> Judge:
    return Judge.from_folder(weights, torch.device("cpu"))


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
        Judge.from_folder(alone, torch.device("cpu"))
    assert one_sentence(str(told.value))


def test_a_judge_knows_whether_it_taught_the_generator(judge: Judge, weights: Path, tmp_path: Path) -> None:
    assert judge.taught(weights) is True
    other = Path(shutil.copytree(weights, tmp_path / "other"))
    torch.manual_seed(2)
    save_network(other / "image_encoder.safetensors", ImageEncoder(16), torch.float32)
    assert judge.taught(other) is False
    assert Judge.from_folder(other, torch.device("cpu")).taught(weights) is False
    (other / "image_encoder.safetensors").unlink()
    assert judge.taught(other) is None


def test_a_run_holds_its_judge_in_encoders(judge: Judge, weights: Path, tmp_path: Path) -> None:
    shutil.copytree(weights, tmp_path / "run" / "encoders")
    of_run = Judge.from_folder(tmp_path / "run", torch.device("cpu"))
    assert torch.equal(of_run.read(["a red bird"]), judge.read(["a red bird"]))


def test_regions_are_those_of_the_picture(judge: Judge) -> None:
    dark = np.zeros((1, 64, 64, 3), np.uint8)
    lit = dark.copy()
    lit[:, 48:, :16] = 255  # at the bottom left
    features, regions = judge.look(np.concatenate((dark, lit)))
    assert torch.equal(features, judge.see(np.concatenate((dark, lit))))
    assert regions.shape == (2, 16, 8, 8)
    change = (regions[1].float() - regions[0].float()).norm(dim=0)
    assert change[6:, :2].mean() > 3 * change[:2, 6:].mean()


def test_what_it_can_read(judge: Judge) -> None:
    assert judge.knows("a bird, a penguin")
    assert not judge.knows("penguins")


def test_a_judge_that_looks_with_the_teachers_eyes_is_known_by_them(tmp_path: Path) -> None:
    vocabulary = Vocabulary((PADDING, "red", "bird"))
    config = ModelConfig(vocabulary_size=3, text_size=16, word_embedding_size=8)
    teacher, sibling, stranger = (make_image_encoder(kind, 16, True) for kind in ("lite0", "lite0", "lite1"))
    save_image_encoder(tmp_path / "image_encoder.safetensors", teacher)
    judges = [Judge(config, vocabulary, TextEncoder(config), one, torch.device("cpu")) for one in (sibling, stranger)]
    assert [judge.taught(tmp_path) for judge in judges] == [False, False]
    assert [judge.shares_eyes(tmp_path) for judge in judges] == [True, False]


def test_the_shipped_judge_taught_none_of_the_shipped_weights() -> None:
    shipped = Judge.from_folder(find_encoders("judge"), torch.device("cpu"))
    for weights in ("birds-512", "birds-256"):
        assert shipped.taught(SHIPPED_WEIGHTS / weights) is False
        assert not shipped.shares_eyes(SHIPPED_WEIGHTS / weights)
        assert shipped.vocabulary.words == Vocabulary.load(SHIPPED_WEIGHTS / weights / "vocabulary.txt").words


def test_a_path_is_never_taken_for_the_judge_of_the_program(weights: Path, tmp_path: Path) -> None:
    assert find_encoders("judge") == SHIPPED_JUDGE
    for path in (str(tmp_path / "judge"), "./judge", "runs/judge"):
        assert find_encoders(path) == Path(path)
    assert find_encoders(str(weights)) == weights
    assert find_encoders("birds-256") == SHIPPED_WEIGHTS / "birds-256"
