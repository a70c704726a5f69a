"""Counting what was heard wrong."""

from model.speech.word_errors import WordErrors, aligned


def test_one_of_each_error() -> None:
    pairs = aligned(["a", "small", "red", "bird"], ["the", "small", "bird"])
    assert pairs == [("a", "the"), ("small", "small"), ("red", None), ("bird", "bird")]
    assert aligned(["bird"], ["bird", "sings"]) == [("bird", "bird"), (None, "sings")]


def test_spelling_is_no_error() -> None:
    errors = WordErrors()
    errors.add("a gray bird with 2 wing bars", "A grey bird with two wingbars.")
    assert (errors.rate, errors.words) == (0, 6)


def test_colours_and_parts_are_counted_apart() -> None:
    errors = WordErrors()
    errors.add("this red bird has a short beak", "a bird has a short black beak")
    assert (errors.words, errors.wrong) == (7, 3)
    assert (errors.named, errors.named_wrong) == (2, 2)
