"""The command line: what `generate` writes, and one plain sentence with exit code 2 for whatever is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

import main
from tests.tiny import drawn_birds, tiny_weights

ROOT = Path(main.__file__).parent
CAPTION = "a small red bird with white wings, wow"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_weights(tmp_path_factory.mktemp("weights") / "tiny")


@pytest.fixture(scope="module")
def three_stages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_weights(tmp_path_factory.mktemp("weights") / "three", stages=3)


@pytest.fixture(scope="module")
def birds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return drawn_birds(tmp_path_factory.mktemp("birds"), photos=6)


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> "Refused":
    return Refused(capsys)


class Refused:
    """Runs a command that has to fail with exit code 2 and one sentence; returns the sentence."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: object) -> str:
        assert main.main([str(argument) for argument in arguments]) == 2
        shown = self.capsys.readouterr()
        assert shown.out == ""
        assert shown.err.count("\n") == 1
        assert shown.err.endswith(".\n")
        assert "Traceback" not in shown.err
        return shown.err


def files_in(directory: Path) -> set[str]:
    return {path.relative_to(directory).as_posix() for path in directory.rglob("*") if path.is_file()}


def test_generate_writes_what_was_promised(weights: Path, tmp_path: Path) -> None:
    output = tmp_path / "new" / "out"
    command = ["generate", CAPTION, "--output", output, "--seed", 5, "--samples", 2, "--weights", weights]
    assert main.main([*map(str, command), "--device", "cpu"]) == 0
    names = ["64.png", "128.png", "256.png", "512.png", "attention_128.png", "attention_256.png", "attention_512.png"]
    assert files_in(output) == {"result.json", *(f"{sample}/{name}" for sample in ("00", "01") for name in names)}
    for sample in ("00", "01"):
        for size in (64, 128, 256, 512):
            assert Image.open(output / sample / f"{size}.png").size == (size, size)

    result = json.loads((output / "result.json").read_text(encoding="utf-8"))
    assert set(result) == {"caption", "tokens", "unknown_words", "seed", "samples", "weights", "device"}
    assert result["caption"] == CAPTION
    assert result["tokens"] == ["a", "small", "red", "bird", "with", "white", "wings"]
    assert result["unknown_words"] == ["wow"]
    assert (result["seed"], result["weights"], result["device"]) == (5, "tiny", "CPU")
    assert len(result["samples"]) == 2
    for number, sample in enumerate(result["samples"]):
        assert [stage["size"] for stage in sample["stages"]] == [64, 128, 256, 512]
        for stage in sample["stages"]:
            assert stage["file"] == f"{number:02}/{stage['size']}.png"
            assert stage["seconds"] >= 0
        assert "top_words" not in sample["stages"][0]
        for stage in sample["stages"][1:]:
            assert stage["attention_file"] == f"{number:02}/attention_{stage['size']}.png"
            weighed = [word["weight"] for word in stage["top_words"]]
            assert len(weighed) == 5
            assert weighed == sorted(weighed, reverse=True)
            assert 0 < sum(weighed) <= 1
            assert {word["word"] for word in stage["top_words"]} <= set(result["tokens"])


def test_the_same_seed_writes_the_same_pictures(three_stages: Path, tmp_path: Path) -> None:
    for name in ("first", "second"):
        output = str(tmp_path / name)
        assert (
            main.main(["generate", "red bird", "--output", output, "--seed", "9", "--weights", str(three_stages)]) == 0
        )
    for size in (64, 128, 256):
        first, second = (np.asarray(Image.open(tmp_path / name / "00" / f"{size}.png")) for name in ("first", "second"))
        assert np.array_equal(first, second)
    assert "00/512.png" not in files_in(tmp_path / "first")


def test_generate_needs_neither_screen_nor_sound(weights: Path, tmp_path: Path) -> None:
    program = """
import sys, main
code = main.main(sys.argv[1:])
unwanted = {"tkinter", "_tkinter", "pyaudio", "speech_recognition", "pocketsphinx", "app"}
print(sorted(unwanted & set(sys.modules)))
sys.exit(code)
"""
    command = ["generate", "red bird", "--output", str(tmp_path / "out"), "--weights", str(weights)]
    done = subprocess.run(
        [sys.executable, "-c", program, *command], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "out" / "00" / "512.png").exists()


def test_the_real_program_says_what_is_wrong_in_one_sentence(weights: Path, tmp_path: Path) -> None:
    command = ["generate", "...", "--output", str(tmp_path / "out"), "--weights", str(weights)]
    done = subprocess.run([sys.executable, "main.py", *command], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "The description is empty: say or type what the bird looks like.\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("caption", ["", "  ", "?!"])
def test_an_empty_caption(weights: Path, tmp_path: Path, refused: Refused, caption: str) -> None:
    assert "empty" in refused("generate", caption, "--output", tmp_path / "out", "--weights", weights)
    assert not (tmp_path / "out").exists()


def test_a_caption_of_unknown_words_only(weights: Path, tmp_path: Path, refused: Refused) -> None:
    said = refused("generate", "ostrich parade", "--output", tmp_path / "out", "--weights", weights)
    assert '"ostrich", "parade"' in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("option", "value"), [("--samples", 0), ("--samples", -3), ("--seed", -1)])
