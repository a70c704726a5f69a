"""Pickles of plain values are read; nothing inside any pickle is run."""

import pickle
from pathlib import Path

import pytest

from model.errors import DataError
from model.plain_pickle import read_plain_pickle
from tests.model.malice import Malice, one_sentence


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_values_of_every_protocol(tmp_path: Path, protocol: int) -> None:
    value = [["a bird"], {1: "red", 2: "bird"}, {"red": 1, "bird": 2}, (1.5, None, True)]
    (tmp_path / "plain.pickle").write_bytes(pickle.dumps(value, protocol))
    assert read_plain_pickle(tmp_path / "plain.pickle") == value


def test_python_2_strings(tmp_path: Path) -> None:
    (tmp_path / "old.pickle").write_bytes(b"(lp0\nS'001.Black_footed_Albatross/Bird_1'\np1\na.")
    assert read_plain_pickle(tmp_path / "old.pickle") == ["001.Black_footed_Albatross/Bird_1"]


def test_the_careless_way_would_run_it(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Malice(tmp_path / "trace")))
    assert (tmp_path / "trace").exists()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_code_is_refused_and_not_run(tmp_path: Path, protocol: int) -> None:
    trace = tmp_path / "trace"
    (tmp_path / "evil.pickle").write_bytes(pickle.dumps(["a bird", Malice(trace)], protocol))
    with pytest.raises(DataError) as told:
        read_plain_pickle(tmp_path / "evil.pickle")
    assert one_sentence(str(told.value))
    assert not trace.exists()


@pytest.mark.parametrize("content", [b"", b"no pickle", b"\x80\x04", pickle.dumps(list(range(99)))[:-20]])
def test_damaged_files_are_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "damaged.pickle").write_bytes(content)
    with pytest.raises(DataError) as told:
        read_plain_pickle(tmp_path / "damaged.pickle")
    assert one_sentence(str(told.value))


def test_a_missing_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.pickle is missing"):
        read_plain_pickle(tmp_path / "none.pickle")
