"""Moves the acoustic model's means towards noisy, clear and robotic voices alike, by CMU's sphinxtrain.

python main.py train speech --data DIR --output weights/speech --adapt

Needs Debian's sphinxtrain, pocketsphinx, espeak-ng and flite. Maximum a posteriori adaptation (Gauvain and Lee 1994):
means that heard little stay where PocketSphinx's own model has them. None of these voices is in
`synthetic_voices.UNSEEN`, and every prompt is a training caption or a row of words of the dictionary.
"""

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
from app.synthetic_voices import NOISES, espeak, flite, with_noise
from model.data.cub import read_split
from model.errors import PlainError
from model.speech.normalise import normalise
from model.speech.pronunciations import read_dictionary

VOICES = (
    espeak("en-us+m1", 45, 150),
    espeak("en-us+f1", 55, 150),
    flite("rms"),
    espeak("en-us+m4", 50, 165),
    espeak("en-us+f4", 60, 140),
    espeak("en-gb-x-rp+m2", 50, 150),
    flite("kal16"),
    espeak("en-us+m6", 40, 155),
    espeak("en-us+Annie", 50, 155),
    espeak("en-us+Andy", 50, 160),
    flite("rms", "--setf", "duration_stretch=1.15"),
    espeak("en-gb-x-rp+f1", 60, 150),
    espeak("en-gb-scotland+m2", 50, 150),
    espeak("en-us+klatt", 50, 150),
    espeak("en-us+Michael", 50, 150),
    espeak("en-us+Steph", 50, 150),
)
WORDS_OF_A_ROW = 8
TOOLS = Path("/usr/lib/sphinxtrain")
CONVERTER = "pocketsphinx_mdef_convert"
HEADER = b"s3\nversion 1.0\nendhdr\n"
FEATURES = ["-feat", "1s_c_d_dd", "-svspec", "0-12/13-25/26-38", "-cmn", "batch", "-agc", "none", "-varnorm", "no"]


def adapt(data: Path, model: Path, prompts: int) -> None:
    """Write the adapted means into `model`, which holds the dictionary; PlainError without the tools."""
    if not TOOLS.is_dir() or shutil.which(CONVERTER) is None:
        raise PlainError("Adaptation needs Debian's packages sphinxtrain and pocketsphinx.")
    missing = [voice.name for voice in VOICES if not voice.installed]
    if missing:
        raise PlainError(f"Adaptation needs these voices of espeak-ng and flite: {', '.join(missing)}.")
    stock = stock_model() / "en-us"
    with TemporaryDirectory() as name:
        folder = Path(name)
        _write_mixture_weights(stock / "sendump", folder / "mixture_weights")
        _run([CONVERTER, "-text", stock / "mdef", folder / "mdef"])
        _record(islice(_prompts(data, model), prompts), model, folder)
        parts = ["-moddeffn", folder / "mdef", "-ts2cbfn", ".ptm.", "-mixwfn", folder / "mixture_weights"]
        parts += ["-meanfn", stock / "means", "-varfn", stock / "variances"]
        parts += ["-tmatfn", stock / "transition_matrices", "-accumdir", folder]
        spoken = ["-dictfn", model / FILES["dict"], "-fdictfn", stock / "noisedict"]
        spoken += ["-ctlfn", folder / "ids", "-lsnfn", folder / "said", "-cepdir", folder, "-cepext", "mfc"]
        reestimated = ["-meanreest", "yes", "-varreest", "yes", "-mixwreest", "yes", "-tmatreest", "yes"]
        _run(
            [TOOLS / "bw", *parts, *spoken, *FEATURES, "-topn", "4", *reestimated, "-abeam", "1e-60", "-bbeam", "1e-60"]
        )
        _run([TOOLS / "map_adapt", *parts, "-mapmeanfn", folder / "adapted"])
        shutil.copy(folder / "adapted", model / FILES["mean"])


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


def _record(prompts: Iterator[str], model: Path, folder: Path) -> None:
    """Have the voices read in turn, and keep what PocketSphinx's own front end makes of it."""
    import pocketsphinx

    files = {"lm": str(model / FILES["lm"]), "dict": str(model / FILES["dict"])}
    hmm = str(stock_model() / "en-us")
    decoder = pocketsphinx.Decoder(hmm=hmm, **files, mfclogdir=str(folder), loglevel="FATAL")
    said: list[str] = []
    ids: list[str] = []
    for number, prompt in enumerate(prompts):
        clean = VOICES[number % len(VOICES)].say(prompt)
        for noise in NOISES:
            sound = prepared(with_noise(clean, noise, number)).round().astype("<i2").tobytes()
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
    at = 0
    while size := struct.unpack_from("<i", raw, at)[0]:
        at += 4 + size
    densities, senones = struct.unpack_from("<2i", raw, at + 4)
    quantised = np.frombuffer(raw, "u1", offset=at + 12).reshape(-1, densities, senones)
    weights = np.power(1.0001, -1024.0 * quantised).transpose(2, 0, 1).astype("<f4")
    path.write_bytes(HEADER + struct.pack("<I4i", 0x11223344, *weights.shape, weights.size) + weights.tobytes())


def _run(command: list[Any]) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise PlainError(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1:] or done.returncode}.")
