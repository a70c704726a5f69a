"""The list of weight sets: those of the program and those that were added, whatever is wrong with one of them."""

import shutil
from pathlib import Path

import pytest

from model import places
from model import weight_sets as module
from model.errors import WeightsError
from model.weight_sets import WeightSet, weight_sets
from model.weights import find_weights
from tests.model.malice import one_sentence
from tests.tiny import tiny_weights


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for holder in (places, module):
        monkeypatch.setattr(holder, "SHIPPED_WEIGHTS", tmp_path / "shipped")
    monkeypatch.setenv("SPEAK_OUT_HOME", str(tmp_path / "home"))
    return tmp_path / "shipped"


@pytest.fixture
def added(shipped: Path, tmp_path: Path) -> Path:
    return tmp_path / "home" / "weights"


def by_name() -> dict[str, WeightSet]:
    return {found.name: found for found in weight_sets()}


def test_weight_sets_are_found_by_name_and_by_folder(weights: Path, shipped: Path, added: Path) -> None:
    assert weight_sets() == []
    for name in ("birds-64", "birds-512", "mine", "birds-128"):
        shutil.copytree(weights, shipped / name)
    (shipped / "speech").mkdir()
    shutil.copytree(weights, added / "a-friends")
    (added / "half.part").mkdir()
    assert list(by_name()) == ["birds-512", "birds-128", "birds-64", "mine", "a-friends"]
    assert find_weights("birds-128") == shipped / "birds-128"
    assert find_weights("a-friends") == added / "a-friends"
    assert find_weights(weights) == weights
    with pytest.raises(WeightsError) as told:
        find_weights("penguins")
    assert all(name in str(told.value) for name in ("penguins", "birds-512", "a-friends"))


def test_a_name_is_a_sets_before_it_is_a_folder_here(
    weights: Path, shipped: Path, added: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    for folder in (shipped / "birds-512", added / "mine", here / "birds-512", here / "mine", here / "other"):
        shutil.copytree(weights, folder)
    monkeypatch.chdir(here)
    assert [find_weights(name) for name in ("birds-512", "mine")] == [shipped / "birds-512", added / "mine"]
    for path in ("./birds-512", "mine/", "other", here / "mine"):
        assert find_weights(path).resolve() == here / Path(path).name


def test_each_set_tells_what_it_is(shipped: Path, added: Path) -> None:
    tiny_weights(shipped / "birds-512")
    (shipped / "birds-512" / "README.md").write_text(
        "# birds-512\n\nPaints birds,\nand well.\n\n| | |\n|---|---|\n| R-precision: one of 100 | 52.6 % ± 3 % |\n"
    )
    tiny_weights(added / "old", stages=1)
    (added / "old" / "README.md").write_text("# old\n\n| | |\n|---|---|\n| origin | imported from netG.pth |\n")
    ours, old = weight_sets()
    assert (ours.shipped, ours.stages, ours.largest, ours.damage) == (True, 4, 512, "")
    assert (ours.story, ours.r_precision) == ("Paints birds, and well.", "52.6 %")
    assert ours.bytes == sum(path.stat().st_size for path in ours.folder.iterdir())
    assert (old.shipped, old.stages, old.largest, old.story) == (False, 1, 64, "Imported from netG.pth.")
    assert old.words == len((old.folder / "vocabulary.txt").read_text().split()) - 1


@pytest.mark.parametrize("name", ["config.json", "vocabulary.txt", "text_encoder.safetensors", "generator.safetensors"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe{"])
def test_a_damaged_set_says_why_and_hides_no_other(
    weights: Path, added: Path, name: str, content: bytes | None
) -> None:
    for folder in ("broken", "whole"):
        shutil.copytree(weights, added / folder)
    if content is None:
        (added / "broken" / name).unlink()
    else:
        (added / "broken" / name).write_bytes(content)
    found = by_name()
    assert one_sentence(found["broken"].damage)
    assert str(added / "broken") in found["broken"].damage
    assert found["whole"].damage == ""


def test_an_added_set_never_takes_the_name_of_one_of_the_programs_unseen(
    weights: Path, shipped: Path, added: Path
) -> None:
    for place in (shipped, added):
        shutil.copytree(weights, place / "birds-512")
    ours, theirs = weight_sets()
    assert (ours.shipped, ours.damage) == (True, "")
    assert "another name" in theirs.damage
    assert find_weights("birds-512") == shipped / "birds-512"
