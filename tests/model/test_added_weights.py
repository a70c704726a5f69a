"""A weight set that is added is there whole, or not at all with one sentence."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from model.added_weights import add_folder, add_published, remove_weights
from model.errors import PlainError
from model.pipeline import TextToImagePipeline
from model.weight_sets import weight_sets
from model.weights import find_weights
from tests.model.malice import one_sentence
from tests.model.published_attngan import GNet, RNNEncoder, write_published
from tests.tiny import WORDS


@pytest.fixture(autouse=True)
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where added sets lie."""
    monkeypatch.setenv("SPEAK_OUT_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "weights"


def ignore(what: str, share: float) -> None:
    pass


class Enough(Exception):
    """Cancels the adding."""


def stop_when(words: str) -> Callable[[str, float], None]:
    def on_progress(what: str, share: float) -> None:
        if words in what:
            raise Enough

    return on_progress


def checkpoint(directory: Path) -> tuple[Path, Path, Path]:
    return write_published(directory, GNet(2, 3, 12, 5, 7), RNNEncoder(len(WORDS), 9, 12), list(WORDS))


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_copied_whole(weights: Path, tmp_path: Path, added: Path) -> None:
    source = Path(shutil.copytree(weights, tmp_path / "My birds"))
    (source / "pictures").mkdir()
    (source / "pictures" / "one.txt").write_text("a picture")
    told: list[float] = []
    name = add_folder(source, lambda _, share: told.append(share))
    assert name == "My-birds"
    assert files_in(added / name) == files_in(source)
    assert [path.name for path in added.iterdir()] == [name]
    assert told == sorted(told)
    assert told[-1] == 1
    assert TextToImagePipeline.from_pretrained(name, "cpu").name == name


def test_no_set_takes_the_name_of_another(weights: Path, tmp_path: Path) -> None:
    source = Path(shutil.copytree(weights, tmp_path / "birds-512"))
    assert [add_folder(source, ignore) for _ in range(2)] == ["birds-512-2", "birds-512-3"]
    with pytest.raises(PlainError, match="in the list already"):
        add_folder(find_weights("birds-512-2"), ignore)


@pytest.mark.parametrize("name", ["config.json", "vocabulary.txt", "text_encoder.safetensors", "generator.safetensors"])
def test_a_damaged_folder_is_refused(weights: Path, tmp_path: Path, added: Path, name: str) -> None:
    source = Path(shutil.copytree(weights, tmp_path / "broken"))
    (source / name).write_bytes((source / name).read_bytes()[:-20])
    with pytest.raises(PlainError) as told:
        add_folder(source, ignore)
    assert one_sentence(str(told.value))
    assert files_in(added) == {}


def test_a_published_checkpoint_becomes_a_set(tmp_path: Path, added: Path) -> None:
    told: list[str] = []
    name = add_published(*checkpoint(tmp_path), "AttnGAN of 2018", lambda what, _: told.append(what))
    assert name == "AttnGAN-of-2018"
    assert "Reading netG.pth …" in told
    (found,) = [found for found in weight_sets() if not found.shipped]
    assert (found.name, found.stages, found.damage) == (name, 2, "")
    assert found.story == "Imported from netG.pth, text_encoder.pth and captions.pickle."
    remove_weights(name)
    assert list(added.iterdir()) == []


@pytest.mark.parametrize("when", ["netG", "captions", "Writing", "Finishing"])
def test_what_is_cancelled_leaves_nothing(tmp_path: Path, added: Path, when: str) -> None:
    with pytest.raises(Enough):
        add_published(*checkpoint(tmp_path), "attngan", stop_when(when))
    assert list(added.glob("*")) == []


@pytest.mark.parametrize("when", ["Checking", "Copying generator", "Finishing"])
def test_a_copy_that_is_cancelled_leaves_nothing(weights: Path, added: Path, when: str) -> None:
    with pytest.raises(Enough):
        add_folder(weights, stop_when(when))
    assert list(added.glob("*")) == []


def test_swapped_files_are_refused(tmp_path: Path, added: Path) -> None:
    generator, text_encoder, vocabulary = checkpoint(tmp_path)
    with pytest.raises(PlainError) as told:
        add_published(text_encoder, generator, vocabulary, "attngan", ignore)
    assert one_sentence(str(told.value))
    assert list(added.glob("*")) == []
