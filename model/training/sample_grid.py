"""A grid of paintings to look at while training: always the same sentences and noises."""

from pathlib import Path

import numpy as np
from PIL import Image

from model.config import ModelConfig
from model.generator import Generator
from model.pipeline import TextToImagePipeline
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


def save_sample_grid(
    path: Path, config: ModelConfig, vocabulary: Vocabulary, text_encoder: TextEncoder, generator: Generator
) -> None:
    """Write the last stage's paintings, a row a sentence; sentences without a known word are left out."""
    device = next(generator.parameters()).device.type
    pipeline = TextToImagePipeline(config, vocabulary, text_encoder, generator, device=device)
    samples = max(2, WIDEST // config.image_sizes[-1])
    known = [sentence for sentence in SENTENCES if vocabulary.encode(sentence)[0]][: 6 if samples > 2 else 3]
    rows = [np.concatenate(pipeline(sentence, samples=samples).stages[-1].images, axis=1) for sentence in known]
    if rows:
        Image.fromarray(np.concatenate(rows)).save(path)
