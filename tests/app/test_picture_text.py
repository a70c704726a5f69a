"""What a PNG tells: all that paints its bird again, in a form that other programs read; theirs are understood too."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.bird import Bird
from app.picture_text import NoBirdInside, Recipe, read_recipe, save_png

BIRD = Bird(
    "a small red bird, “très” 小鳥", 7, 2, "birds-512", "ab" * 32, "CPU", ["a", "red"], ["小鳥"], [64, 128, 256, 512]
)
PICTURE = Image.new("RGB", (64, 64), "red")
A1111 = "a red bird,\nsitting\nNegative prompt: cat\nSteps: 20, Sampler: Euler a, Seed: 965400086"


def png(folder: Path, **chunks: str) -> Path:
    info = PngInfo()
    for name, text in chunks.items():
        info.add_itxt(name, text)
    PICTURE.save(folder / "picture.png", pnginfo=info)
    return folder / "picture.png"


def test_a_picture_brings_back_what_it_was_painted_from(tmp_path: Path) -> None:
    save_png(PICTURE, tmp_path / "bird.png", BIRD, 1)
    recipe = read_recipe(tmp_path / "bird.png")
    assert recipe == Recipe(BIRD.caption, 7, 2, 1, "birds-512", "ab" * 32)


def test_a_picture_saved_while_it_is_being_saved_says_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = Image.SAVE["PNG"]

    def save_another_meanwhile(*told: Any) -> None:
        monkeypatch.setitem(Image.SAVE, "PNG", write)
        save_png(PICTURE, tmp_path / "other.png", dataclasses.replace(BIRD, seed=8), 0)
        write(*told)

    monkeypatch.setitem(Image.SAVE, "PNG", save_another_meanwhile)
    save_png(PICTURE, tmp_path / "bird.png", BIRD, 1)
    assert [read_recipe(tmp_path / f"{name}.png").seed for name in ("bird", "other")] == [7, 8]


def test_other_programs_read_the_description_the_seed_and_the_weights(tmp_path: Path) -> None:
    """As AUTOMATIC1111's web UI does: the last line is pairs if it has three, the lines before are the description."""
    bird = dataclasses.replace(BIRD, weights="mine: the, best")
    save_png(PICTURE, tmp_path / "bird.png", bird, 0)
    with Image.open(tmp_path / "bird.png") as file:
        caption, last = file.info["parameters"].split("\n")
    pairs = dict(re.findall(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)', last))
    assert caption == bird.caption
    assert pairs["Seed"] == "7"
    assert pairs["Steps"] == "4"
    assert pairs["Size"] == "64x64"
    assert pairs["Model hash"] == "ababababab"
    assert json.loads(pairs["Model"]) == "mine: the, best"


@pytest.mark.parametrize(
    ("chunks", "caption", "seed"),
    [
        ({"parameters": A1111}, "a red bird, sitting", 965400086),
        ({"parameters": "only words"}, "only words", None),
        ({"parameters": A1111.replace("965400086", "4294967295")}, "a red bird, sitting", None),
        ({"invokeai_metadata": '{"positive_prompt": "a red bird", "seed": 12}'}, "a red bird", 12),
        ({"speak-out": "{}", "parameters": A1111}, "a red bird, sitting", 965400086),
    ],
)
def test_pictures_of_other_programs_give_what_they_say(
    tmp_path: Path, chunks: dict[str, str], caption: str, seed: int | None
) -> None:
    assert read_recipe(png(tmp_path, **chunks)) == Recipe(caption, seed, 1, 0, "", "")


@pytest.mark.parametrize(
    "chunks",
    [
        {},
        {"Comment": "a red bird"},
        {"parameters": "a red bird " * 10_000},
        {"speak-out": "[" * 60_000},
        {"speak-out": json.dumps({**BIRD.to_json(), "seed": -1, "sample": 0})},
        {"speak-out": json.dumps({**BIRD.to_json(), "samples": 10**9, "sample": 0})},
        {"invokeai_metadata": '{"positive_prompt": 5}'},
        {"parameters": " \n "},
    ],
    ids=range(8),
)
def test_a_picture_that_tells_nothing_usable_is_one_sentence(tmp_path: Path, chunks: dict[str, str]) -> None:
    with pytest.raises(NoBirdInside, match=r"^picture\.png does not say what it was painted from\.$"):
        read_recipe(png(tmp_path, **chunks))


def test_a_picture_with_a_word_of_ten_thousands_of_letters_is_read_in_no_time(tmp_path: Path) -> None:
    words = "a" * 60_000 + "!"  # where a name is looked for at every letter, this takes minutes
    assert read_recipe(png(tmp_path, parameters=words)).caption == words


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n\x00\x00", None])
def test_what_is_no_png_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "bird.png"
    if content is None:
        PICTURE.save(path, "JPEG")
    else:
        path.write_bytes(content)
    with pytest.raises(NoBirdInside, match=r"^bird\.png is not a PNG picture, or a damaged one\.$"):
        read_recipe(path)
