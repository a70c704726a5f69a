"""Whisper's second opinion beside PocketSphinx, with the real models of both."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from app import whisper_ears
from app.bird_ears import FILES, SPEECH_MODEL, hear
from app.second_opinion import Proposals, weigh
from app.sound import SAMPLE_RATE, prepared
from app.synthetic_voices import espeak
from app.whisper_ears import load_whisper, without_repetition

DICTIONARY = SPEECH_MODEL / FILES["dict"]
SAID = "the long tail is white and its crown is a deep crimson"
LONG = (
    "this bird has a greyish head with a white superciliary and a black malar stripe, its throat and breast are "
    "speckled with reddish brown, its wingbars are yellowish white, the secondaries and the coverts are blackish "
    "with greenish edges, the rectrices are brownish with whitish tips, the tarsus is pinkish, the bill is short "
    "and curved, and the belly is creamy yellow"
)


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
    assert "the long tail is white" in hear(np.concatenate([silence, spoken, silence])).text


class Language:
    def prob(self, words: list[str]) -> int:
        return -50_000


@dataclass
class Whisper:
    """Gives these readings, and takes `doubt` off for every word that is not among `known`."""

    readings: list[str]
    known: set[str]
    doubt: float = 10.0

    def texts(self) -> list[str]:
        return self.readings

    def log_probability(self, text: str) -> float:
        return -self.doubt * len(set(text.split()) - self.known)


def test_a_passage_of_each_reading_makes_the_whole() -> None:
    whisper = Whisper(
        ["a red bird with a white bell", "a rat bird with a white belly"],
        {"a", "red", "bird", "with", "white", "belly"},
    )
    proposals = Proposals(["a bread bird with a white bell"], [0.5] * 7)
    assert next(iter(weigh(proposals, whisper, Language()))) == "a red bird with a white belly"


def test_who_is_likely_right_counts_less_than_who_is_little_wrong() -> None:
    odd, middle, other = "owl on ice", "a red bird", "a red birds"
    whisper = Whisper([odd, middle, other], {*odd.split(), *middle.split()}, doubt=0.1)
    weighed = weigh(Proposals([odd], [0.05] * 3), whisper, Language())
    assert max(weighed, key=weighed.__getitem__) == odd
    assert next(iter(weighed)) != odd


def test_where_most_readings_agree_with_pocketsphinx_nothing_is_weighed() -> None:
    proposals = Proposals(["a red bird", "a bed bird"], [0.5] * 3)
    assert weigh(proposals, Whisper(["a red bird", "a red bird", "a bed"], {"bed"}), Language()) == {"a red bird": 1.0}


def test_without_a_reading_whisper_still_weighs_pocketsphinxs_texts() -> None:
    proposals = Proposals(["a red bird", "a bed bird"], [0.0] * 3)
    assert next(iter(weigh(proposals, Whisper([], {"a", "bed", "bird"}), Language()))) == "a bed bird"


def test_a_long_description_is_read_to_its_end() -> None:
    whisper = load_whisper(DICTIONARY)
    assert whisper is not None
    readings = whisper.listen(prepared(espeak("en-us", 50, 165).say(LONG))).texts()
    assert any(reading.endswith("creamy yellow") for reading in readings)


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
