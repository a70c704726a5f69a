"""Words the painter does not know are underlined and named while the description is written."""

from pathlib import Path

import pytest

from app.application import Application
from app.settings import Settings
from tests.app.conftest import Start
from tests.app.driving import press, text_of, wait_for, write
from tests.tiny import tiny_weights


@pytest.fixture
def ready(app: Application) -> Application:
    """With the painter's vocabulary loaded, which is small: see tests/tiny.py."""
    app.keyboard.show_heard("unheard of", "")
    app.load()
    wait_for(app.root, lambda: underlined(app), "what the painter knows")
    return app


def underlined(app: Application) -> list[str]:
    text = app.keyboard.text
    ends = [str(index) for index in text.tag_ranges("unknown")]
    return [text.get(first, last) for first, last in zip(ends[::2], ends[1::2], strict=True)]


def test_they_are_marked_as_they_are_written_and_named(ready: Application) -> None:
    write(ready, "A red bird with Sunglasses, a purple crown and sunglasses.")
    assert underlined(ready) == ["Sunglasses", "purple", "sunglasses"]
    sentence = "The painter does not know “sunglasses” and “purple” and will paint without."
    assert text_of(ready.keyboard.unknown) == sentence
    assert ready.keyboard.unknown.winfo_viewable()
    write(ready, "a red bird with blue wings")
    assert underlined(ready) == []
    assert not ready.keyboard.unknown.winfo_viewable()


def test_a_word_is_not_judged_before_it_is_written(ready: Application) -> None:
    write(ready, "a ")
    press(ready, "p", "u", "r")
    assert underlined(ready) == []
    press(ready, "space")
    assert underlined(ready) == ["pur"]
    press(ready, "BackSpace", "l")
    assert underlined(ready) == []
    press(ready, "Tab")
    assert underlined(ready) == ["purl"]


def test_what_was_heard_is_marked_to_its_last_word(ready: Application) -> None:
    ready.show(ready.keyboard)
    ready.keyboard.show_heard("a small red ostrich", "Heard by Google.", ("a small red bird",))
    ready.root.update()
    assert underlined(ready) == ["ostrich"]
    ready.keyboard.alternatives.buttons[0].invoke()
    ready.root.update()
    assert underlined(ready) == []


def test_they_are_marked_once_the_painter_knows_its_words(app: Application) -> None:
    write(app, "a purple bird")
    assert underlined(app) == []
    app.load()
    wait_for(app.root, lambda: underlined(app) == ["purple"], "the vocabulary")


def test_a_word_that_only_one_model_does_not_know_is_marked_and_told(start: Start, home: Path) -> None:
    mine = tiny_weights(home / "weights" / "mine", stages=1) / "vocabulary.txt"
    mine.write_text(mine.read_text().replace("red\n", "purple\n"))
    Settings(models=["birds-512", "mine"]).save()
    app = start()
    app.load()
    write(app, "a red bird with purple sunglasses")
    wait_for(app.root, lambda: underlined(app), "what the models know")
    assert underlined(app) == ["red", "purple", "sunglasses"]
    assert text_of(app.keyboard.unknown) == (
        "The painter does not know “sunglasses” and will paint without. "
        "Under “Our model” the painter does not know “purple” and will paint without. "
        "Under “mine” the painter does not know “red” and will paint without."
    )
