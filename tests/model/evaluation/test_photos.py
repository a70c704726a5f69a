"""Photos are measured by their middle square; broken ones and what nobody can read are left out and named."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from model.data.cub import Photo
from model.errors import DataError
from model.evaluation import photos as photos_module
from model.evaluation.photos import in_parts, middle_squares, readable
from model.vocabulary import PADDING, Vocabulary


def test_middle_squares_and_no_broken_photos(tmp_path: Path) -> None:
    picture = Image.new("RGB", (90, 60), (0, 0, 255))
    picture.paste((255, 0, 0), (15, 0, 75, 60))
    picture.save(tmp_path / "whole.png")
    (tmp_path / "broken.jpg").write_bytes(b"broken")
    box = (0.0, 0.0, 90.0, 60.0)
    photos = [Photo(name, tmp_path / name, box, 1, ("a red bird",)) for name in ("broken.jpg", "whole.png")]
    told: list[str] = []
    squares, whole = middle_squares(photos, 60, told.append)
    assert told == ["1 of 2 photos left out as broken: broken.jpg"]
    assert whole == photos[1:]
    assert squares.shape == (1, 60, 60, 3)
    assert (squares[0] == (255, 0, 0)).all()
    assert middle_squares(photos, 128)[0].shape == (1, 128, 128, 3)
    assert middle_squares(photos[:1], 32)[0].shape == (0, 32, 32, 3)
    assert np.array_equal(middle_squares(photos, 60)[0], squares)


def test_parts_are_the_whole_and_never_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos_module, "AT_ONCE", 2)
    names = ["0.png", "1.png", "broken.jpg", "broken.jpg", "4.png"]
    (tmp_path / "broken.jpg").write_bytes(b"broken")
    for i in (0, 1, 4):
        Image.new("RGB", (40, 40), (i * 50, 0, 0)).save(tmp_path / f"{i}.png")
    photos = [Photo(name, tmp_path / name, (0.0, 0.0, 40.0, 40.0), 1, ("a bird",)) for name in names]
    told: list[str] = []
    found = list(in_parts(photos, 32, told.append))
    assert told == ["2 of 5 photos left out as broken: broken.jpg, broken.jpg"]
    assert [photo.name for _, whole in found for photo in whole] == ["0.png", "1.png", "4.png"]
    assert [len(squares) for squares, _ in found] == [2, 1]
    assert [int(square[0, 0, 0]) for squares, _ in found for square in squares] == [0, 50, 200]
    assert not list(in_parts(photos[:2], 32, told.append))[1:]
    assert len(told) == 1  # whole photos are not worth a word


def test_what_nobody_can_read_is_left_out_and_named(tmp_path: Path) -> None:
    def photo(number: int, *captions: str) -> Photo:
        return Photo(f"{number}.jpg", tmp_path / f"{number}.jpg", (0.0, 0.0, 40.0, 40.0), number, captions)

    photos = [photo(1, "a red bird", "?", "an ostrich"), photo(2, "a pigeon"), photo(3, "red", "a bird, a bird")]
    ours, theirs = Vocabulary((PADDING, "red", "bird", "pigeon")), Vocabulary((PADDING, "bird", "red"))
    told: list[str] = []
    kept = readable(photos, ours, theirs, report=told.append)
    assert [photo.captions for photo in kept] == [("a red bird",), ("red", "a bird, a bird")]
    assert told == [
        "1 of 3 photos left out for want of a caption with a known word: 2.jpg",
        "2 captions without a known word skipped of 1 photo: 1.jpg",
    ]
    with pytest.raises(DataError, match="species"):
        readable(photos[:2], ours, theirs, report=told.append)
