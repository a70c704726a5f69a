"""Whisper's second opinion beside PocketSphinx, with the real models of both."""

from collections.abc import Iterator

import numpy as np
import pytest

from app import whisper_ears
from app.bird_ears import FILES, SPEECH_MODEL, hear
from app.second_opinion import Proposals, weigh
from app.sound import SAMPLE_RATE, prepared
from app.synthetic_voices import espeak
from app.whisper_ears import load_whisper, without_repetition

DICTIONARY = SPEECH_MODEL / FILES["dict"]
SAID = "its head is crimson and its wings are barred with ivory"


@pytest.fixture(scope="module")
def spoken() -> np.ndarray:
    return prepared(espeak("en-us+f2", 75, 150).say(SAID))


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What is loaded in a test stays there."""
    load_whisper.cache_clear()
    yield
    load_whisper.cache_clear()


def test_two_hear_what_one_does_not(spoken: np.ndarray) -> None:
    assert hear(spoken, second_opinion=False).text != SAID
    assert hear(spoken).text == SAID


def test_more_than_whisper_can_hear_at_once_is_heard(spoken: np.ndarray) -> None:
    silence = np.zeros(20 * SAMPLE_RATE)
    assert "its head is crimson" in hear(np.concatenate([silence, spoken, silence])).text


def test_a_passage_of_each_reading_makes_the_whole() -> None:
    class Whisper:
        """Knows the words it heard itself for sure, and doubts all others."""

        def texts(self) -> list[str]:
            return ["a red bird with a white bell", "a rat bird with a white belly"]

        def log_probability(self, text: str) -> float:
            return -10.0 * len(set(text.split()) - {"a", "red", "bird", "with", "white", "belly"})

    class Language:
        def prob(self, words: list[str]) -> int:
            return -50_000

    proposals = Proposals(["a bread bird with a white bell"], [0.5] * 7)
    assert next(iter(weigh(proposals, Whisper(), Language()))) == "a red bird with a white belly"


def test_a_sentence_that_whisper_begins_anew_is_heard_once() -> None:
    assert without_repetition("a red bird with a black bill a red bird with a black") == "a red bird with a black bill"
    assert without_repetition("a red bird with a red bill") == "a red bird with a red bill"


@pytest.mark.usefixtures("forgetful")
def test_without_whisper_pocketsphinx_listens_alone(spoken: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper_ears, "HALVES", ("no_such_package", "no_other_package"))
    assert load_whisper(DICTIONARY) is None
    assert hear(spoken).text == hear(spoken, second_opinion=False).text


@pytest.mark.usefixtures("forgetful")
def test_weights_that_are_not_the_published_ones_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper_ears, "WEIGHTS_SHA256", "0" * 64)
    assert load_whisper(DICTIONARY) is None


@pytest.mark.usefixtures("forgetful")
def test_a_broken_whisper_does_not_stop_pocketsphinx(spoken: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whisper_ears, "HALVES", ("json", "json"))  # which have no folder of data
    with pytest.raises(FileNotFoundError):
        load_whisper(DICTIONARY)
    assert hear(spoken).text == hear(spoken, second_opinion=False).text
