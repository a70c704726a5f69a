"""From a data set to a model card, with the README's commands and presets, on drawn birds and narrow networks."""

import json
from pathlib import Path

import main
from model.pipeline import TextToImagePipeline
from tests.model.evaluation.data import birds_with_parts

NARROW = ("--set", "batch_size=2", "--set", "discriminator_channels=4", "--device", "cpu")


def run(*arguments: object) -> None:
    assert main.main([str(argument) for argument in arguments]) == 0


def test_the_commands_of_the_readme_one_after_the_other(
    encoders: Path, tmp_path: Path, steps_for_minutes: None
) -> None:
    data, report, judge = tmp_path / "shards", tmp_path / "report.json", tmp_path / "judge"
    first, birds = tmp_path / "first" / "weights-512", tmp_path / "birds" / "weights-512"
    gan = ("train", "gan", "--data", data, *NARROW, "--set", "wrong_captions=4", "--max-minutes", 16)
    run("prepare", "--data", birds_with_parts(tmp_path / "drawn"), "--output", data)
    run("train", "damsm", "--data", data, "--output", judge, "--preset", "paper", "--max-minutes", 2)
    run(*gan, "--encoders", encoders, *2 * ("--guides", encoders), "--output", first.parent)
    told = (*2 * ("--guides", encoders), "--start", first)
    run(*gan, *told, "--output", birds.parent)
    run("evaluate", "--weights", birds, "--data", data, "--output", report, "--captions", 2, "--judge", judge)
    run("card", "--weights", birds, "--report", report)
    assert json.loads(report.read_text())["r_precision"]["pictures"] == 2
    assert report.with_suffix(".html").is_file()
    assert len(json.loads((birds / "training.json").read_text())["guides"]) == 2
    card = (birds / "README.md").read_text()
    assert "R-precision" in card
    assert "started from" in card
    pipeline = TextToImagePipeline.from_pretrained(birds, device="cpu")
    assert [stage.size for stage in pipeline("a red bird with a yellow belly").stages] == [64, 128, 256, 512]


def test_the_papers_recipe_takes_a_step(birds: Path, encoders: Path, tmp_path: Path, steps_for_minutes: None) -> None:
    told = ("--encoders", encoders, "--preset", "paper_two_generator_steps", "--max-minutes", 1)
    run("train", "gan", "--data", birds, "--output", tmp_path / "run", *NARROW, *told)
    assert (tmp_path / "run" / "weights-512" / "generator.safetensors").is_file()
