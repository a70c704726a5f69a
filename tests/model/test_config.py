"""`config.json`: written, read, and refused in one sentence."""

import json
from pathlib import Path
from typing import Any

import pytest

from model.config import ModelConfig
from model.errors import WeightsError
from tests.model.malice import one_sentence


def test_round_trip_and_what_people_read_in_it(tmp_path: Path) -> None:
    config = ModelConfig(stages=3, vocabulary_size=7)
    config.save(tmp_path / "config.json")
    assert ModelConfig.load(tmp_path / "config.json") == config
    stored = json.loads((tmp_path / "config.json").read_text())
    assert stored["image_sizes"] == [64, 128, 256]
    assert stored["format_version"] == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"stages": 0},
        {"stages": 40},
        {"generator_channels": 0},
        {"text_size": -4},
        {"text_size": 15},
        {"noise_size": "many"},
        {"noise_size": 1.5},
        {"condition_size": True},
        {"generator_channels": 10**9},
        {"maximum_words": 0},
        {"format_version": 2},
    ],
)
def test_sizes_that_make_no_network_are_refused(tmp_path: Path, changed: dict[str, Any]) -> None:
    path = tmp_path / "config.json"
    ModelConfig().save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))
    with pytest.raises(WeightsError) as told:
        ModelConfig.load(path)
    assert str(path) in str(told.value)
    assert one_sentence(str(told.value))


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", "null", '{"format_version": 1}', "\udcff"])
def test_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(WeightsError) as told:
        ModelConfig.load(path)
    assert one_sentence(str(told.value))
