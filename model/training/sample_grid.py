"""A grid of paintings to look at while training: always the same sentences and noises, and what they attended to."""

from pathlib import Path

import numpy as np
from PIL import Image

from model.attention_picture import attention_overlay, top_words
from model.config import ModelConfig
from model.generator import Generator
from model.pipeline import TextToImagePipeline
from model.png import BY_RUNS
from model.text_encoder import TextEncoder
from model.vocabulary import Vocabulary

SENTENCES = (
    "this bird is red with white and has a very short beak",
    "a small blue bird with a white belly",
    "a yellow bird with black wings and a short beak",
    "a black bird with a long tail",
    "a brown bird with a speckled breast",
    "a white seabird with a long orange beak",
)
WIDEST = 8 * 64  # pixels of a row: fewer samples where they are larger
MAPS = 3  # of the first sample's most attended words, right of the samples


def save_sample_grid(
    path: Path, config: ModelConfig, vocabulary: Vocabulary, text_encoder: TextEncoder, generator: Generator
) -> bool:
    """Write the last stage's paintings, a row a sentence, and the maps of the first one's most attended words.

    Sentences without a known word are left out; returns False, and writes nothing, when none is left.
    """
    device = next(generator.parameters()).device.type
    pipeline = TextToImagePipeline(config, vocabulary, text_encoder, generator, device=device)
    samples = max(2, WIDEST // config.image_sizes[-1])
    rows = []
    for sentence in SENTENCES if samples > 2 else SENTENCES[:3]:
        if not vocabulary.encode(sentence)[0]:
            continue
        result = pipeline(sentence, samples=samples)
        stage = result.stages[-1]
        pictures = [*stage.images]
        if stage.attention is not None:
            best = top_words(stage, result.tokens, sample=0, count=MAPS)
            maps = [attention_overlay(stage.images[0], stage.attention[0, word.index]) for word in best]
            blank = [np.zeros_like(stage.images[0])] * (MAPS - len(maps))
            pictures += [*map(np.asarray, maps), *blank]
        rows.append(np.concatenate(pictures, axis=1))
    if rows:
        Image.fromarray(np.concatenate(rows)).save(path, compress_type=BY_RUNS)
    return bool(rows)
