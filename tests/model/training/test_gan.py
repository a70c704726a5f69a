"""Short GAN runs on drawn birds: they learn, go on where they stopped, and write weight sets that paint."""

import copy
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from model.data.batches import Batches
from model.data.cub import read_split
from model.errors import PlainError
from model.pipeline import TextToImagePipeline
from model.training import gan, gan_phase, gan_run
from model.training.checkpoint import load_checkpoint, save_checkpoint
from model.training.discriminators import Seen
from model.training.gan import train_gan, train_phases
from model.training.gan_run import GanRun
from model.training.options import read_preset

Preset = Callable[..., str]
SPECIES = 9  # one more than the largest number among the drawn birds
FIRST = "{ first = 0, last = 0, share = 1.0 }"
GROWING = """
    { first = 0, last = 0, share = 0.3 },
    { first = 1, last = 1, share = 0.2, batch_size = 2, discriminator_channels = 3 },
    { first = 2, last = 2, share = 0.25, crop = 64 },
    { first = 3, last = 3, share = 0.25, crop = 64 },
"""


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch, steps_for_minutes: None) -> None:
    monkeypatch.setattr(gan, "STATISTICS_BATCHES", 2)


def new_run(output: Path, encoders: Path, preset: str) -> GanRun:
    return GanRun(output, encoders, read_preset(preset), torch.device("cpu"))


def batches_for(run: GanRun, birds: Path) -> Batches:
    return Batches(read_split(birds, "train"), run.vocabulary, run.current.sizes, run.current.options.batch_size)


@pytest.mark.parametrize("discriminator", ["projection", "projected"])
def test_stage_after_stage_ends_in_weight_sets_that_paint(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, discriminator: str
) -> None:
    options = 'loss = "hinge"\nconsistency_weight = 4.0\nvariety_weight = 1.0\nshift = 2'
    recipe = preset(GROWING, f'discriminator = "{discriminator}"\n{options}')
    train_gan(birds, tmp_path / "run", encoders, 16, recipe, device="cpu")
    for stages, size in enumerate((64, 128, 256, 512), start=1):
        pipe = TextToImagePipeline.from_pretrained(tmp_path / "run" / f"weights-{size}", "cpu")
        assert len(pipe.config.image_sizes) == stages
        picture = pipe("a small red bird", seed=1).stages[-1].images[0]
        assert picture.shape == (size, size, 3)
        assert picture.std() > 0
        assert f"up to {size} px" in (tmp_path / "run" / f"weights-{size}" / "README.md").read_text()
    grids = sorted((tmp_path / "run" / "samples").glob("*.png"))
    assert {path.name.split("-")[0] for path in grids} == {"64", "128", "256", "512"}
    assert all(Image.open(path).size[0] >= 512 for path in grids)


