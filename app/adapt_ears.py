"""Moves the acoustic model towards noisy, clear and robotic voices alike, by CMU's sphinxtrain.

python main.py train speech --data DIR --output weights/speech --adapt 328

Needs Debian's sphinxtrain, pocketsphinx, espeak-ng and flite. Maximum a posteriori adaptation (Gauvain and Lee 1994) of
the Gaussians' means and of their weights in every sound: what heard little stays as PocketSphinx's own model has it.
None of these voices is in `synthetic_voices.UNSEEN`, and every prompt is a training caption or a row of words of the
dictionary.
"""

import math
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from app.bird_ears import FILES, stock_model
from app.sound import prepared
from app.synthetic_voices import Voice, espeak, flite, with_noise
from model.data.cub import read_split
from model.errors import PlainError
from model.speech.normalise import normalise
from model.speech.pronunciations import read_dictionary

ACCENTS = ("en-us", "en-us", "en-gb-x-rp", "en-gb-scotland", "en-029", "en-gb-x-gbclan")
SPEAKERS = (
    *("m1", "m2", "m4", "m5", "m6", "m7", "m8", "f1", "f4", "f5", "Annie", "Andy", "Michael", "Steph"),
    *("klatt", "klatt2", "klatt4", "Andrea", "Denis", "Mario", "Henrique", "Storm", "Gene", "Jacky", "Lee"),
)
RECORDED = ("rms", "kal16", "rms", "kal")  # of flite, cut from recordings of people
LOUDNESSES: tuple[float | None, ...] = (None, 20.0, 10.0, 5.0)  # decibels of the voice over the noise
WORDS_OF_A_ROW = 8
TOOLS = Path("/usr/lib/sphinxtrain")
CONVERTER = "pocketsphinx_mdef_convert"
HEADER = b"s3\nversion 1.0\nendhdr\n"
LOGARITHM, STEP = 1.0001, 1024.0  # base of PocketSphinx's logarithms, and how many of them are one step
LEAST_WEIGHT = 1e-9
PASSES = 2  # the second over what the first aligned; a third changed nothing on the development voices
FEATURES = ["-feat", "1s_c_d_dd", "-svspec", "0-12/13-25/26-38", "-cmn", "batch", "-agc", "none", "-varnorm", "no"]


def adapt(data: Path, model: Path, prompts: int) -> None:
    """Write adapted means and weights into `model`, which holds the dictionary; PlainError without the tools."""
    if not TOOLS.is_dir() or shutil.which(CONVERTER) is None:
        raise PlainError("Adaptation needs Debian's packages sphinxtrain and pocketsphinx.")
    missing = [tool for tool in ("espeak-ng", "flite") if shutil.which(tool) is None]
    if missing:
        raise PlainError(f"Adaptation needs the voices of {' and '.join(missing)}.")
    stock = stock_model() / "en-us"
    with TemporaryDirectory() as name:
        folder = Path(name)
        _write_mixture_weights(stock / "sendump", folder / "mixture_weights")
        _run([CONVERTER, "-text", stock / "mdef", folder / "mdef"])
        _record(islice(_prompts(data, model), prompts), model, folder)
        unchanging = ["-moddeffn", folder / "mdef", "-ts2cbfn", ".ptm.", "-varfn", stock / "variances"]
        unchanging += ["-tmatfn", stock / "transition_matrices", "-accumdir", folder]
        spoken = ["-dictfn", model / FILES["dict"], "-fdictfn", stock / "noisedict"]
        spoken += ["-ctlfn", folder / "ids", "-lsnfn", folder / "said", "-cepdir", folder, "-cepext", "mfc"]
        counted = ["-meanreest", "yes", "-varreest", "yes", "-mixwreest", "yes", "-tmatreest", "yes", "-topn", "4"]
        counted += ["-abeam", "1e-60", "-bbeam", "1e-60"]
        prior = ["-meanfn", stock / "means", "-mixwfn", folder / "mixture_weights"]
        means, weights = folder / "means", folder / "adapted_weights"
        aligned_by = prior
        for _ in range(PASSES):
            _run([TOOLS / "bw", *unchanging, *aligned_by, *spoken, *FEATURES, *counted])
            _run([TOOLS / "map_adapt", *unchanging, *prior, "-mapmeanfn", means, "-mapmixwfn", weights])
            aligned_by = ["-meanfn", means, "-mixwfn", weights]
        _quantise_mixture_weights(weights, stock / "sendump", model / FILES["sendump"])
        shutil.copy(means, model / FILES["mean"])


