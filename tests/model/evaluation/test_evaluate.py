"""The whole evaluation on drawn birds: every measure is in the file, and a stop leaves nothing behind."""

import json
from pathlib import Path

import pytest

from model.errors import DataError, PlainError
from model.evaluation import colours
from model.evaluation.evaluate import evaluate
from model.pipeline import Result, TextToImagePipeline
from tests.model.malice import one_sentence
from tests.tiny import drawn_birds


@pytest.fixture(autouse=True)
def _few_colour_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colours, "COLOURS", ("red", "blue", "grey"))
    monkeypatch.setattr(colours, "SENTENCES", ("this bird is {}",))
    monkeypatch.setattr(colours, "SEEDS", (0, 1))


def test_every_measure_is_in_the_file_and_on_screen(
    weights: Path, birds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "new" / "report.json"
    evaluate(str(weights), birds, output, captions=11, device="cpu")
    found = json.loads(output.read_text())
    assert (found["weights"], found["device"], found["captions"]) == ("tiny", "CPU", 11)
    assert "not comparable" in found["judge"]
    precision = found["r_precision"]
    assert precision["pictures"] == 11
    assert precision["among"] == 14  # of 16 captions, two of its own species and one of the same words are not wrong
    assert 0 <= precision["mean"] <= 1
    assert precision["mean"] * 11 == pytest.approx(round(precision["mean"] * 11))
    assert precision["deviation"] <= 0.5
    assert found["photo_retrieval"]["among"] == found["photo_retrieval"]["photos"] == 8
    assert set(found["colour_faithfulness"]["by_colour"]) == {"red", "blue"}  # the weight set knows no grey
    assert found["colour_faithfulness"]["chance"] == 0.5
    assert {"by_word", "by_noise"} == set(found["word_swap"])
    assert 0 <= found["diversity"] <= 2
    assert list(found["sharpness"]) == ["64", "128", "256", "512"]
    for values in found["sharpness"].values():
        assert set(values) == {"painted", "photos", "first_stage_enlarged"}
        assert values["photos"] > 0
    shown = capsys.readouterr().out
    assert f"{precision['mean']:.1%}" in shown
    assert "not comparable" in shown
    assert [path.name for path in output.parent.iterdir()] == ["report.json"]


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
    with pytest.raises(IsADirectoryError):
        evaluate(str(weights), birds, tmp_path, device="cpu")
    assert list(tmp_path.iterdir()) == []


def test_one_species_is_too_few_to_find_the_right_one(weights: Path, tmp_path: Path) -> None:
    birds = drawn_birds(tmp_path / "birds", photos=3)
    with pytest.raises(DataError, match="species") as told:
        evaluate(str(weights), birds, tmp_path / "report.json", device="cpu")
    assert one_sentence(str(told.value))
