"""A packed data set holds the photos, captions and parts of the official one, and says what is not there."""

import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from model.data.batches import Batches
from model.data.cub import read_attributes, read_split
from model.data.photo import Part, Photo, decode
from model.data.prepare import pack, prepare
from model.errors import DataError, PlainError
from model.vocabulary import Vocabulary
from tests.model.malice import one_sentence
from tests.tiny import drawn_birds

SMALL = 6 / 1024  # MiB of a shard that holds two or three drawn birds


def marked_birds(directory: Path, photos: int = 24) -> Path:
    """Drawn birds with a visible beak (part 2) and two attributes a species."""
    drawn_birds(directory, photos)
    parts, attributes = directory / "CUB_200_2011" / "parts", directory / "CUB_200_2011" / "attributes"
    parts.mkdir()
    attributes.mkdir()
    beaks = [f"{i + 1} 2 {20 + i % 7 + 86}.0 32.0 1\n" for i in range(photos)]
    (parts / "part_locs.txt").write_text("".join(beaks))
    (attributes / "class_attribute_labels_continuous.txt").write_text("10.123 20\n" * 8)
    (directory / "attributes.txt").write_text("1 has_bill::hooked\n2 has_size::large\n")
    return directory


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return marked_birds(tmp_path_factory.mktemp("marked") / "birds")


@pytest.fixture
def packed(official: Path, tmp_path: Path) -> Path:
    prepare(official, tmp_path / "packed", shard_mib=SMALL)
    return tmp_path / "packed"


def test_the_packed_photos_are_those_of_the_official_layout(official: Path, packed: Path) -> None:
    for split in ("train", "test"):
        theirs, ours = read_split(official, split), read_split(packed, split)
        assert [(photo.name, photo.species, photo.captions) for photo in ours] == [
            (photo.name, photo.species, photo.captions) for photo in theirs
        ]
        for photo, original in zip(ours, theirs, strict=True):
            for side in (1000, 50):
                mine, its = decode(photo, side), decode(original, side)
                assert mine.shape == its.shape
                assert (mine.float() - its.float()).abs().mean() < 3
    assert read_attributes(packed) != read_attributes(official)  # rounded
    attributes = read_attributes(packed)
    assert attributes is not None
    assert attributes.species[0] == (10.12, 20.0)
    assert attributes.names == ("has_bill::hooked", "has_size::large")


def test_no_shard_is_larger_than_asked_and_nothing_else_is_written(packed: Path) -> None:
    files = {path.name: path.stat().st_size for path in packed.iterdir()}
    del files["index.json"]
    assert {name.split("-")[0] for name in files} == {"train", "test"}
    assert sorted(files)[-1].endswith(".safetensors")
    assert "train-000.safetensors" in files
    assert "train-001.safetensors" in files
    assert max(files.values()) <= SMALL * 2**20


def test_the_longest_side_is_at_most_what_is_asked_and_parts_move_along(official: Path, tmp_path: Path) -> None:
    prepare(official, tmp_path / "packed", side=40)
    for photo, original in zip(read_split(tmp_path / "packed", "train"), read_split(official, "train"), strict=True):
        picture = decode(photo, 1000)
        assert max(picture.shape) == 40
        scale = 40 / max(decode(original, 1000).shape)
        assert photo.box[2] == pytest.approx(86 * scale, rel=0.05)
        assert photo.parts is not None
        beak = photo.parts[1]
        assert beak.visible
        assert beak.x == pytest.approx(photo.box[0] + photo.box[2], abs=0.1)
        assert beak.y == pytest.approx(photo.box[1] + 12 * scale, abs=0.5)
        assert not photo.parts[0].visible


def test_box_and_parts_stay_on_the_bird_in_a_cropped_and_reduced_photo(tmp_path: Path) -> None:
    picture = Image.new("RGB", (400, 300), (0, 0, 255))
    picture.paste((255, 0, 0), (200, 100, 280, 140))
    picture.save(tmp_path / "photo.png")
    parts = (Part(200.0, 100.0, True), Part(0.0, 0.0, False), *[Part(240.0, 120.0, True)] * 13)
    packed = pack(Photo("001.Red/1", tmp_path / "photo.png", (200.0, 100.0, 80.0, 40.0), 1, ("red",), parts), 60)
    assert packed.photo.box == pytest.approx((10, 20, 40, 20))
    assert packed.photo.parts is not None
    assert packed.photo.parts[0] == pytest.approx((10, 20, True))
    assert packed.photo.parts[2] == pytest.approx((30, 30, True))


def test_training_batches_come_from_a_packed_data_set(packed: Path) -> None:
    photos = read_split(packed, "train")
    vocabulary = Vocabulary.build(caption for photo in photos for caption in photo.captions)
    batch = Batches(photos, vocabulary, (16, 32), 4)[1]
    assert [tuple(pictures.shape) for pictures in batch.pictures] == [(4, 3, 16, 16), (4, 3, 32, 32)]


