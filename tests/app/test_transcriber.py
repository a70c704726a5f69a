"""The transcriber, with real PocketSphinx and a local server that speaks as Google does."""

import sys
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app import bird_ears
from app.transcriber import TranscriptionError, transcribe
from tests.google_server import GoogleServer
from tests.google_server import google_server as serve_google

HEARD_OFFLINE = "a small red bird with white wings and a short beak"


@pytest.fixture
def bird(voice: Callable[[str], Path]) -> Path:
    """A WAV file with a description."""
    return voice(HEARD_OFFLINE)


def wav(path: Path, frames: bytes) -> Path:
    """Write 16 kHz mono 16-bit sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(frames)
    return path


def test_google_is_asked_for_english_with_flac(google_server: GoogleServer, bird: Path) -> None:
    google_server.hears("a small red bird")
    heard = transcribe(bird)
    assert (heard.text, heard.engine, heard.note) == ("a small red bird", "google", "")
    assert heard.alternatives == ("a bur",)
    (request,) = google_server.requests
    assert request.parameters["lang"] == "en-US"
    assert request.parameters["key"]
    assert request.content_type == "audio/x-flac; rate=22050"
    assert request.body.startswith(b"fLaC")


def test_pocketsphinx_sends_nothing_to_google(google_server: GoogleServer, bird: Path) -> None:
    heard = transcribe(bird, "sphinx")
    assert heard.text == HEARD_OFFLINE
    assert (heard.engine, heard.note) == ("sphinx", "")
    assert google_server.requests == []


def test_an_error_of_google_is_told_and_pocketsphinx_listens(google_server: GoogleServer, bird: Path) -> None:
    google_server.fails(503)
    heard = transcribe(bird)
    assert len(google_server.requests) == 3
    assert heard.text == HEARD_OFFLINE
    assert heard.engine == "sphinx"
    assert heard.note == "Google answered with error 503, so PocketSphinx listened offline."


def test_a_google_that_stumbles_once_is_asked_again(google_server: GoogleServer, bird: Path) -> None:
    google_server.hears("a small red bird")
    google_server.fails(503, times=1)
    heard = transcribe(bird)
    assert (heard.text, heard.engine, heard.note) == ("a small red bird", "google", "")
    assert len(google_server.requests) == 2


def test_a_refusal_of_google_is_not_asked_again(google_server: GoogleServer, bird: Path) -> None:
    google_server.fails(403)
    assert transcribe(bird).note == "Google answered with error 403, so PocketSphinx listened offline."
    assert len(google_server.requests) == 1


def test_google_listens_for_the_language_that_was_chosen(google_server: GoogleServer, bird: Path) -> None:
    google_server.hears("a small grey bird")
    transcribe(bird, language="en-GB")
    assert google_server.requests[0].parameters["lang"] == "en-GB"


def test_garbage_from_google_is_told_and_pocketsphinx_listens(google_server: GoogleServer, bird: Path) -> None:
    google_server.answer = b"<html>Please log in to this hotel's network</html>"
    heard = transcribe(bird)
    assert heard.text == HEARD_OFFLINE
    assert heard.note == "Google answered with something unreadable, so PocketSphinx listened offline."


def test_without_an_answer_pocketsphinx_listens(google_server: GoogleServer, bird: Path) -> None:
    google_server.keeps_silent = True
    heard = transcribe(bird, timeout=0.5)
    assert heard.text == HEARD_OFFLINE
    assert heard.note == "Google did not answer in time, so PocketSphinx listened offline."


def test_an_answer_that_never_ends_is_not_waited_for(google_server: GoogleServer, bird: Path) -> None:
    google_server.trickles = True
    heard = transcribe(bird, timeout=0.5)
    assert heard.text == HEARD_OFFLINE
    assert heard.note == "Google did not answer in time, so PocketSphinx listened offline."


def test_without_a_network_pocketsphinx_listens(bird: Path) -> None:
    with serve_google() as google:
        nobody_listens_here = google.endpoint
    heard = transcribe(bird, endpoint=nobody_listens_here)
    assert heard.text == HEARD_OFFLINE
    assert heard.note == "Google could not be reached, so PocketSphinx listened offline."


def test_nothing_understood_by_google_asks_to_say_it_again(google_server: GoogleServer, bird: Path) -> None:
    google_server.understands_nothing()
    with pytest.raises(TranscriptionError, match=r"^Google understood nothing; please say it again"):
        transcribe(bird)


@pytest.mark.parametrize(
    "endpoint",
    ["http://www.google.com/speech-api/v2/recognize", "ftp://localhost/", "file://localhost/etc/hostname", "localhost"],
)
def test_speech_is_never_sent_in_the_clear(bird: Path, endpoint: str) -> None:
    with pytest.raises(TranscriptionError, match="only ever sent over https"):
        transcribe(bird, endpoint=endpoint)


def test_without_pocketsphinx_a_sentence_says_so(
    google_server: GoogleServer, bird: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    bird_ears.load.cache_clear()
    with pytest.raises(TranscriptionError, match=r"^PocketSphinx, which .* is not installed\.$"):
        transcribe(bird, "sphinx")
    google_server.fails(500)
    with pytest.raises(TranscriptionError, match=r"^Google answered with error 500, and PocketSphinx, which"):
        transcribe(bird)


def test_a_recording_that_a_crash_cut_off_is_still_heard(bird: Path) -> None:
    whole = bird.read_bytes()
    bird.write_bytes(whole[: len(whole) * 9 // 10 + 1])
    assert transcribe(bird, "sphinx").text.startswith("a small red bird with white wings")


def test_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TranscriptionError, match=f"^There is no file {tmp_path / 'nothing.wav'}"):
        transcribe(tmp_path / "nothing.wav")


BROKEN_FILES = {
    "empty": b"",
    "text": b"A small red bird, in writing.",
    "cut-off WAV header": b"RIFF\x10\x00\x00\x00WAVE",
    "zeros after RIFF": b"RIFF" + bytes(100),
    "zeros after fLaC": b"fLaC" + bytes(100),
}


@pytest.mark.parametrize("content", BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_a_file_without_sound_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(TranscriptionError, match=f"^{path} is not a sound file that can be read"):
        transcribe(path)


@pytest.mark.parametrize("frames", [b"", bytes(32_000)], ids=["no time", "one second"])
def test_silence_is_told(frames: bytes, tmp_path: Path) -> None:
    with pytest.raises(TranscriptionError, match=r"^The recording is silent"):
        transcribe(wav(tmp_path / "silence.wav", frames))


@pytest.mark.parametrize(
    "sentence",
    [
        "um i want a blue bird with a yellow belly and black wings",
        "a brown bird with white wingbars and a pointed bill",
        "show me a green parrot with a red crown and a curved beak",
    ],
)
def test_birds_are_heard_offline(sentence: str, voice: Callable[[str], Path]) -> None:
    assert transcribe(voice(sentence), "sphinx").text == sentence.removeprefix("um ")


def test_a_voice_too_quiet_to_be_trusted_is_heard_and_told(bird: Path, tmp_path: Path) -> None:
    heard = transcribe(rescaled(bird, tmp_path / "quiet.wav", 0.01), "sphinx")
    assert "red bird" in heard.text
    assert heard.note == "The recording is very quiet; go closer to the microphone or turn it up."


def test_a_clipped_voice_is_heard_and_told(bird: Path, tmp_path: Path) -> None:
    heard = transcribe(rescaled(bird, tmp_path / "loud.wav", 6), "sphinx")
    assert "bird" in heard.text
    assert heard.note.startswith("The recording is too loud and clipped")


def rescaled(source: Path, path: Path, factor: float) -> Path:
    """The same sound, so many times as loud, cut off at full scale."""
    with wave.open(str(source)) as file:
        rate, samples = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * factor).round().clip(-32768, 32767).astype("<i2").tobytes())
    return path
