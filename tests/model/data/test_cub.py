"""Reading drawn birds in CUB's layout: what is complete comes out, what is not is told and left out."""

import pickle
from pathlib import Path

import pytest
import torch
from PIL import Image

from model.data.cub import read_attributes, read_split
from model.data.photo import Part, Photo, decode, decode_each, decoded_size
from model.errors import DataError
from tests.model.malice import Malice, one_sentence
from tests.tiny import drawn_birds


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """Drawn birds that a test may damage; the third one of six is for testing."""
    return drawn_birds(tmp_path / "birds", photos=6)


def photo_of(directory: Path, number: int) -> Path:
    (path,) = (directory / "CUB_200_2011" / "images").glob(f"*/Bird_{number:04}.jpg")
    return path


def captions_of(directory: Path, number: int) -> Path:
    (path,) = (directory / "text").glob(f"*/Bird_{number:04}.txt")
    return path


def test_every_photo_comes_with_its_box_species_and_captions(birds: Path) -> None:
    told: list[str] = []
    photos = read_split(birds, "train", told.append)
    assert len(photos) == 16
    assert told == []
    second = photos[1]
    assert second.name == "002.Blue_Bird/Bird_0001"
    assert second.species == 2
    assert second.box == (21.0, 20.0, 86.0, 50.0)
    assert second.captions == ("a small blue bird with a short beak", "this bird is blue and has blue wings")
    assert len(read_split(birds, "test")) == 8
    assert not {photo.name for photo in photos} & {photo.name for photo in read_split(birds, "test")}


def test_photos_without_file_box_or_caption_are_told_with_a_count_and_left_out(spoilt: Path) -> None:
    photo_of(spoilt, 0).unlink()
    captions_of(spoilt, 1).write_text("\n  \n\n")
    boxes = spoilt / "CUB_200_2011" / "bounding_boxes.txt"
    boxes.write_text("".join(line for line in boxes.read_text().splitlines(True) if not line.startswith("4 ")))
    told: list[str] = []
    photos = read_split(spoilt, "train", told.append)
    assert [photo.name[-4:] for photo in photos] == ["0004"]
    assert told == [
        "1 of 4 train photos left out for want of a file: 001.Red_Bird/Bird_0000",
        "1 of 4 train photos left out for want of a box: 004.Black_Bird/Bird_0003",
        "1 of 4 train photos left out for want of a caption: 002.Blue_Bird/Bird_0001",
        "3 empty lines skipped in the captions of 1 train photo: 002.Blue_Bird/Bird_0001",
    ]


def test_empty_lines_are_no_captions_and_are_told(spoilt: Path) -> None:
    captions_of(spoilt, 0).write_text("\na red bird\n   \nwith wings\n\n")
    told: list[str] = []
    assert read_split(spoilt, "train", told.append)[0].captions == ("a red bird", "with wings")
    assert told == ["3 empty lines skipped in the captions of 1 train photo: 001.Red_Bird/Bird_0000"]


def test_many_names_are_all_told_a_line_each(tmp_path: Path) -> None:
    spoilt = drawn_birds(tmp_path / "birds")
    mute = [photo.name for photo in read_split(spoilt, "train")[1:]]
    for name in mute:
        (spoilt / "text" / f"{name}.txt").unlink()
    told: list[str] = []
    read_split(spoilt, "train", told.append)
    assert told[0].splitlines() == [
        "15 of 16 train photos left out for want of a caption:",
        *(f"    {name}" for name in mute),
    ]


def test_parts_come_along_where_they_are_marked(spoilt: Path) -> None:
    assert read_split(spoilt, "train")[0].parts is None
    (spoilt / "CUB_200_2011" / "parts").mkdir()
    locations = spoilt / "CUB_200_2011" / "parts" / "part_locs.txt"
    locations.write_text("1 1 30.5 40.0 1\n1 2 0.0 0.0 0\n1 15 99.0 32.0 1\n")
    photo, unmarked = read_split(spoilt, "train")[:2]
    assert photo.parts is not None
    assert len(photo.parts) == 15
    assert photo.parts[0] == Part(30.5, 40.0, True)
    assert not photo.parts[1].visible
    assert photo.parts[14] == Part(99.0, 32.0, True)
    assert unmarked.parts is None
    locations.write_text("1 1 30.5 forty 1\n")
    with pytest.raises(DataError, match=r"part_locs\.txt is damaged"):
        read_split(spoilt, "train")


def test_attributes_of_the_species(spoilt: Path) -> None:
    assert read_attributes(spoilt) is None
    (spoilt / "CUB_200_2011" / "attributes").mkdir()
    table = spoilt / "CUB_200_2011" / "attributes" / "class_attribute_labels_continuous.txt"
    table.write_text("0.0 50.5\n100.0 2.25\n")
    (spoilt / "attributes.txt").write_text("1 has_bill::hooked\n2 has_size::large\n")
    attributes = read_attributes(spoilt)
    assert attributes is not None
    assert attributes.names == ("has_bill::hooked", "has_size::large")
    assert attributes.species == ((0.0, 50.5), (100.0, 2.25))
    table.write_text("0.0 half\n")
    with pytest.raises(DataError, match=r"damaged\.$"):
        read_attributes(spoilt)