def test_all_stages_at_once_as_in_the_paper(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    run = new_run(tmp_path / "run", encoders, preset("{ first = 0, last = 2, share = 1.0 }", "generator_steps = 2"))
    run.begin_phase(0)
    before = {name: tensor.clone() for name, tensor in run.generator.named_parameters()}
    losses = run.train_step(batches_for(run, birds))
    assert {"D", "G", "damsm"} <= set(losses)
    assert all(value.isfinite() for value in losses.values())
    unmoved = [name for name, tensor in run.generator.named_parameters() if torch.equal(tensor, before[name])]
    assert unmoved == []


def test_the_discriminator_learns_to_tell_photos_from_paintings(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset
) -> None:
    recipe = preset(FIRST, "generator_lr = 0.0\ndiscriminator_lr = 0.004")
    run = new_run(tmp_path / "run", encoders, recipe)
    run.begin_phase(0)
    batches = batches_for(run, birds)
    losses = [float(run.train_step(batches)["D"]) for _ in range(24)]
    assert np.mean(losses[-4:]) < 0.8 * np.mean(losses[:4])


def test_the_generator_learns_what_the_image_encoder_asks_for(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset
) -> None:
    def losses(weight: float) -> list[float]:
        """Of the same batch with the same noise over and over."""
        recipe = preset(
            FIRST, f"damsm_weight = {weight}\ngenerator_lr = 0.005\ndiscriminator_lr = 0.0\nkl_weight = 0.0"
        )
        run = new_run(tmp_path / "run", encoders, recipe)
        run.begin_phase(0)
        batches = batches_for(run, birds)
        found = []
        for _ in range(20):
            run.step = 0
            found.append(float(run.train_step(batches)["damsm"]))
        return found

    asked, not_asked = losses(50.0), losses(1e-6)
    assert asked[0] == pytest.approx(not_asked[0])
    assert asked[-1] < not_asked[-1] - 0.15


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


def test_a_run_whose_time_is_over_early_says_what_it_did_not_train(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, capsys: pytest.CaptureFixture[str]
) -> None:
    run = new_run(tmp_path / "run", encoders, preset(GROWING))
    train_phases(run, birds, 1)
    assert "need more --max-minutes and --resume" in capsys.readouterr().out
    train_phases(new_run(tmp_path / "run", encoders, preset(GROWING)), birds, 12)
    assert "need more" not in capsys.readouterr().out
    assert (tmp_path / "run" / "weights-512").is_dir()


def test_a_stopped_run_goes_on_and_is_not_overwritten_by_accident(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = preset(FIRST)
    output = tmp_path / "run"
    train_gan(birds, output, encoders, 3, recipe, device="cpu")
    assert f"After 3 minutes: 2 steps at 64 px; {output / 'weights-64'} is written." in capsys.readouterr().out
    _, stopped = load_checkpoint(output / "gan_checkpoint.safetensors")
    with pytest.raises(PlainError, match="--resume"):
        train_gan(birds, output, encoders, 6, recipe, device="cpu")
    train_gan(birds, output, encoders, 6, recipe, resume=True, device="cpu")
    _, progress = load_checkpoint(output / "gan_checkpoint.safetensors")
    assert progress["step"] > stopped["step"] > 0
    assert progress["minutes"] == 6


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


def test_a_run_goes_on_with_as_many_species_only(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    begun = new_run(tmp_path / "run", encoders, preset(FIRST, "species_weight = 1.0"))
    begun.species = SPECIES + 1
    begun.begin_phase(0)
    begun.save(minutes=1.0)
    with pytest.raises(PlainError, match="was begun with other data"):
        train_gan(
            birds, tmp_path / "run", encoders, 2, preset(FIRST, "species_weight = 1.0"), resume=True, device="cpu"
        )


def test_photos_have_their_own_species_and_paintings_that_of_their_sentence(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, list[int]] = {}
    run = new_run(tmp_path / "run", encoders, preset(FIRST, "species_weight = 1.0\nvariety_weight = 1.0"))
    run.species = SPECIES
    run.begin_phase(0)
    named = run.current.discriminators._misnamed

    def note(number: int, features: Seen, species: torch.Tensor) -> torch.Tensor | float:
        asked["paintings" if "photos" in asked else "photos"] = species.tolist()
        return named(number, features, species)

    monkeypatch.setattr(run.current.discriminators, "_misnamed", note)
    batches = batches_for(run, birds)
    run.train_step(batches)
    first, second, third, fourth = batches[0].species.tolist()
    assert asked == {"photos": [first, second, third, fourth], "paintings": [first, first, third, third]}


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


def test_crops_are_moved_as_little_as_whole_pictures(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[tuple[int, int]] = []

    def note(pictures: torch.Tensor, most: int, **_: object) -> torch.Tensor:
        moved.append((pictures.shape[-1], most))
        return pictures

    monkeypatch.setattr(gan_phase, "shifted", note)
    run = new_run(tmp_path / "run", encoders, preset(GROWING, "shift = 6"))
    for phase in range(4):
        run.begin_phase(phase)
        run.train_step(batches_for(run, birds))
    assert set(moved) == {(64, 6), (128, 12)}


def test_weights_that_are_no_numbers_are_not_kept(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    run = new_run(tmp_path / "run", encoders, preset(FIRST))
    run.begin_phase(0)
    torch.nn.init.constant_(run.generator.conditioning.linear.bias, float("nan"))
    with pytest.raises(PlainError, match="no numbers"):
        run.save(minutes=1.0)
    assert not run.checkpoint.exists()


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        ({"D": float("nan"), "spread": 0.5}, "no numbers"),
        ({"D": 2.0, "spread": 0.001}, "All paintings have become the same"),
        ({"D": 2.0, "spread": 0.5, "variety": 0.001}, "All paintings of a sentence have become the same"),
    ],
)
def test_a_run_that_learns_nothing_any_more_stops_and_says_so(
    birds: Path,
    encoders: Path,
    tmp_path: Path,
    preset: Preset,
    monkeypatch: pytest.MonkeyPatch,
    broken: dict[str, float],
    sentence: str,
) -> None:
    def train_step(run: GanRun, batches: Batches) -> dict[str, torch.Tensor]:
        run.step += 1
        return {name: torch.tensor(value) for name, value in broken.items()}

    monkeypatch.setattr(GanRun, "train_step", train_step)
    with pytest.raises(PlainError, match=sentence):
        train_gan(birds, tmp_path / "run", encoders, 200, preset(FIRST), device="cpu")


def test_a_run_can_be_watched(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    output = tmp_path / "run"
    train_gan(birds, output, encoders, 24, preset(FIRST), changes=("seed=5",), device="cpu")
    told = EventAccumulator(str(output / "tensorboard"))
    told.Reload()
    assert {"D", "G", "apart", "damsm", "spread", "photos_per_second"} <= set(told.Tags()["scalars"])
    assert [event.step for event in told.Scalars("D")] == [20]
    assert told.Tags()["images"] == ["samples"]
    assert json.loads((output / "options.json").read_text())["seed"] == 5


def test_missing_encoders_are_told(birds: Path, tmp_path: Path, preset: Preset) -> None:
    with pytest.raises(PlainError, match="config"):
        train_gan(birds, tmp_path / "run", tmp_path / "none", 1, preset(FIRST), device="cpu")


def test_fewer_photos_than_a_batch_are_told_with_what_helps(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset
) -> None:
    recipe = preset(FIRST)
    with pytest.raises(PlainError, match="16 photos, fewer than the 17"):
        train_gan(birds, tmp_path / "run", encoders, 2, recipe, ("batch_size=17",), device="cpu")


def test_a_run_is_not_resumed_with_other_encoders(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    train_gan(birds, tmp_path / "run", encoders, 2, preset(FIRST), device="cpu")
    other = Path(shutil.copytree(encoders, tmp_path / "other"))
    path = other / "encoders" / "image_encoder.safetensors"
    save_file({name: tensor + 1 for name, tensor in load_file(path).items()}, path)
    with pytest.raises(PlainError, match="other encoders"):
        train_gan(birds, tmp_path / "run", other, 4, preset(FIRST), resume=True, device="cpu")
