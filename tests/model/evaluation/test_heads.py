"""Heads are measured where they are found: their distance from photos' falls with how much they look like them."""

from pathlib import Path

import pytest
import torch

from model.data.cub import read_split
from model.evaluation.feature_network import feature_network
from model.evaluation.heads import fid_of_heads, heads
from model.evaluation.judge import Judge
from model.evaluation.part_detector import PartDetector
from model.evaluation.parts import PARTS, in_middle_square
from model.evaluation.photos import middle_squares
from tests.model.evaluation.data import birds_with_parts


def test_photos_heads_are_no_way_from_themselves_and_their_bellies_are(
    weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    judge = Judge.from_folder(weights, torch.device("cpu"))
    squares, photos = middle_squares(read_split(birds_with_parts(tmp_path / "birds"), "test"), 128)
    seen, regions = judge.look(squares)
    network = feature_network(judge, photos, seen)
    places = torch.stack([in_middle_square(photo)[:, 0] for photo in photos])  # parts x (x, y)
    monkeypatch.setattr(PartDetector, "find", lambda self, regions: places)
    bellies = places.clone()
    bellies[:, [PARTS.index("beak"), PARTS.index("crown")]] = places[:, [PARTS.index("belly")]]
    distances = []
    for shown in (heads(squares, places), heads(squares, bellies)):
        found = fid_of_heads(network, network.look(shown)[0], photos, regions, PartDetector(16), 128)
        assert found
        assert (found["pictures"], found["against"]) == (8, 8)
        distances.append(found["value"])
    assert distances[0] == pytest.approx(0, abs=1e-4)
    assert distances[1] > 1e-3