def test_shards_that_have_not_arrived_are_told_and_the_others_used(packed: Path) -> None:
    everything = [photo.name for photo in read_split(packed, "train")]
    (packed / "train-001.safetensors").unlink()
    whole = (packed / "train-002.safetensors").read_bytes()
    (packed / "train-002.safetensors").write_bytes(whole[: len(whole) // 2])
    told: list[str] = []
    photos = read_split(packed, "train", told.append)
    absent = len(everything) - len(photos)
    assert 2 <= absent < len(everything)
    assert told == [
        f"{absent} of 16 train photos left out with 2 shards absent or incomplete: "
        "train-001.safetensors, train-002.safetensors"
    ]
    assert decode(photos[-1], 50).shape[0] == 3
    assert [photo.name for photo in photos] == [name for name in everything if name in {each.name for each in photos}]


def test_a_shard_of_another_data_set_counts_as_absent(packed: Path, tmp_path: Path) -> None:
    prepare(packed, tmp_path / "other", side=40, shard_mib=SMALL)
    (tmp_path / "other" / "train-000.safetensors").replace(packed / "train-000.safetensors")
    told: list[str] = []
    read_split(packed, "train", told.append)
    assert told[0].endswith("1 shard absent or incomplete: train-000.safetensors")


def test_a_packed_data_set_without_any_shard_is_told_in_a_sentence(packed: Path) -> None:
    for path in packed.glob("test-*"):
        path.unlink()
    with pytest.raises(DataError) as told:
        read_split(packed, "test", lambda text: None)
    assert one_sentence(str(told.value))


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 1}', '{"format": 9}', '{"format": 1, "splits": 3}'])
def test_a_damaged_index_is_told_in_a_sentence(packed: Path, text: str) -> None:
    (packed / "index.json").write_text(text)
    with pytest.raises(DataError, match=r"index\.json") as told:
        read_split(packed, "train")
    assert one_sentence(str(told.value))


def test_what_cannot_be_packed_is_told_by_name_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoilt = drawn_birds(tmp_path / "birds", photos=12)
    photos = read_split(spoilt, "train")
    whole = Path(str(photos[1].path)).read_bytes()
    Path(str(photos[1].path)).write_bytes(whole[: len(whole) // 2])
    (spoilt / "text" / f"{photos[2].name}.txt").write_text("\n\n")
    capsys.readouterr()
    prepare(spoilt, tmp_path / "packed")
    shown = capsys.readouterr().out
    assert f"1 of 8 train photos left out for want of a caption: {photos[2].name}" in shown
    assert f"2 empty lines skipped in the captions of 1 train photo: {photos[2].name}" in shown
    assert f"1 of 7 train photos left out as broken: {photos[1].name}" in shown
    assert "Packed 6 train and 4 test photos into 2 shards" in shown
    names = {photo.name for photo in read_split(tmp_path / "packed", "train")}
    assert names == {photo.name for photo in photos} - {photos[1].name, photos[2].name}


def test_a_call_that_was_killed_leaves_nothing_that_looks_whole_and_can_be_repeated(
    official: Path, packed: Path
) -> None:
    (packed / "index.json").unlink()  # it is written last
    (packed / "train-099.part").write_bytes(b"half a shard")
    with pytest.raises(DataError, match="missing"):
        read_split(packed, "train")
    prepare(official, packed)
    assert {path.name for path in packed.iterdir()} == {
        "index.json",
        "train-000.safetensors",
        "test-000.safetensors",
    }
    assert len(read_split(packed, "train", pytest.fail)) == 16


def test_a_packed_data_set_is_not_written_over_but_can_be_packed_smaller(packed: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in packed.iterdir()}
    with pytest.raises(PlainError, match="already"):
        prepare(packed, packed, side=40)
    assert {path.name: path.read_bytes() for path in packed.iterdir()} == before
    prepare(packed, tmp_path / "smaller", side=30)
    smaller = read_split(tmp_path / "smaller", "train")
    assert [photo.name for photo in smaller] == [photo.name for photo in read_split(packed, "train")]
    assert all(max(decode(photo, 1000).shape) == 30 for photo in smaller)
    assert read_attributes(tmp_path / "smaller") == read_attributes(packed)
    assert json.loads((tmp_path / "smaller" / "index.json").read_text())["side"] == 30


def test_what_is_small_and_cropped_already_is_not_compressed_again(packed: Path, tmp_path: Path) -> None:
    prepare(packed, tmp_path / "again", shard_mib=SMALL)
    for path in packed.glob("*.safetensors"):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_packing_twice_gives_the_same_bytes(official: Path, packed: Path, tmp_path: Path) -> None:
    prepare(official, tmp_path / "again", shard_mib=SMALL)
    for path in packed.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_decoded_squares_of_a_packed_photo_are_its_whole_picture(packed: Path) -> None:
    photo = read_split(packed, "train")[0]
    with photo.open() as file:
        assert tuple(decode(photo, 1000).shape) == (3, file.height, file.width)
    assert decode(photo, 1000).dtype == torch.uint8