def _prompts(data: Path, model: Path) -> Iterator[str]:
    """Two captions, then a row of words, and so on; the same at every call."""
    words = sorted(read_dictionary(model / FILES["dict"]))
    texts = {" ".join(normalise(text)) for photo in read_split(data, "train") for text in photo.captions[:2]}
    known = set(words)
    captions = sorted(text for text in texts if 6 <= len(text.split()) <= 13 and known.issuperset(text.split()))
    order = random.Random(5)
    order.shuffle(captions)
    order.shuffle(words)
    row = cycle(words)
    for number, caption in enumerate(captions):
        yield caption if number % 3 else " ".join(islice(row, WORDS_OF_A_ROW))


def _voices() -> Iterator[tuple[Voice, float]]:
    """Half of them espeak-ng's, half flite's, and how many times as fast each is played."""
    chance = random.Random(3)
    for name in cycle(RECORDED):
        speaker = chance.choice([f"{accent}+{speaker}" for accent in ACCENTS for speaker in SPEAKERS])
        yield espeak(speaker, chance.randrange(35, 70), chance.randrange(135, 175)), chance.uniform(0.94, 1.06)
        factor = chance.uniform(0.85, 1.25)
        yield flite(name, "--setf", f"duration_stretch={factor * chance.uniform(0.9, 1.2):.2f}"), factor


def _played_faster(samples: np.ndarray, factor: float) -> np.ndarray:
    """As of a smaller speaker where the factor is over 1."""
    places = np.linspace(0, len(samples) - 1, round(len(samples) / factor))
    return np.interp(places, np.arange(len(samples)), samples)


def _record(prompts: Iterator[str], model: Path, folder: Path) -> None:
    """Have the voices read in turn, and keep what PocketSphinx's own front end makes of it."""
    import pocketsphinx

    files = {"lm": str(model / FILES["lm"]), "dict": str(model / FILES["dict"])}
    hmm = str(stock_model() / "en-us")
    decoder = pocketsphinx.Decoder(hmm=hmm, **files, mfclogdir=str(folder), loglevel="FATAL")
    said: list[str] = []
    ids: list[str] = []
    for number, (prompt, (voice, factor)) in enumerate(zip(prompts, _voices(), strict=False)):
        clean = _played_faster(voice.say(prompt), factor)
        for decibels in LOUDNESSES:
            sound = prepared(with_noise(clean, decibels, number)).round().astype("<i2").tobytes()
            ids.append(f"{len(ids):09d}")  # as the decoder counts its files
            said.append(f"<s> {prompt} </s> ({ids[-1]})")
            decoder.start_utt()
            decoder.process_raw(sound, no_search=True, full_utt=True)
            decoder.end_utt()
    (folder / "ids").write_text("\n".join(ids) + "\n")
    (folder / "said").write_text("\n".join(said) + "\n")


def _write_mixture_weights(sendump: Path, path: Path) -> None:
    """PocketSphinx's quantised weights (feature x density x senone, logarithms) as sphinxtrain reads them."""
    raw = sendump.read_bytes()
    at, densities, senones = _layout(raw)
    quantised = np.frombuffer(raw, "u1", offset=at).reshape(-1, densities, senones)
    weights = np.power(LOGARITHM, -STEP * quantised).transpose(2, 0, 1).astype("<f4")
    path.write_bytes(HEADER + struct.pack("<I4i", 0x11223344, *weights.shape, weights.size) + weights.tobytes())


def _quantise_mixture_weights(path: Path, sendump: Path, output: Path) -> None:
    """The way back, under the header of PocketSphinx's own file."""
    raw, header = path.read_bytes(), sendump.read_bytes()
    at = raw.index(b"endhdr\n") + len(b"endhdr\n")
    senones, features, densities, count = struct.unpack_from("<4i", raw, at + 4)
    counted = np.frombuffer(raw, "<f4", count, at + 20).reshape(senones, features, densities).astype(float)
    weights = np.maximum(counted, LEAST_WEIGHT)
    weights /= weights.sum(2, keepdims=True)
    steps = np.round(-np.log(weights) / math.log(LOGARITHM) / STEP).clip(0, 255).astype("u1")
    output.write_bytes(header[: _layout(header)[0]] + steps.transpose(1, 2, 0).tobytes())


def _layout(sendump: bytes) -> tuple[int, int, int]:
    """Where the numbers begin, and how many densities and senones there are."""
    at = 0
    while size := struct.unpack_from("<i", sendump, at)[0]:
        at += 4 + size
    densities, senones = struct.unpack_from("<2i", sendump, at + 4)
    return at + 12, densities, senones


def _run(command: list[Any]) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise PlainError(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1:] or done.returncode}.")
