"""Builds what the offline recogniser knows of bird descriptions, from the captions of the training split.

python main.py train speech --data DIR --output weights/speech
"""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from model.data.cub import read_split
from model.speech.arpa import write_arpa
from model.speech.kneser_ney import estimate
from model.speech.normalise import normalise, table
from model.speech.pronunciations import BIRDERS, Pronunciations, dictionary_lines, read_dictionary
from model.speech.sentences import spoken_sentences, trigrams
from model.speech.spelling import Corrector

LANGUAGE_MODEL = "birds.arpa"
DICTIONARY = "birds.dict"
LEAST_OCCURRENCES = 3  # of a caption's word, unless it is a birder's
LEAST_GAIN = 0.4  # nats times occurrences, see kneser_ney.estimate


def train_speech(data: Path, output: Path, arpa: Path, cmu: Path, report: Callable[[str], None] = print) -> None:
    """Write the language model to `arpa` and DICTIONARY into `output`.

    `cmu` is the dictionary that comes with the recogniser.

    Raises DataError when there are no captions or no dictionary.
    """
    captions = [caption for photo in read_split(data, "train", report) for caption in photo.captions]
    pronunciations = Pronunciations(cmu)
    written = Counter(word for caption in captions for word in normalise(caption))
    corrector = Corrector(written, pronunciations.__contains__)
    sentences = list(spoken_sentences(captions, corrector))
    vocabulary = _vocabulary(sentences)
    model = estimate(trigrams(sentences, vocabulary), vocabulary, LEAST_GAIN)
    output.mkdir(parents=True, exist_ok=True)
    write_arpa(model, arpa)
    lines = dictionary_lines(model.vocabulary, pronunciations)
    (output / DICTIONARY).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    sizes = ", ".join(f"{len(order):,}" for order in model.probabilities)
    report(f"{len(captions):,} captions became {len(sentences):,} spoken sentences and {sizes} n-grams in {output}")


def _vocabulary(sentences: list[list[str]]) -> frozenset[str]:
    counts = Counter(word for sentence in sentences for word in sentence)
    frequent = {word for word, count in counts.items() if count >= LEAST_OCCURRENCES}
    openers = {word for line in table("openings.txt") for word in line.split()}
    return frozenset(frequent | openers | set(read_dictionary(BIRDERS))) - {"<unk>"}
