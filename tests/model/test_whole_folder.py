"""A folder is replaced whole or stays as it was."""

from pathlib import Path

import pytest

from model.whole_folder import whole_folder


def contents(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def write(folder: Path, **texts: str) -> None:
    with whole_folder(folder) as part:
        for name, text in texts.items():
            (part / name).write_text(text)


def test_a_new_folder_takes_the_place_of_the_old_one_and_leaves_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path / "set", words="old", only_then="old")
    write(tmp_path / "set", words="new")
    assert contents(tmp_path) == {"set/words": "new"}


def test_the_old_one_is_there_until_the_new_one_is_complete(tmp_path: Path) -> None:
    write(tmp_path / "set", words="old")
    with whole_folder(tmp_path / "set") as part:
        (part / "words").write_text("new")
        assert contents(tmp_path / "set") == {"words": "old"}


def test_an_error_in_the_middle_leaves_the_old_one(tmp_path: Path) -> None:
    write(tmp_path / "set", words="old")
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "set", words="half of the", **{"no/such/folder": "new"})
    assert contents(tmp_path) == {"set/words": "old"}


def test_what_a_killed_program_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "set.part" / "set").mkdir(parents=True)
    (tmp_path / "set.part" / "set" / "words").write_text("half of the")
    write(tmp_path / "set", other="new")
    assert contents(tmp_path) == {"set/other": "new"}


def test_what_was_moved_away_when_the_program_was_killed_comes_back(tmp_path: Path) -> None:
    write(tmp_path / "set.part" / "old", words="old")
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "set", **{"no/such/folder": "new"})
    assert contents(tmp_path) == {"set/words": "old"}
