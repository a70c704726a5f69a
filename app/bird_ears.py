"""The offline recogniser: PocketSphinx with the project's own language model and dictionary of bird descriptions.

PocketSphinx is used directly: SpeechRecognition loads all models anew for every recording, cannot
replace the Gaussians' means, and gives no second-best hypotheses.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

SPEECH_MODEL = Path(__file__).parents[1] / "weights" / "speech"
HESITATIONS = frozenset({"um", "uh", "umm", "er"})
SMALL = frozenset({"a", "an", "the", "and", "is", "has"})  # alternatives that differ in these alone help nobody
SURE = 0.8  # posterior probability a word from which on nobody needs to see alternatives
MOST_ALTERNATIVES = 3
HYPOTHESES = 60  # looked through for that many different texts
FILES = {"lm": "birds.lm.bin", "dict": "birds.dict", "mean": "means", "sendump": "sendump"}
_ONE_AT_A_TIME = threading.Lock()


class EarsError(Exception):
    """Why nothing can be heard offline: one plain sentence for the user."""


@dataclass(frozen=True)
class Heard:
    """Words without hesitations, how sure the recogniser is (0 to 1), and other texts it might have been."""

    text: str
    confidence: float
    alternatives: tuple[str, ...]


def hear(samples: np.ndarray, model: Path = SPEECH_MODEL) -> Heard:
    """What was said in 16 kHz samples; raises EarsError when PocketSphinx or the model is missing."""
    sound = samples.round().clip(-32768, 32767).astype("<i2").tobytes()
    with _ONE_AT_A_TIME:
        decoder = load(model)
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        decoder.end_utt()
        best = decoder.hyp()
        if best is None:
            return Heard("", 0.0, ())
        confidence = best.prob ** (1 / max(len(best.hypstr.split()), 1))
        texts = [_without_hesitations(best.hypstr)]
        if confidence < SURE:
            texts += (_without_hesitations(other.hypstr) for other in islice(decoder.nbest(), HYPOTHESES) if other)
    by_meaning = {tuple(word for word in text.split() if word not in SMALL): text for text in reversed(texts) if text}
    others = tuple(text for text in dict.fromkeys(texts) if text in by_meaning.values() and text != texts[0])
    return Heard(texts[0], min(confidence, 1.0), others[:MOST_ALTERNATIVES])


@cache
def load(model: Path = SPEECH_MODEL) -> Any:
    """The decoder, kept for the next recording; raises EarsError."""
    acoustic = stock_model() / "en-us"
    try:
        import pocketsphinx
    except ImportError:
        raise EarsError("PocketSphinx, which listens offline, is not installed.") from None
    files = {name: model / file for name, file in FILES.items()}
    for path in files.values():
        if not path.is_file():
            raise EarsError(f"The offline recogniser lacks {path}; `python main.py train speech` makes it.")
    named = {name: str(path) for name, path in files.items()}
    return pocketsphinx.Decoder(hmm=str(acoustic), **named, loglevel="FATAL")


def stock_model() -> Path:
    """The folder of what comes with PocketSphinx; raises EarsError."""
    found = find_spec("pocketsphinx")
    if found is None or found.origin is None:
        raise EarsError("PocketSphinx, which listens offline, is not installed.")
    return Path(found.origin).parent / "model" / "en-us"


def _without_hesitations(text: str) -> str:
    return " ".join(word for word in text.split() if word not in HESITATIONS)


def compile_language_model(arpa: Path, output: Path) -> None:
    """PocketSphinx's own binary form of an ARPA file, which loads ten times as fast."""
    import pocketsphinx

    pocketsphinx.NGramModel(pocketsphinx.Config(), pocketsphinx.LogMath(), str(arpa)).write(str(output))
