"""A GAN run that goes on from a weight set instead of from nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from model.errors import WeightsError
from model.training import gan, gan_run
from model.training.gan import train_gan
from model.training.gan_run import GanRun
from model.training.options import read_preset
from model.vocabulary import Vocabulary
from model.weights import load_weights
from tests.model.conftest import count_steps_for_minutes
from tests.tiny import narrow_preset

Preset = Callable[..., str]
BOTH = "{ first = 0, last = 0, share = 0.5 }, { first = 1, last = 1, share = 0.5 }"
CPU = torch.device("cpu")


pytestmark = pytest.mark.usefixtures("steps_for_minutes")


@pytest.fixture(scope="module")
def once_trained(birds: Path, encoders: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weight set of a short run. Not to be written to."""
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as clocks:
        count_steps_for_minutes(clocks)
        train_gan(birds, folder / "run", encoders, 6, narrow_preset(folder, BOTH), device="cpu")
    return folder / "run" / "weights-128"


@pytest.fixture
def trained(once_trained: Path, tmp_path: Path) -> Path:
    """The weight set of a short run, for this test alone."""
    return shutil.copytree(once_trained, tmp_path / "run" / once_trained.name)


def test_paintings_and_discriminators_are_those_of_the_weight_set(trained: Path, preset: Preset) -> None:
    run = GanRun(trained.parent / "new", trained, read_preset(preset(BOTH)), CPU)
    run.start_from(trained)
    for phase, size in enumerate((64, 128)):
        run.begin_phase(phase)
        kept = load_file(trained / "discriminators.safetensors")
        for name, tensor in run.current.discriminators.each[0].state_dict().items():
            torch.testing.assert_close(kept[f"{size}.{name}"].to(tensor.dtype), tensor)
    painted = load_weights(trained)[-1].state_dict()
    own = run.generator.state_dict()
    assert all(torch.equal(tensor, own[name]) for name, tensor in painted.items())


def test_a_run_goes_on_from_it_and_does_not_grow_its_stages_again(
    birds: Path, trained: Path, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gan_run, "begin_stage", lambda *_: pytest.fail("it begins anew"))
    train_gan(birds, tmp_path / "fine", trained, 2, preset(BOTH), device="cpu", start=trained)
    train_gan(birds, tmp_path / "fine", trained, 6, preset(BOTH), resume=True, device="cpu")
    train_gan(birds, tmp_path / "fine", None, 7, preset(BOTH), resume=True, device="cpu")  # it knows its encoders
    before, after = (load_weights(folder)[-1].state_dict() for folder in (trained, tmp_path / "fine" / "weights-128"))
    assert before.keys() == after.keys()
    assert any(not torch.equal(before[name], after[name]) for name in before)


def test_a_share_of_what_it_started_from_is_kept_in_what_it_writes(
    birds: Path, trained: Path, preset: Preset, tmp_path: Path
) -> None:
    written = []
    for share in (0.0, 0.75):
        told, run = preset(BOTH, f"start_share = {share}\ngenerator_lr = 0.01"), tmp_path / f"fine{share}"
        train_gan(birds, run, trained, 2, told, device="cpu", start=trained)
        train_gan(birds, run, None, 6, told, resume=True, device="cpu")
        written.append(load_weights(run / "weights-128")[-1].state_dict())
    moved, before = 0.0, load_weights(trained)[-1].state_dict()
    for name, tensor in before.items():
        if tensor.is_floating_point():
            torch.testing.assert_close(written[1][name], 0.75 * tensor + 0.25 * written[0][name], rtol=2e-3, atol=2e-3)
            moved = max(moved, float((written[0][name] - tensor).abs().max()))
    assert moved > 0.05


