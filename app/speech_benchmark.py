"""How well and how fast the offline recogniser hears bird descriptions.

"birds" is what the program uses, PocketSphinx with the bird model and Whisper's second opinion; "sphinx" is the same
without Whisper; "plain" is PocketSphinx as it comes.

python main.py benchmark speech --data DIR [--limit N] [--plain N] [--json]

The sentences are captions of the test split that say nothing a training caption says word for word, whose words a
dictionary knows (a slip of the pen cannot be spoken). The voices of `synthetic_voices.UNSEEN` read them in turn; each
reading is heard clean and with pink noise 20 and 10 dB under it.
"""

import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from app.bird_ears import FILES, SPEECH_MODEL, get_ready, hear, load, stock_model
from app.sound import SAMPLE_RATE, prepared
from app.synthetic_voices import NOISES, UNSEEN, Voice, with_noise
from app.whisper_ears import load_whisper
from model.data.cub import read_split
from model.errors import PlainError
from model.speech.normalise import normalise
from model.speech.pronunciations import Pronunciations
from model.speech.word_errors import WordErrors

LENGTHS = range(2, 41)  # words
TELL_EVERY = 21  # sentences
Figures = dict[str, Any]


def benchmark_speech(data: Path, as_json: bool, limit: int, plain: int) -> None:
    """Hear `limit` sentences with the project's recogniser, the first `plain` of them with PocketSphinx as it comes."""
    voices = [voice for voice in UNSEEN if voice.installed]
    if not voices:
        raise PlainError("There is no voice to read sentences; install espeak-ng, flite or festival.")
    sentences = unseen_sentences(data)[:limit]
    if not sentences:
        raise PlainError(f"The test captions in {data} say nothing that the training captions do not say.")
    figures = measure(sentences, voices, plain)
    figures["missing_voices"] = [voice.name for voice in UNSEEN if voice not in voices]
    print(json.dumps(figures, indent=2) if as_json else table(figures))


def unseen_sentences(data: Path, odd: bool = True) -> list[str]:
    """In an order that is always the same; of every second test photo (the others were for development)."""
    train = {" ".join(normalise(text)) for photo in read_split(data, "train", _quiet) for text in photo.captions}
    spoken = Pronunciations(stock_model() / "cmudict-en-us.dict")
    found = dict.fromkeys(
        " ".join(words)
        for photo in read_split(data, "test", _quiet)[int(odd) :: 2]
        for words in map(normalise, photo.captions)
        if len(words) in LENGTHS and all(word in spoken for word in words)
    )
    unseen = [sentence for sentence in found if sentence not in train]
    random.Random(int(odd)).shuffle(unseen)
    return unseen


def measure(sentences: list[str], voices: list[Voice], plain: int) -> Figures:
    """The recognisers' errors and times; voice i reads every sentence whose number leaves i over."""
    started = time.perf_counter()
    load()
    ready = time.perf_counter() - started
    get_ready()
    both_ready = time.perf_counter() - started
    engines: dict[str, Callable[[np.ndarray], str]] = {"birds": lambda samples: hear(prepared(samples)).text}
    if load_whisper(SPEECH_MODEL / FILES["dict"]) is not None:
        engines["sphinx"] = lambda samples: hear(prepared(samples), second_opinion=False).text
    stock = _plain_decoder() if plain else None
    engines["plain"] = lambda samples: _plainly(stock, samples)
    errors: dict[tuple[str, str, str], WordErrors] = defaultdict(WordErrors)
    seconds: dict[str, float] = defaultdict(float)
    audio: dict[str, float] = defaultdict(float)
    for number, sentence in enumerate(sentences):
        voice = voices[number % len(voices)]
        clean = voice.say(sentence)
        for decibels in NOISES:
            samples = with_noise(clean, decibels, number)
            for engine, listen in engines.items():
                if engine == "plain" and number >= plain:
                    continue
                began = time.process_time()
                text = listen(samples)
                seconds[engine] += time.process_time() - began
                audio[engine] += len(samples) / SAMPLE_RATE
                errors[engine, condition(decibels), voice.name].add(sentence, text)
                errors[engine, condition(decibels), "all"].add(sentence, text)
        if (number + 1) % TELL_EVERY == 0:
            so_far = ", ".join(
                f"{condition(n)} {100 * errors['birds', condition(n), 'all'].rate:.1f} %" for n in NOISES
            )
            print(f"{number + 1} of {len(sentences)} sentences, words wrong so far: {so_far}", file=sys.stderr)
    rows = [
        {
            "engine": engine,
            "noise": noise,
            "voice": voice,
            "words": found.words,
            "word_error_rate": found.rate,
            "colours_and_parts": found.named,
            "colour_and_part_error_rate": found.named_rate,
        }
        for (engine, noise, voice), found in errors.items()
    ]
    speeds = {engine: seconds[engine] / audio[engine] for engine in seconds}
    model_bytes = sum(path.stat().st_size for path in SPEECH_MODEL.iterdir())
    return {
        "sentences": len(sentences),
        "plain_sentences": min(plain, len(sentences)),
        "ready_seconds": ready,
        "second_opinion_ready_seconds": both_ready,
        "seconds_per_second_of_audio": speeds,
        "model_bytes": model_bytes,
        "rows": rows,
    }


def table(figures: Figures) -> str:
    """The figures as lines of text: errors in percent, colours and parts after the slash."""
    rows = {(row["engine"], row["noise"], row["voice"]): row for row in figures["rows"]}
    noises = [condition(decibels) for decibels in NOISES]
    names = list(dict.fromkeys((row["engine"], row["voice"]) for row in figures["rows"]))
    lines = [
        f"{figures['sentences']} unseen sentences; PocketSphinx as it comes (plain) heard {figures['plain_sentences']}",
        f"ready in {figures['ready_seconds']:.2f} s, Whisper in {figures['second_opinion_ready_seconds']:.2f} s",
        "Seconds per second of audio on one core: "
        + ", ".join(f"{engine} {speed:.3f}" for engine, speed in figures["seconds_per_second_of_audio"].items()),
        "Word error rate / colour-and-part error rate, percent:",
        f"{'':7}{'voice':26}" + "".join(f"{noise:>16}" for noise in noises),
    ]
    for engine, voice in sorted(names, key=lambda name: (name[0], name[1] == "all")):
        cells = [rows[engine, noise, voice] for noise in noises]
        shown = [f"{100 * c['word_error_rate']:.1f} / {100 * c['colour_and_part_error_rate']:.1f}" for c in cells]
        lines.append(f"{engine:7}{voice:26}" + "".join(f"{text:>16}" for text in shown))
    if figures["missing_voices"]:
        lines.append(f"Not installed, so left out: {', '.join(figures['missing_voices'])}")
    return "\n".join(lines)


def condition(decibels: float | None) -> str:
    return "clean" if decibels is None else f"{decibels:g} dB"


def _plain_decoder() -> Any:
    import pocketsphinx

    return pocketsphinx.Decoder(loglevel="FATAL")


def _plainly(decoder: Any, samples: np.ndarray) -> str:
    decoder.start_utt()
    decoder.process_raw(samples.round().astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    best = decoder.hyp()
    return best.hypstr if best else ""


def _quiet(_: str) -> None:
    """What the data set lacks is told when it is trained on."""
