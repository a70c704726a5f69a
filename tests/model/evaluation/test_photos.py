"""Photos are measured by their middle square, broken ones not at all."""

from pathlib import Path

import numpy as np
from PIL import Image

from model.data.cub import Photo
from model.evaluation.photos import middle_squares


def test_middle_squares_and_no_broken_photos(tmp_path: Path) -> None:
    picture = Image.new("RGB", (90, 60), (0, 0, 255))
    picture.paste((255, 0, 0), (15, 0, 75, 60))
    picture.save(tmp_path / "whole.png")
    (tmp_path / "broken.jpg").write_bytes(b"broken")
    box = (0.0, 0.0, 90.0, 60.0)
    photos = [Photo(name, tmp_path / name, box, 1, ("a red bird",)) for name in ("broken.jpg", "whole.png")]
    squares, whole = middle_squares(photos, 60)
    assert whole == photos[1:]
    assert squares.shape == (1, 60, 60, 3)
    assert (squares[0] == (255, 0, 0)).all()
    assert middle_squares(photos, 128)[0].shape == (1, 128, 128, 3)
    assert middle_squares(photos[:1], 32)[0].shape == (0, 32, 32, 3)
    assert np.array_equal(middle_squares(photos, 60)[0], squares)
