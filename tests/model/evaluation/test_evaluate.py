"""The whole evaluation on drawn birds: every measure is in the files, and a stop leaves nothing half done behind."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from model.data.cub import read_split
from model.errors import DataError, PlainError
from model.evaluation import colours, word_swap
from model.evaluation.evaluate import blind, evaluate
from model.evaluation.meanings import PUBLISHED
from model.image_encoder import ImageEncoder
from model.pipeline import Result, TextToImagePipeline
from model.weights import save_network
from tests.model.evaluation.data import birds_with_parts
from tests.model.malice import one_sentence
from tests.tiny import drawn_birds, tiny_weights


@pytest.fixture(autouse=True)
def _few_colour_pictures(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr(colours, "COLOURS", ("red", "blue", "grey"))
    monkeypatch.setattr(colours, "SENTENCES", ("this bird is {}",))
    monkeypatch.setattr(colours, "SEEDS", (0, 1, 2))
    monkeypatch.setattr(word_swap, "SWAPS", word_swap.SWAPS[:1])
    monkeypatch.setenv("TORCH_HOME", str(tmp_path_factory.mktemp("torch")))  # whatever this computer's cache holds


def test_every_measure_is_in_the_files_and_on_screen(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    birds = birds_with_parts(tmp_path / "birds")
    output = tmp_path / "new" / "report.json"
    evaluate(str(weights), birds, output, captions=11, device="cpu")
    found = json.loads(output.read_text())
    assert (found["weights"], found["device"], found["captions"]) == ("tiny", "CPU", 11)
    assert "optimistic" in found["judge"]
    precision = found["r_precision"]
    assert precision["pictures"] == 11
    assert precision["among"] == 14  # of 16 captions, two of its own species and one of the same words are not wrong
    assert 0 <= precision["mean"] <= 1
    assert precision["mean"] * 11 == pytest.approx(round(precision["mean"] * 11))
    assert precision["deviation"] <= 0.5
    assert 1 <= found["inception_score"]["mean"] <= 8
    assert "linear classifier" in found["inception_score"]["classes"]
    assert found["fid"]["value"] > 0
    assert (found["fid"]["pictures"], found["fid"]["against"]) == (11, 8)
    assert (found["fid_of_heads"]["pictures"], found["fid_of_heads"]["against"]) == (11, 8)
    assert found["fid_of_heads"]["value"] not in (0, found["fid"]["value"])
    assert found["features"].startswith("the judge's")
    assert found["photo_retrieval"]["among"] == found["photo_retrieval"]["photos"] == 8
    assert set(found["colour_faithfulness"]["by_colour"]) == {"red", "blue"}  # the weight set knows no grey
    assert found["colour_faithfulness"]["chance"] == 0.5
    assert found["colour_faithfulness"]["seeds"] == [0, 1]  # few captions, few seeds
    assert {"by_word", "by_noise", "inside", "elsewhere", "ratio", "ratio_by_noise"} <= set(found["word_swap"])
    assert found["word_swap"]["near_part"]["swaps"][0]["sentence"] == word_swap.SWAPS[0].sentence
    assert len(found["word_swap"]["swaps"]) == 1
    assert 0 <= found["diversity"] <= 2
    assert 0 <= found["poses"]["painted"] < 1
    assert found["poses"]["photos"] is None  # each drawn test bird is the only one of its species
    attention = found["attention_localisation"]
    assert set(attention["parts"]) == set(attention["detector"]["found"]) == {"beak", "wings", "belly", "crown"}
    assert attention["parts"]["crown"] is None  # no caption names it
    named = attention["parts"]["beak"]["pictures"] + attention["parts"]["wings"]["pictures"]
    assert named == 11  # a caption of drawn birds names a beak or wings
    assert list(found["sharpness"]) == ["64", "128", "256", "512"]
    for size, values in found["sharpness"].items():
        smaller = {"64": set(), "128": {"first_stage_enlarged"}}
        both = {"first_stage_enlarged", "second_stage_enlarged"}
        assert set(values) == {"painted", "photos"} | smaller.get(size, both)
        assert values["photos"] > 0
    assert list(found["spectrum"]) == ["64", "128", "256", "512"]
    for values in found["spectrum"].values():
        assert values["painted"] > values["photos"] > 0
    assert 0 < found["sharpness"]["512"]["second_stage_enlarged"] < found["sharpness"]["128"]["painted"]
    assert any("rough" in note for note in found["notes"])
    shown = capsys.readouterr().out
    assert f"{precision['mean']:.1%}" in shown
    assert "optimistic" in shown
    assert "rough" in shown
    assert "the 128 px stage enlarged" in shown
    assert "changed near the part it names" in shown
    assert sorted(path.name for path in output.parent.iterdir()) == [
        "report.html",
        "report.json",
        "report.parts.safetensors",
    ]
    _page_holds_everything(output.with_suffix(".html").read_text(encoding="utf-8"))


def _page_holds_everything(page: str) -> None:
    links = re.findall(r'(?:src|href)="([^"]*)"', page)
    # 11 pictures and heads, two colours with two seeds, four stages of three, a swap of three, and attention.
    assert len(links) > 11 + 11 + 4 + 12 + 3 + 6
    assert all(link.startswith("data:image/jpeg;base64,") for link in links)
    assert "url(" not in page
    assert "<script" not in page
    assert "prefers-color-scheme: dark" in page
    assert "optimistic" in page
    assert "the 128 px stage enlarged" in page
    for name in (
        "Inception score",
        "FID",
        "FID of heads",
        "R-precision",
        "Colour faithfulness",
        "Word swap near the part",
        "Word swap where the word attends",
        "Diversity",
        "Poses",
        "Attention to",
    ):
        assert f"<td>{name}" in page
    for row in PUBLISHED.values():
        assert all(f"<td>{value}</td>" in page for value in row)


def test_broken_photos_are_named_once_and_left_out(
    weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    birds = birds_with_parts(tmp_path / "birds")
    unseen, taught = read_split(birds, "test")[0], read_split(birds, "train")[0]
    for photo in (unseen, taught):
        (birds / "CUB_200_2011" / "images" / f"{photo.name}.jpg").write_bytes(b"broken")
    evaluate(str(weights), birds, tmp_path / "report.json", captions=2, device="cpu")
    shown = capsys.readouterr().out
    assert shown.count(f"1 of 8 photos left out as broken: {unseen.name}") == shown.count(unseen.name) == 1
    assert shown.count(f"1 of 16 photos left out as broken: {taught.name}") == shown.count(taught.name) == 1
    assert json.loads((tmp_path / "report.json").read_text())["photo_retrieval"]["photos"] == 7


def test_another_judge_is_named_and_not_called_optimistic(
    weights: Path, birds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Path(shutil.copytree(birds, tmp_path / "birds"))
    shutil.rmtree(data / "train")  # which is not needed but for the parts
    run = tmp_path / "run"
    shutil.copytree(weights, run / "encoders")
    torch.manual_seed(5)
    save_network(run / "encoders" / "image_encoder.safetensors", ImageEncoder(16), torch.float32)
    evaluate(str(weights), data, tmp_path / "report.json", captions=1, device="cpu", judge=run)
    found = json.loads((tmp_path / "report.json").read_text())
    assert str(run) in found["judge"]
    assert "optimistic" not in found["judge"]
    assert found["fid"] is None  # of one picture
    assert found["attention_localisation"] is None
    assert any("part locations" in note for note in found["notes"])
    assert all(one_sentence(note) for note in found["notes"])
    assert "FID" not in capsys.readouterr().out


def test_a_judge_at_chance_is_not_to_be_believed() -> None:
    (warning,) = blind({"first_ten": 0.098, "among": 100})
    assert one_sentence(warning)
    assert "9.8%" in warning
    assert blind({"first_ten": 0.0, "among": 100})  # whoever is blind to everything finds nothing
    assert blind({"first_ten": 0.506, "among": 100}) == []
    assert blind({"first_ten": 0.6, "among": 14}) == []  # too few to tell


def test_a_weight_set_of_one_stage(birds: Path, weights: Path, tmp_path: Path) -> None:
    one = tiny_weights(tmp_path / "one", stages=1)
    evaluate(str(one), birds, tmp_path / "report.json", captions=2, device="cpu", judge=weights)
    found = json.loads((tmp_path / "report.json").read_text())
    assert set(found["word_swap"]) == {"by_word", "by_noise"}
    assert found["attention_localisation"] is None
    assert list(found["sharpness"]) == ["64"]
    assert any("one stage" in note for note in found["notes"])
    assert "does not tell" in found["judge"]


def test_a_stop_half_way_leaves_the_report_before(
    weights: Path, birds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "report.json"
    output.write_text("before")
    calls: list[str] = []
    paint = TextToImagePipeline.__call__

    def interrupted(self: TextToImagePipeline, caption: str, seed: int = 0) -> Result:
        calls.append(caption)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return paint(self, caption, seed)

    monkeypatch.setattr(TextToImagePipeline, "__call__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        evaluate(str(weights), birds, output, captions=5, device="cpu")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert output.read_text() == "before"


def test_what_is_missing_is_told_before_anything_is_painted(
    weights: Path, birds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TextToImagePipeline, "__call__", None)
    output = tmp_path / "report.json"
    with pytest.raises(DataError) as told:
        evaluate(str(weights), tmp_path / "none", output, device="cpu")
    assert one_sentence(str(told.value))
    with pytest.raises(PlainError, match="caption"):
        evaluate(str(weights), birds, output, captions=0, device="cpu")
    with pytest.raises(PlainError, match="json"):
        evaluate(str(weights), birds, tmp_path / "report.html", device="cpu")
    with pytest.raises(PlainError, match="--judge"):
        evaluate(str(weights), birds, output, device="cpu", judge=tmp_path)
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(IsADirectoryError):
        evaluate(str(weights), birds, tmp_path / "folder.json", device="cpu")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.json"]


def test_one_species_is_too_few_to_find_the_right_one(weights: Path, tmp_path: Path) -> None:
    birds = drawn_birds(tmp_path / "birds", photos=3)
    with pytest.raises(DataError, match="species") as told:
        evaluate(str(weights), birds, tmp_path / "report.json", device="cpu")
    assert one_sentence(str(told.value))


def test_an_evaluation_stopped_from_outside_leaves_nothing_half_done(
    weights: Path, birds: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report" / "report.json"
    command = ["evaluate", "--weights", str(weights), "--data", str(birds), "--output", str(report), "--device", "cpu"]
    program = subprocess.Popen([sys.executable, "main.py", *command], stderr=subprocess.PIPE, text=True)
    assert program.stderr is not None
    shown = ""
    while "painting" not in shown:
        shown += program.stderr.read(1) or pytest.fail(shown)
    program.terminate()
    assert program.stderr.read().endswith("Stopped.\n")
    assert program.wait() == 130
    assert list(report.parent.iterdir()) == []