def test_impossible_numbers(weights: Path, tmp_path: Path, refused: Refused, option: str, value: int) -> None:
    said = refused("generate", "red bird", "--output", tmp_path / "out", "--weights", weights, option, value)
    assert str(value) in said
    assert not (tmp_path / "out").exists()


def test_missing_weights(tmp_path: Path, refused: Refused) -> None:
    assert "penguins" in refused("generate", "red bird", "--output", tmp_path / "out", "--weights", "penguins")
    assert "penguins" in refused("benchmark", "--weights", "penguins")


def test_damaged_weights(weights: Path, tmp_path: Path, refused: Refused) -> None:
    damaged = tiny_weights(tmp_path / "damaged")
    (damaged / "generator.safetensors").write_bytes(b"damaged")
    said = refused("generate", "red bird", "--output", tmp_path / "out", "--weights", damaged)
    assert "generator.safetensors" in said


def test_a_device_that_is_not_there(weights: Path, tmp_path: Path, refused: Refused) -> None:
    absent = "mps" if torch.cuda.is_available() else "cuda"
    said = refused("generate", "red bird", "--output", tmp_path / "out", "--weights", weights, "--device", absent)
    assert absent in said


def test_an_output_that_is_a_file(weights: Path, tmp_path: Path, refused: Refused) -> None:
    (tmp_path / "file").write_text("kept")
    for output in (tmp_path / "file", tmp_path / "file" / "below"):
        said = refused("generate", "red bird", "--output", output, "--weights", weights)
        assert str(tmp_path / "file") in said
    assert (tmp_path / "file").read_text() == "kept"


def test_evaluate_and_train_on_missing_things(weights: Path, birds: Path, tmp_path: Path, refused: Refused) -> None:
    report, run = tmp_path / "report.json", tmp_path / "run"
    none = tmp_path / "none"
    assert "filenames.pickle" in refused("train", "damsm", "--data", none, "--output", run)
    assert str(none) in refused("train", "gan", "--data", birds, "--output", run, "--encoders", none)
    assert "`train damsm` writes them" in refused("train", "gan", "--data", birds, "--output", run)
    assert "slow" in refused("train", "gan", "--data", birds, "--output", run, "--preset", "slow")
    said = refused("evaluate", "--weights", weights, "--data", birds, "--output", report, "--judge", none)
    assert str(none) in said
    assert "penguins" in refused("evaluate", "--weights", "penguins", "--data", birds, "--output", report)
    assert not report.exists()


def test_prepare_packs_what_training_reads(birds: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = tmp_path / "new" / "packed"
    assert main.main(["prepare", "--data", str(birds), "--output", str(packed), "--side", "64"]) == 0
    assert files_in(packed) == {"index.json", "train-000.safetensors", "test-000.safetensors"}
    assert capsys.readouterr().out.startswith("Packed 4 train and 2 test photos into 2 shards")


def test_prepare_of_missing_things(birds: Path, tmp_path: Path, refused: Refused) -> None:
    none, packed = tmp_path / "none", tmp_path / "packed"
    assert "filenames.pickle" in refused("prepare", "--data", none, "--output", packed)
    assert "--side" in refused("prepare", "--data", birds, "--output", packed, "--side", 0)
    assert "--shard-mib" in refused("prepare", "--data", birds, "--output", packed, "--shard-mib", 0)
    assert not packed.exists()
    (packed / "index.json").mkdir(parents=True)
    assert "already" in refused("prepare", "--data", birds, "--output", packed)


def test_import_of_missing_files(tmp_path: Path, refused: Refused) -> None:
    files = {name: tmp_path / name for name in ("G.pth", "T.pth", "captions.pickle")}
    said = refused(
        "import",
        *("--generator", files["G.pth"], "--text-encoder", files["T.pth"], "--vocabulary", files["captions.pickle"]),
        *("--output", tmp_path / "imported"),
    )
    assert "G.pth is missing" in said
    assert not (tmp_path / "imported").exists()


def test_ctrl_c_says_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("model.generate.generate", stopped)
    assert main.main(["generate", "red bird", "--output", str(tmp_path)]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


@pytest.mark.parametrize(
    "arguments",
    [["generate"], ["generate", "x", "--output", "y", "--seed", "z"], ["train"], ["train", "speech"], ["paint"]],
)
def test_a_wrong_command_line_is_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(arguments)
    assert ended.value.code == 2
    assert "usage: main.py" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["-1", "0", "nan", "inf", "soon"])
def test_training_takes_some_minutes(minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main(["train", "gan", "--data", "x", "--output", "y", "--max-minutes", minutes])
    assert f"minutes are a number above 0, not {minutes}" in capsys.readouterr().err


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["--help"])
    assert ended.value.code == 0
    shown = capsys.readouterr().out
    assert all(
        command in shown
        for command in ("generate", "transcribe", "prepare", "train", "evaluate", "card", "import", "benchmark")
    )
