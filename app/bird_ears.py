"""The offline recogniser: PocketSphinx with the project's own language model and dictionary of bird descriptions.

Where Whisper is installed, it gives its second opinion. PocketSphinx is used directly: SpeechRecognition loads all
models anew for every recording, cannot replace the Gaussians' means, and gives no second-best hypotheses.
"""

from __future__ import annotations

import math
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.second_opinion import Proposals, weigh
from app.sound import SAMPLE_RATE
from app.whisper_ears import LONGEST_SECONDS, load_whisper

if TYPE_CHECKING:
    import numpy as np

SPEECH_MODEL = Path(__file__).parents[1] / "weights" / "speech"
HESITATIONS = frozenset({"um", "uh", "umm", "er"})
SMALL = frozenset({"a", "an", "the", "and", "is", "has"})  # alternatives that differ in these alone help nobody
SURE = 0.8  # probability from which on nobody needs to see alternatives
LEAST_SURE = 1e-6
LEAST_SHARE = 0.02  # of the likelihood, for an alternative worth a line
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


def hear(samples: np.ndarray, model: Path = SPEECH_MODEL, second_opinion: bool = True) -> Heard:
    """What was said in 16 kHz samples; raises EarsError when PocketSphinx or the model is missing."""
    with _ONE_AT_A_TIME:
        decoder = load(model)
        proposals = _propose(decoder, samples)
        if not proposals.texts:
            return Heard("", 0.0, ())
        if second_opinion and len(samples) < LONGEST_SECONDS * SAMPLE_RATE:
            with suppress(Exception):  # many libraries, and what PocketSphinx heard is there already
                whisper = load_whisper(model / FILES["dict"])
                if whisper is not None:
                    return _weighed(weigh(proposals, whisper.listen(samples), decoder.get_lm()))
    confidence = math.exp(sum(map(math.log, proposals.sure)) / len(proposals.sure))
    return Heard(proposals.texts[0], confidence, _others(proposals.texts) if confidence < SURE else ())


def get_ready(model: Path = SPEECH_MODEL) -> None:
    """Load what `hear` needs, while there is time; what is missing is told when somebody is to be heard."""
    with suppress(Exception), _ONE_AT_A_TIME:
        load(model)
        load_whisper(model / FILES["dict"])


def _propose(decoder: Any, samples: np.ndarray) -> Proposals:
    decoder.start_utt()
    decoder.process_raw(samples.round().clip(-32768, 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    text = _without_hesitations(best.hypstr) if best else ""
    if not text:
        return Proposals([], [])
    spoken = [(segment.word.partition("(")[0], segment.prob) for segment in decoder.seg()]
    words = [(word, prob) for word, prob in spoken if word[:1] not in "<[+" and word not in HESITATIONS]
    sure = [min(max(prob, LEAST_SURE), 1.0) for _, prob in words]
    others = (_without_hesitations(other.hypstr) for other in islice(decoder.nbest(), HYPOTHESES) if other)
    return Proposals([text, *(other for other in dict.fromkeys(others) if other and other != text)], sure)


def _weighed(shares: dict[str, float]) -> Heard:
    """How sure is how much of all the likelihood goes to texts that mean the same as the best."""
    best = next(iter(shares))
    confidence = sum(share for text, share in shares.items() if _meaning(text) == _meaning(best))
    likely = [text for text, share in shares.items() if share > LEAST_SHARE]
    return Heard(best, confidence, _others([best, *likely]) if confidence < SURE else ())


def _others(texts: list[str]) -> tuple[str, ...]:
    """The best texts that mean something else than the first and than one another."""
    by_meaning: dict[tuple[str, ...], str] = {}
    for text in texts:
        by_meaning.setdefault(_meaning(text), text)
    return tuple(by_meaning.values())[1 : MOST_ALTERNATIVES + 1]


def _meaning(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split() if word not in SMALL)


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
