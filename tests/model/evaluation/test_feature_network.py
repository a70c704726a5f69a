"""Without Inception in torch's cache the judge's eyes are used, and the report says so."""

from pathlib import Path

import numpy as np
import pytest
import torch

from model.config import ModelConfig
from model.data.cub import read_split
from model.encoders import make_image_encoder
from model.evaluation.feature_network import OWN, feature_network, realism
from model.evaluation.judge import Judge
from model.evaluation.photos import middle_squares
from model.text_encoder import TextEncoder
from model.vocabulary import PADDING, Vocabulary


def test_the_judge_looks_where_there_is_no_inception(
    weights: Path, birds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    judge = Judge.from_folder(weights, torch.device("cpu"))
    squares, photos = middle_squares(read_split(birds, "test"), judge.side)
    seen = judge.see(squares)
    network = feature_network(judge, photos, seen)
    assert network.name == OWN
    assert torch.equal(network.features, seen)
    species = len({photo.species for photo in photos})
    assert network.classes.startswith(f"{species} bird species, by a linear classifier")
    assert network.score_comparable.startswith("No:")
    assert OWN in network.distance_comparable
    assert network.distance_comparable.startswith("No:")
    pictures = np.random.default_rng(0).integers(0, 256, (3, 64, 64, 3)).astype(np.uint8)
    features, scores = network.look(pictures)
    torch.testing.assert_close(features, judge.see(pictures))
    assert scores.shape == (3, species)
    found = realism(network, features, scores)
    score, distance = found["inception_score"], found["fid"]
    assert score is not None
    assert distance is not None
    assert (score["pictures"], distance["pictures"], distance["against"]) == (3, 3, len(photos))
    assert isinstance(distance["value"], float)
    assert distance["value"] > 0
    assert realism(network, features[:1], scores[:1])["fid"] is None


def test_a_judge_with_imagenets_eyes_looks_with_those(
    birds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    vocabulary = Vocabulary((PADDING, "red", "bird"))
    config = ModelConfig(vocabulary_size=3, text_size=16, word_embedding_size=8)
    judge = Judge(config, vocabulary, TextEncoder(config), make_image_encoder("lite1", 16, True), torch.device("cpu"))
    squares, photos = middle_squares(read_split(birds, "test"), judge.side)
    network = feature_network(judge, photos, judge.see(squares))
    assert network.features.shape == (len(photos), 1280)
    torch.testing.assert_close(network.look(squares[:2])[0], network.features[:2])
    assert "EfficientNet-Lite 1" in network.name
    assert network.name in network.distance_comparable
