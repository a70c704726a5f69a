"""Short GAN runs on drawn birds: they learn, go on where they stopped, and write weight sets that paint."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from model.data import batches
from model.data.batches import Batches
from model.data.loading import Loaded, load
from model.data.photo import MARGIN, Photo
from model.errors import PlainError
from model.pipeline import TextToImagePipeline
from model.training import gan_phase
from model.training.checkpoint import load_checkpoint
from model.training.discriminators import Seen
from model.training.gan import train_gan, train_phases
from model.training.gan_run import GanRun
from tests.model.training.gan_runs import FIRST, GROWING, SPECIES, Preset, batches_for, new_run

pytestmark = pytest.mark.usefixtures("steps_for_minutes")


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
    losses = [float(run.train_step(batches)["D"]) for _ in range(16)]
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


def test_a_run_whose_time_is_over_early_says_what_it_did_not_train(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, capsys: pytest.CaptureFixture[str]
) -> None:
    run = new_run(tmp_path / "run", encoders, preset(GROWING))
    train_phases(run, birds, 1)
    assert "need more --max-minutes and --resume" in capsys.readouterr().out
    train_phases(new_run(tmp_path / "run", encoders, preset(GROWING)), birds, 12)
    assert "need more" not in capsys.readouterr().out
    assert (tmp_path / "run" / "weights-512").is_dir()


def test_photos_are_decoded_again_only_for_other_sizes(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoded: list[int] = []

    def note(photos: list[Photo], short_side: int, *more: Any, **told: Any) -> Loaded:
        decoded.append(short_side)
        return load(photos, short_side, *more, **told)

    monkeypatch.setattr(batches, "load", note)
    phases = [f"{{ first = {stage}, last = {stage}, share = 0.3, batch_size = {4 - stage} }}" for stage in (0, 0, 1)]
    train_gan(birds, tmp_path / "run", encoders, 9, preset(", ".join(phases)), device="cpu")
    assert decoded == [round(64 * MARGIN), round(128 * MARGIN)]


def test_a_run_without_time_for_a_step_writes_no_weights(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, capsys: pytest.CaptureFixture[str]
) -> None:
    train_phases(new_run(tmp_path / "run", encoders, preset(FIRST)), birds, 0)
    assert "After 0 minutes: 0 steps at 64 px; there was no time for 64 px." in capsys.readouterr().out
    assert not (tmp_path / "run" / "weights-64").exists()


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


def test_crops_are_moved_as_little_as_whole_pictures(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[tuple[int, int]] = []

    def note(pictures: torch.Tensor, moves: torch.Tensor, most: int) -> torch.Tensor:
        assert moves.max() <= 2 * most
        moved.append((pictures.shape[-1], most))
        return pictures

    monkeypatch.setattr(gan_phase, "moved", note)
    run = new_run(tmp_path / "run", encoders, preset(GROWING, "shift = 6"))
    for phase in range(4):
        run.begin_phase(phase)
        run.train_step(batches_for(run, birds))
    assert set(moved) == {(64, 6), (128, 12)}


def test_two_paintings_of_a_sentence_move_alike_so_that_only_they_differ(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves: list[torch.Tensor] = []

    def note(pictures: torch.Tensor, how_far: torch.Tensor, most: int) -> torch.Tensor:
        moves.append(how_far)
        return pictures

    monkeypatch.setattr(gan_phase, "moved", note)
    run = new_run(tmp_path / "run", encoders, preset(FIRST, "shift = 6\nvariety_weight = 1.0"))
    run.begin_phase(0)
    for _ in range(3):
        run.train_step(batches_for(run, birds))
    of_photos, of_paintings = torch.cat(moves[::2]), torch.cat(moves[1::2])
    assert torch.equal(of_paintings[:, ::2], of_paintings[:, 1::2])
    assert not torch.equal(of_photos[:, ::2], of_photos[:, 1::2])


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
    recipe = preset(FIRST, "checkpoint_minutes = 200")
    with pytest.raises(PlainError, match=sentence):
        train_gan(birds, tmp_path / "run", encoders, 200, recipe, device="cpu")


def test_a_run_can_be_watched(birds: Path, encoders: Path, tmp_path: Path, preset: Preset) -> None:
    output = tmp_path / "run"
    recipe = preset(FIRST, "checkpoint_minutes = 12")
    train_gan(birds, output, encoders, 24, recipe, changes=("seed=5",), device="cpu")
    told = EventAccumulator(str(output / "tensorboard"))
    told.Reload()
    assert {"D", "G", "apart", "damsm", "spread", "photos_per_second"} <= set(told.Tags()["scalars"])
    assert [event.step for event in told.Scalars("D")] == [20]
    assert [event.step for event in told.Images("samples")] == [13, 23]
    assert json.loads((output / "options.json").read_text())["seed"] == 5


def test_missing_encoders_are_told(birds: Path, tmp_path: Path, preset: Preset) -> None:
    with pytest.raises(PlainError, match="no encoders in"):
        train_gan(birds, tmp_path / "run", tmp_path / "none", 1, preset(FIRST), device="cpu")


def test_fewer_photos_than_a_batch_are_told_with_what_helps(
    birds: Path, encoders: Path, tmp_path: Path, preset: Preset
) -> None:
    recipe = preset(FIRST)
    with pytest.raises(PlainError, match="16 photos, fewer than the 17"):
        train_gan(birds, tmp_path / "run", encoders, 2, recipe, ("batch_size=17",), device="cpu")
