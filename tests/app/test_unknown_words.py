"""Words the painter does not know are underlined and named while the description is written."""

import pytest

from app.application import Application
from tests.app.driving import press, text_of, wait_for, write


@pytest.fixture
def ready(app: Application) -> Application:
    """With the painter loaded, whose vocabulary is small: see tests/tiny.py."""
    app.load()
    wait_for(app.root, lambda: "CPU" in text_of(app.main.status), "the painter")
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
