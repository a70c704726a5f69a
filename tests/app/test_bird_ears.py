"""The offline recogniser's own model: built by the command, read by PocketSphinx, and its benchmark."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.bird_ears import SPEECH_MODEL, EarsError, hear, load
from app.sound import prepared, read_sound, samples_of
from main import main
from tests.tiny import drawn_birds


@pytest.fixture(scope="module")
def birds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawn birds, one caption of each unlike any other."""
    folder = drawn_birds(tmp_path_factory.mktemp("birds"))
    for number, path in enumerate(sorted((folder / "text").rglob("*.txt"))):
        path.write_text(f"{path.read_text().rstrip()}\na red bird with {number} spots\n")
    return folder


def test_a_model_of_other_captions_hears_them(
    birds: Path, tmp_path: Path, voice: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "speech", "--data", str(birds), "--output", str(tmp_path)]) == 0
    assert "spoken sentences" in capsys.readouterr().out
    for adapted in ("means", "sendump"):
        shutil.copy(SPEECH_MODEL / adapted, tmp_path)
    samples = samples_of(read_sound(voice("please show me a red bird")))
    assert "please show me a red bird" in hear(prepared(samples), tmp_path).text


def test_people_may_begin_with_um(voice: Callable[[str], Path]) -> None:
    samples = samples_of(read_sound(voice("um i want a small yellow bird")))
    assert hear(prepared(samples)).text == "i want a small yellow bird"


def test_the_shipped_model_is_small() -> None:
    assert sum(path.stat().st_size for path in SPEECH_MODEL.iterdir()) < 5_000_000


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EarsError, match=r"lacks .*birds\.lm\.bin"):
        load(tmp_path)


def test_the_benchmark_tells_voices_and_noise(birds: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["benchmark", "speech", "--data", str(birds), "--limit", "1", "--plain", "1", "--json"]
    assert main(command) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {(row["engine"], row["noise"]) for row in figures["rows"]} == {
        (engine, noise) for engine in ("birds", "sphinx", "plain") for noise in ("clean", "20 dB", "10 dB")
    }
    assert all(row["word_error_rate"] >= 0 for row in figures["rows"])
