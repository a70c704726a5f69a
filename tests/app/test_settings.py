"""What is remembered, and what happens to a file that was damaged."""

from pathlib import Path

import pytest

from app.settings import Settings

WRONG = [
    *('"language": "xx"', '"google_may_hear": 1', '"microphone": null'),
    *(
        '"models": []',
        '"models": "a"',
        '"device": "tpu"',
        '"places": ["800x600+1+1"]',
        '"places": {"main": "+1+1"}',
        '"theme": ["dark"]',
        '"desktop": "system"',
        '"folders": {"pictures": 1}',
    ),
]

pytestmark = pytest.mark.usefixtures("home")


def test_what_is_saved_comes_back(home: Path) -> None:
    places = {"main": "800x600+10+-5@1.25"}
    settings = Settings("dark", "cpu", "sphinx", True, "en-GB", "USB Microphone", 4, 7, 1.5, places, ["mine"])
    settings.save()
    assert Settings.load() == settings
    assert [file.name for file in home.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"dark"', b"\xff\xfe", b"null"])
def test_a_damaged_file_gives_defaults(home: Path, content: bytes) -> None:
    home.mkdir()
    (home / "settings.json").write_bytes(content)
    assert Settings.load() == Settings()


def test_what_makes_no_sense_is_left_out(home: Path) -> None:
    home.mkdir()
    (home / "settings.json").write_text(
        '{"theme": "purple", "samples": true, "scale": 9, "engine": "sphinx", "unknown": 1}'
    )
    assert Settings.load() == Settings(engine="sphinx")


def test_settings_of_before_there_were_microphones_and_languages_still_load(home: Path) -> None:
    home.mkdir()
    (home / "settings.json").write_text('{"theme": "dark", "engine": "google", "samples": 3, "scale": null}')
    assert Settings.load() == Settings(theme="dark", engine="google", samples=3)
    assert not Settings.load().google_may_hear


@pytest.mark.parametrize("wrong", WRONG)
def test_new_settings_that_make_no_sense_are_left_out_too(home: Path, wrong: str) -> None:
    home.mkdir()
    (home / "settings.json").write_text(f"{{{wrong}}}")
    assert Settings.load() == Settings()


def test_a_program_killed_while_saving_leaves_the_old_file(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    Settings(samples=5).save()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", die)
    with pytest.raises(KeyboardInterrupt):
        Settings(samples=6).save()
    assert Settings.load().samples == 5
    assert [file.name for file in home.iterdir()] == ["settings.json"]