def test_broken_jpegs_give_no_picture(spoilt: Path) -> None:
    photo_of(spoilt, 0).write_bytes(b"this is no picture")
    whole = photo_of(spoilt, 3).read_bytes()
    photo_of(spoilt, 3).write_bytes(whole[: len(whole) // 2])
    photo_of(spoilt, 4).write_bytes(b"")
    pictures = list(decode_each(read_split(spoilt, "train"), 76))
    assert [picture is None for picture in pictures] == [True, False, True, True]


@pytest.mark.parametrize("box", [(20.0, 20.0, 0.0, 0.0), (500.0, 500.0, 30.0, 30.0), (-90.0, -90.0, 9.0, 9.0)])
def test_a_box_without_a_bird_inside_is_left_out_like_a_broken_photo(
    birds: Path, box: tuple[float, float, float, float]
) -> None:
    photo = read_split(birds, "train")[0]
    wrong = Photo(photo.name, photo.path, box, photo.species, photo.captions)
    assert list(decode_each([wrong], 76)) == [None]


@pytest.mark.parametrize(
    "missing", ["CUB_200_2011/images.txt", "CUB_200_2011/bounding_boxes.txt", "train/filenames.pickle"]
)
def test_a_missing_table_is_told_in_a_sentence(spoilt: Path, missing: str) -> None:
    (spoilt / missing).unlink()
    with pytest.raises(DataError) as told:
        read_split(spoilt, "train")
    assert missing.split("/")[1] in str(told.value)
    assert one_sentence(str(told.value))


def test_a_damaged_table_is_told_in_a_sentence(spoilt: Path) -> None:
    (spoilt / "CUB_200_2011" / "bounding_boxes.txt").write_text("1 20.0 twenty 86.0 50.0\n")
    with pytest.raises(DataError) as told:
        read_split(spoilt, "train")
    assert "bounding_boxes.txt" in str(told.value)
    assert one_sentence(str(told.value))


@pytest.mark.parametrize("names", [{"a": 1}, [1, 2], "001.Red_Bird", ["Red_Bird/without_number"]])
def test_a_list_of_something_else_is_told_in_a_sentence(spoilt: Path, names: object) -> None:
    (spoilt / "train" / "filenames.pickle").write_bytes(pickle.dumps(names))
    with pytest.raises(DataError) as told:
        read_split(spoilt, "train", lambda text: None)
    assert one_sentence(str(told.value))


def test_code_in_filenames_pickle_is_not_run(spoilt: Path) -> None:
    trace = spoilt / "trace"
    (spoilt / "train" / "filenames.pickle").write_bytes(pickle.dumps([Malice(trace)]))
    with pytest.raises(DataError) as told:
        read_split(spoilt, "train")
    assert one_sentence(str(told.value))
    assert not trace.exists()


def whole_photo(path: Path, width: int, height: int, box: tuple[float, float, float, float]) -> Photo:
    """Red where the box is, blue around it."""
    picture = Image.new("RGB", (width, height), (0, 0, 255))
    x, y, box_width, box_height = map(int, box)
    picture.paste((255, 0, 0), (x, y, x + box_width, y + box_height))
    picture.save(path, quality=100, subsampling=0)
    return Photo("001.Red/1", path, box, 1, ("a red bird",))


def test_the_crop_is_one_and_a_half_boxes_around_the_bird(tmp_path: Path) -> None:
    photo = whole_photo(tmp_path / "photo.jpg", 200, 160, (80.0, 60.0, 40.0, 20.0))
    picture = decode(photo, 1000)  # never enlarged
    assert picture.dtype == torch.uint8
    assert picture.shape == (3, 60, 60)
    red = picture[0] > 128
    assert red.any(1).nonzero().flatten().tolist() == list(range(20, 40))
    assert red.any(0).nonzero().flatten().tolist() == list(range(10, 50))


def test_the_crop_ends_where_the_photo_ends(tmp_path: Path) -> None:
    photo = whole_photo(tmp_path / "photo.jpg", 100, 90, (0.0, 10.0, 80.0, 60.0))
    assert decode(photo, 1000).shape == (3, 90, 100)


def test_a_large_photo_is_made_smaller_by_its_short_side(tmp_path: Path) -> None:
    photo = whole_photo(tmp_path / "photo.jpg", 300, 200, (0.0, 0.0, 300.0, 200.0))
    assert decode(photo, 50).shape == (3, 50, 75)
    assert decoded_size(photo, 50) == (50, 75)


def test_grey_photos_come_in_colour(tmp_path: Path) -> None:
    Image.new("L", (50, 50), 90).save(tmp_path / "grey.jpg")
    picture = decode(Photo("001.Grey/1", tmp_path / "grey.jpg", (0.0, 0.0, 50.0, 50.0), 1, ("a grey bird",)), 50)
    assert picture.shape == (3, 50, 50)
    assert (picture == 90).all()