def test_phases_that_begin_anew_are_left_out(birds: Path, trained: Path, preset: Preset, tmp_path: Path) -> None:
    told = preset("{ first = 0, last = 0, share = 0.6, anew = true }, { first = 1, last = 1, share = 0.4 }")
    train_gan(birds, tmp_path / "fine", trained, 2, told, device="cpu", start=trained)
    train_gan(birds, tmp_path / "fine", None, 6, told, resume=True, device="cpu")
    story = json.loads((tmp_path / "fine" / "weights-128" / "training.json").read_text())
    assert [phase["size"] for phase in story["phases"]] == [128]
    before, after = (load_weights(folder)[-1] for folder in (trained, tmp_path / "fine" / "weights-128"))
    for kept, left in zip(before.initial.parameters(), after.initial.parameters(), strict=True):
        assert torch.equal(kept, left)


def test_stages_that_the_beginning_lacks_are_written_with_those_they_learnt_from(trained: Path, preset: Preset) -> None:
    phases = f"{BOTH}, {{ first = 2, last = 2, share = 0.5 }}"
    for told, mixed in ((BOTH, True), (phases, False)):
        run = GanRun(trained.parent / "new", trained, read_preset(preset(told, "start_share = 0.5")), CPU)
        run.start_from(trained)
        assert bool(run.started_with) is mixed


def test_ctrl_c_while_photos_are_decoded_loses_nothing(
    birds: Path, trained: Path, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as decoding:
        decoding.setattr(gan, "_batches", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train_gan(birds, tmp_path / "fine", trained, 2, preset(BOTH), device="cpu", start=trained)
    train_gan(birds, tmp_path / "fine", None, 2, preset(BOTH), resume=True, device="cpu")
    story = json.loads((tmp_path / "fine" / "weights-64" / "training.json").read_text())
    assert story["start"]["weights"] == trained.name


def test_a_resumed_run_does_not_hear_of_another_beginning(
    birds: Path, trained: Path, preset: Preset, tmp_path: Path
) -> None:
    told = preset("{ first = 0, last = 0, share = 0.5, anew = true }, { first = 0, last = 0, share = 0.5 }")
    train_gan(birds, tmp_path / "new", trained, 2, told, device="cpu")
    train_gan(birds, tmp_path / "new", trained, 6, told, resume=True, device="cpu", start=trained)
    story = json.loads((tmp_path / "new" / "weights-64" / "training.json").read_text())
    assert story["start"] is None
    assert len(story["phases"]) == 2


def test_a_weight_set_with_other_words_is_refused(trained: Path, encoders: Path, preset: Preset) -> None:
    vocabulary = Vocabulary.load(trained / "vocabulary.txt")
    Vocabulary((*vocabulary.words[:-1], "zebra")).save(trained / "vocabulary.txt")
    run = GanRun(trained.parent / "new", encoders, read_preset(preset(BOTH)), CPU)
    with pytest.raises(WeightsError, match="other words"):
        run.start_from(trained)


def test_discriminators_of_another_design_are_told_of_and_begin_anew(
    trained: Path, preset: Preset, capsys: pytest.CaptureFixture[str]
) -> None:
    path = trained / "discriminators.safetensors"
    kept = load_file(path)
    save_file(
        {name: tensor for name, tensor in kept.items() if name.startswith("128.")} | {"64.no": torch.ones(1)}, path
    )
    run = GanRun(trained.parent / "new", trained, read_preset(preset(BOTH)), CPU)
    run.start_from(trained)
    run.begin_phase(0)
    assert "has other discriminators of 64 px than this preset" in capsys.readouterr().out
    run.save(minutes=1.0)
    resumed = GanRun(trained.parent / "new", trained, read_preset(preset(BOTH)), CPU)
    resumed.load()
    assert not capsys.readouterr().out
    run.begin_phase(1)
    for name, tensor in run.current.discriminators.each[0].state_dict().items():
        torch.testing.assert_close(kept[f"128.{name}"].to(tensor.dtype), tensor)
    assert not capsys.readouterr().out


def test_damaged_discriminators_are_told_of_in_a_sentence(trained: Path, preset: Preset) -> None:
    (trained / "discriminators.safetensors").write_bytes(b"damaged")
    run = GanRun(trained.parent / "new", trained, read_preset(preset(BOTH)), CPU)
    run.start_from(trained)
    with pytest.raises(WeightsError, match=r"discriminators\.safetensors is damaged"):
        run.begin_phase(0)
