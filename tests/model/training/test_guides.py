"""A GAN run that asks more than one pair of encoders whether its paintings fit their words."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from model.data.batches import Batches
from model.data.cub import read_split
from model.encoders import digest
from model.errors import PlainError, WeightsError
from model.image_encoder import ImageEncoder
from model.training import gan
from model.training.gan import train_gan
from model.training.gan_run import GanRun
from model.training.options import read_preset
from model.vocabulary import Vocabulary
from model.weights import save_network

Preset = Callable[..., str]
FIRST = "{ first = 0, last = 0, share = 1.0 }"
CPU = torch.device("cpu")


@pytest.fixture
def guide(encoders: Path, tmp_path: Path) -> Path:
    """Another DAMSM run, with other eyes."""
    shutil.copytree(encoders, tmp_path / "guide")
    save_network(tmp_path / "guide" / "encoders" / "image_encoder.safetensors", ImageEncoder(16), torch.float32)
    (tmp_path / "guide" / "encoders" / "training.json").write_text('{"seed": 7}')
    return tmp_path / "guide"


def test_the_first_encoders_and_the_guides_are_asked_by_turns(
    birds: Path, encoders: Path, guide: Path, preset: Preset, tmp_path: Path
) -> None:
    run = GanRun(tmp_path / "run", encoders, read_preset(preset(FIRST, "wrong_captions = 8")), CPU, guides=(guide,))
    run.begin_phase(0)
    batches = Batches(read_split(birds, "train"), run.vocabulary, run.current.sizes, run.current.options.batch_size)
    asked = []
    for adviser in run.current.advisers:
        adviser.image.register_forward_hook(lambda *_, adviser=adviser: asked.append(adviser))
    for _ in range(12):
        assert run.train_step(batches)["damsm"].isfinite()
    assert len(asked) == 12
    assert {id(one) for one in asked} == {id(one) for one in run.current.advisers}


def test_a_resumed_run_knows_its_guides_and_its_weights_tell_of_them(
    birds: Path,
    encoders: Path,
    guide: Path,
    preset: Preset,
    tmp_path: Path,
    steps_for_minutes: None,
) -> None:
    train_gan(birds, tmp_path / "run", encoders, 1, preset(FIRST), device="cpu", guides=(guide,))
    train_gan(birds, tmp_path / "run", None, 2, preset(FIRST), resume=True, device="cpu")
    story = json.loads((tmp_path / "run" / "weights-64" / "training.json").read_text())
    assert story["guides"] == [{"seed": 7}]
    assert digest(tmp_path / "run" / "weights-64") != digest(guide)


def test_a_guide_with_other_words_is_refused(encoders: Path, guide: Path, preset: Preset, tmp_path: Path) -> None:
    words = Vocabulary.load(guide / "encoders" / "vocabulary.txt").words
    Vocabulary((*words[:-1], "zebra")).save(guide / "encoders" / "vocabulary.txt")
    with pytest.raises(WeightsError, match="guide has other words than"):
        GanRun(tmp_path / "run", encoders, read_preset(preset(FIRST)), CPU, guides=(guide,))


def test_the_judge_of_the_program_teaches_nobody(
    birds: Path, encoders: Path, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guide: Path
) -> None:
    monkeypatch.setattr(gan, "SHIPPED_JUDGE", guide)
    for teachers in ((guide, ()), (encoders, (guide,))):
        with pytest.raises(PlainError, match="judges paintings"):
            train_gan(birds, tmp_path / "run", teachers[0], 2, preset(FIRST), device="cpu", guides=teachers[1])
