"""Small real things for tests: a weight set and a preset of narrow networks, and drawn birds in CUB's layout."""

import pickle
from pathlib import Path

import torch
from PIL import Image, ImageDraw

from model.config import ModelConfig
from model.generator import Generator
from model.text_encoder import TextEncoder
from model.vocabulary import PADDING, Vocabulary
from model.weights import save_weights

SENTENCE = "a small red bird with blue wings and yellow belly has very short black beak white crown this is"
WORDS = tuple(SENTENCE.split())
COLOURS = {"red": (200, 40, 30), "blue": (40, 70, 200), "yellow": (230, 200, 40), "black": (20, 20, 20)}


def narrow_config(**sizes: int) -> ModelConfig:
    """An architecture of four stages with few channels."""
    narrow = {
        "generator_channels": 4,
        "residual_blocks": 1,
        "condition_size": 6,
        "noise_size": 5,
        "word_embedding_size": 12,
        "text_size": 16,
    }
    return ModelConfig(**narrow | sizes)


def tiny_weights(directory: Path, stages: int = 4) -> Path:
    """Write a real weight set with very narrow, untrained networks; the same weights in every call."""
    torch.manual_seed(0)
    vocabulary = Vocabulary((PADDING, *WORDS))
    config = narrow_config(stages=stages, condition_size=8, noise_size=8, vocabulary_size=len(vocabulary))
    save_weights(directory, config, vocabulary, TextEncoder(config), Generator(config))
    return directory


def narrow_preset(directory: Path, phases: str, options: str = "") -> str:
    """Write a preset of narrow discriminators, with these phases and options; returns its path."""
    path = directory / "tiny.toml"
    path.write_text(f"discriminator_channels = 4\nbatch_size = 4\n{options}\nphases = [{phases}]\n")
    return str(path)


def drawn_birds(directory: Path, photos: int = 24) -> Path:
    """Draw ellipse birds of four colours in the layout of CUB-200-2011 with AttnGAN's split; a third is for testing."""
    official = directory / "CUB_200_2011"
    official.mkdir(parents=True)
    images, boxes, splits = [], [], {"train": [], "test": []}  # type: ignore[var-annotated]
    for i in range(photos):
        colour = list(COLOURS)[i % len(COLOURS)]
        species = f"{i % 8 + 1:03}.{colour.title()}_Bird"
        name = f"{species}/Bird_{i:04}"
        (official / "images" / species).mkdir(parents=True, exist_ok=True)
        (directory / "text" / species).mkdir(parents=True, exist_ok=True)
        picture = Image.new("RGB", (120, 100), (120, 160, 120))
        draw = ImageDraw.Draw(picture)
        x = 20 + i % 7
        draw.ellipse((x, 30, x + 60, 70), fill=COLOURS[colour])
        draw.ellipse((x + 50, 20, x + 74, 44), fill=COLOURS[colour])
        draw.polygon([(x + 72, 28), (x + 86, 32), (x + 72, 36)], fill=(230, 150, 40))
        picture.save(official / "images" / f"{name}.jpg", quality=92)
        captions = [
            f"a small {colour} bird with a short beak",
            f"this bird is {colour} and has {colour} wings",
        ]
        (directory / "text" / f"{name}.txt").write_text("\n".join(captions) + "\n")
        images.append(f"{i + 1} {name}.jpg")
        boxes.append(f"{i + 1} {x:.1f} 20.0 86.0 50.0")
        splits["test" if i % 3 == 2 else "train"].append(name)
    (official / "images.txt").write_text("\n".join(images) + "\n")
    (official / "bounding_boxes.txt").write_text("\n".join(boxes) + "\n")
    for split, names in splits.items():
        (directory / split).mkdir()
        (directory / split / "filenames.pickle").write_bytes(pickle.dumps(names))
    return directory
