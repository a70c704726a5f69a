"""A GAN run goes on where it stopped, with what it was told, and its phases after one another."""

import copy
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from model.errors import PlainError
from model.training import gan_run
from model.training.checkpoint import load_checkpoint, save_checkpoint
from model.training.gan import train_gan, train_phases
from model.training.gan_run import GanRun
from model.training.options import read_preset
from tests.model.training.gan_runs import FIRST, GROWING, SPECIES, Preset, batches_for, new_run

pytestmark = pytest.mark.usefixtures("steps_for_minutes")


def test_frozen_stages_stay_as_they_are(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    run = new_run(tmp_path / "run", encoders, preset(GROWING))
    run.begin_phase(0)
    run.begin_phase(2)
    before = {name: tensor.clone() for name, tensor in run.generator.state_dict().items()}
    run.train_step(batches_for(run, birds))
    moved = {name for name, tensor in run.generator.state_dict().items() if not torch.equal(tensor, before[name])}
    assert moved
    assert all(name.startswith(("refinements.1.", "heads.2.")) for name in moved)


def test_a_stage_with_two_phases_goes_on_where_the_first_one_ended(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    monkeypatch.setattr(gan_run, "begin_stage", lambda phase, _: begun.append(phase.phase.first))
    ends, starts = [], []

    class Watched(GanRun):
        def begin_phase(self, index: int, resumed: bool = False) -> None:
            if self.phase_index >= 0:
                ends.append(copy.deepcopy(self.current.discriminators.state_dict()))
            super().begin_phase(index, resumed)
            starts.append(copy.deepcopy(self.current.discriminators.state_dict()))

    phases = "{ first = 0, last = 0, share = 0.4 }, { first = 0, last = 0, share = 0.3, batch_size = 2 }, "
    phases += "{ first = 1, last = 1, share = 0.3 }"
    options = read_preset(preset(phases, 'discriminator = "projection"'))
    run = Watched(tmp_path / "run", encoders, options, torch.device("cpu"))
    train_phases(run, birds, 10)
    assert begun == [0, 1]
    assert all(torch.equal(tensor, ends[0][name]) for name, tensor in starts[1].items())
    assert {name for name, tensor in starts[1].items() if not torch.equal(tensor, starts[0][name])}
    assert [(phase["size"], phase["photos"] / phase["steps"]) for phase in run.history] == [(64, 4), (64, 2), (128, 4)]


@pytest.mark.parametrize("phase", [0, 2])
def test_a_run_in_two_sittings_is_the_run_in_one(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, phase: int
) -> None:
    recipe = preset(GROWING, 'loss = "hinge"\ndiscriminator = "projection"\nshift = 3\nspecies_weight = 1.0')
    whole = new_run(tmp_path / "whole", encoders, recipe)
    whole.species = SPECIES
    whole.begin_phase(0)
    whole.begin_phase(phase)
    batches = batches_for(whole, birds)
    for _ in range(2):
        whole.train_step(batches)
    whole.save(minutes=2.5)
    (tmp_path / "parts").mkdir()
    (tmp_path / "whole" / "gan_checkpoint.safetensors").rename(tmp_path / "parts" / "gan_checkpoint.safetensors")
    torch.rand(3)
    parts = new_run(tmp_path / "parts", encoders, recipe)
    parts.species = SPECIES
    assert parts.load() == 2.5
    for _ in range(2):
        expected, losses = whole.train_step(batches), parts.train_step(batches)
        for name, value in expected.items():
            torch.testing.assert_close(losses[name], value, rtol=1e-4, atol=1e-5)
    assert parts.step == whole.step == 4
    for name, tensor in whole.average.network.state_dict().items():
        torch.testing.assert_close(parts.average.network.state_dict()[name], tensor, rtol=1e-4, atol=1e-6)


def test_a_run_from_before_an_option_was_there_goes_on(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset
) -> None:
    output = tmp_path / "run"
    train_gan(birds, output, encoders, 2, preset(FIRST), device="cpu")
    states, progress = load_checkpoint(output / "gan_checkpoint.safetensors")
    del progress["options"]["attention_weight"]
    save_checkpoint(output / "gan_checkpoint.safetensors", states, progress)
    train_gan(birds, output, encoders, 4, preset(FIRST), resume=True, device="cpu")
    assert load_checkpoint(output / "gan_checkpoint.safetensors")[1]["minutes"] == 4


def test_a_run_from_before_phases_had_their_own_options_goes_on(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset
) -> None:
    recipe, output = preset("{ first = 0, last = 0, share = 1, batch_size = 2 }"), tmp_path / "run"
    train_gan(birds, output, encoders, 2, recipe, device="cpu")
    states, progress = load_checkpoint(output / "gan_checkpoint.safetensors")
    older = {"discriminator_channels": 0, "consistency_weight": 0.0}
    progress["options"]["phases"] = [
        {name: value for name, value in phase.items() if name != "changes"} | phase["changes"] | older
        for phase in progress["options"]["phases"]
    ]
    save_checkpoint(output / "gan_checkpoint.safetensors", states, progress)
    train_gan(birds, output, encoders, 4, recipe, resume=True, device="cpu")
    assert load_checkpoint(output / "gan_checkpoint.safetensors")[1]["step"] > progress["step"]


def test_a_run_goes_on_with_its_own_options_only(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    output = tmp_path / "run"
    train_gan(birds, output, encoders, 2, preset(FIRST), device="cpu")
    with pytest.raises(PlainError, match="other options"):
        train_gan(birds, output, encoders, 4, preset(FIRST, "shift = 1"), resume=True, device="cpu")


def test_how_a_gpu_is_given_its_steps_may_change(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    output = tmp_path / "run"
    train_gan(birds, output, encoders, 2, preset(FIRST), device="cpu")
    train_gan(birds, output, encoders, 4, preset(FIRST), ("cuda_graph=false",), resume=True, device="cpu")
    assert load_checkpoint(output / "gan_checkpoint.safetensors")[1]["minutes"] == 4


def test_a_run_goes_on_with_as_many_species_only(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    begun = new_run(tmp_path / "run", encoders, preset(FIRST, "species_weight = 1.0"))
    begun.species = SPECIES + 1
    begun.begin_phase(0)
    begun.save(minutes=1.0)
    with pytest.raises(PlainError, match="was begun with other data"):
        train_gan(
            birds, tmp_path / "run", encoders, 2, preset(FIRST, "species_weight = 1.0"), resume=True, device="cpu"
        )


def test_a_run_stopped_before_the_first_step_of_a_stage_goes_on(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset
) -> None:
    recipe = preset(GROWING)
    stopped = new_run(tmp_path / "run", encoders, recipe)
    stopped.begin_phase(1)
    stopped.save(minutes=1.0)
    resumed = new_run(tmp_path / "run", encoders, recipe)
    resumed.load()
    assert resumed.phase.first == 1
    resumed.train_step(batches_for(resumed, birds))


def test_weights_that_are_no_numbers_are_not_kept(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    run = new_run(tmp_path / "run", encoders, preset(FIRST))
    run.begin_phase(0)
    torch.nn.init.constant_(run.generator.conditioning.linear.bias, float("nan"))
    with pytest.raises(PlainError, match="no numbers"):
        run.save(minutes=1.0)
    assert not run.checkpoint.exists()


def test_a_run_is_not_resumed_with_other_encoders(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    train_gan(birds, tmp_path / "run", encoders, 2, preset(FIRST), device="cpu")
    other = Path(shutil.copytree(encoders, tmp_path / "other"))
    path = other / "encoders" / "image_encoder.safetensors"
    save_file({name: tensor + 1 for name, tensor in load_file(path).items()}, path)
    with pytest.raises(PlainError, match="other encoders"):
        train_gan(birds, tmp_path / "run", other, 4, preset(FIRST), resume=True, device="cpu")
