"""The transcriber, with real PocketSphinx and a local server that speaks as Google does."""

import sys
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from app.transcriber import TranscriptionError, transcribe
from tests.google_server import GoogleServer
from tests.google_server import google_server as serve_google

HEARD_OFFLINE = "three four"


@pytest.fixture
def numbers(voice: Callable[[str], Path]) -> Path:
    """A WAV file with words that PocketSphinx gets right."""
    return voice("one two three four five")


def wav(path: Path, frames: bytes) -> Path:
    """Write 16 kHz mono 16-bit sound."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(frames)
    return path


def test_google_is_asked_for_english_with_flac(google_server: GoogleServer, numbers: Path) -> None:
    google_server.hears("a small red bird")
    heard = transcribe(numbers)
    assert (heard.text, heard.engine, heard.note) == ("a small red bird", "google", "")
    (request,) = google_server.requests
    assert request.parameters["lang"] == "en-US"
    assert request.parameters["key"]
    assert request.content_type == "audio/x-flac; rate=22050"
    assert request.body.startswith(b"fLaC")


def test_pocketsphinx_sends_nothing_to_google(google_server: GoogleServer, numbers: Path) -> None:
    heard = transcribe(numbers, "sphinx")
    assert HEARD_OFFLINE in heard.text
    assert (heard.engine, heard.note) == ("sphinx", "")
    assert google_server.requests == []


def test_an_error_of_google_is_told_and_pocketsphinx_listens(google_server: GoogleServer, numbers: Path) -> None:
    google_server.fails(503)
    heard = transcribe(numbers)
    assert HEARD_OFFLINE in heard.text
    assert heard.engine == "sphinx"
    assert heard.note == "Google answered with error 503, so PocketSphinx listened offline."


def test_garbage_from_google_is_told_and_pocketsphinx_listens(google_server: GoogleServer, numbers: Path) -> None:
    google_server.answer = b"<html>Please log in to this hotel's network</html>"
    heard = transcribe(numbers)
    assert HEARD_OFFLINE in heard.text
    assert heard.note == "Google answered with something unreadable, so PocketSphinx listened offline."


def test_without_an_answer_pocketsphinx_listens(google_server: GoogleServer, numbers: Path) -> None:
    google_server.keeps_silent = True
    heard = transcribe(numbers, timeout=0.5)
    assert HEARD_OFFLINE in heard.text
    assert heard.note == "Google did not answer in time, so PocketSphinx listened offline."


def test_an_answer_that_never_ends_is_not_waited_for(google_server: GoogleServer, numbers: Path) -> None:
    google_server.trickles = True
    heard = transcribe(numbers, timeout=0.5)
    assert HEARD_OFFLINE in heard.text
    assert heard.note == "Google did not answer in time, so PocketSphinx listened offline."


def test_without_a_network_pocketsphinx_listens(numbers: Path) -> None:
    with serve_google() as google:
        nobody_listens_here = google.endpoint
    heard = transcribe(numbers, endpoint=nobody_listens_here)
    assert HEARD_OFFLINE in heard.text
    assert heard.note == "Google could not be reached, so PocketSphinx listened offline."


def test_nothing_understood_by_google_asks_to_say_it_again(google_server: GoogleServer, numbers: Path) -> None:
    google_server.understands_nothing()
    with pytest.raises(TranscriptionError, match=r"^Google understood nothing; please say it again"):
        transcribe(numbers)


@pytest.mark.parametrize(
    "endpoint",
    ["http://www.google.com/speech-api/v2/recognize", "ftp://localhost/", "file://localhost/etc/hostname", "localhost"],
)
def test_speech_is_never_sent_in_the_clear(numbers: Path, endpoint: str) -> None:
    with pytest.raises(TranscriptionError, match="only ever sent over https"):
        transcribe(numbers, endpoint=endpoint)


def test_without_pocketsphinx_a_sentence_says_so(
    google_server: GoogleServer, numbers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(TranscriptionError, match=r"^PocketSphinx, which .* is not installed\.$"):
        transcribe(numbers, "sphinx")
    google_server.fails(500)
    with pytest.raises(TranscriptionError, match=r"^Google answered with error 500, and PocketSphinx, which"):
        transcribe(numbers)


def test_a_recording_that_a_crash_cut_off_is_still_heard(numbers: Path) -> None:
    whole = numbers.read_bytes()
    numbers.write_bytes(whole[: len(whole) * 9 // 10 + 1])
    assert HEARD_OFFLINE in transcribe(numbers, "sphinx").text


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
