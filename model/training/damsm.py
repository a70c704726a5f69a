"""Train the text and image encoders to find each other (DAMSM; AttnGAN, section 3.2).

    python main.py train damsm --data DIR --output RUN [--max-minutes 20] [--resume]

RUN/checkpoint.safetensors lets it go on; RUN/encoders/ holds the text encoder, image encoder, vocabulary and
configuration that `train gan` starts from. The learning rate falls to zero over --max-minutes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_
from tqdm import tqdm

from model.config import ModelConfig
from model.damsm import damsm_loss, sentence_scores, word_scores
from model.data.batches import Batch, Batches
from model.data.cub import Photo, read_split
from model.device import pick_device
from model.errors import PlainError
from model.image_encoder import IMAGE_SIZE, ImageEncoder, shifted
from model.layers import padding_mask
from model.text_encoder import TextEncoder
from model.training.checkpoint import load_checkpoint, load_optimizer, save_checkpoint
from model.training.clock import Clock
from model.vocabulary import Vocabulary
from model.weights import load_network, save_network


@dataclass(frozen=True)
class DamsmOptions:
    """What a DAMSM run can be told."""

    batch_size: int = 48  # photos a step; every other caption of the batch is a wrong one
    learning_rate: float = 0.0015  # AdamW, falling to zero along a cosine
    text_gradient_clip: float = 0.25  # largest norm of the text encoder's gradient
    shift: int = 4  # pixels the 64 px photos are moved at most
    checkpoint_minutes: float = 2.0
    seed: int = 0


def train_damsm(
    data: Path,
    output: Path,
    max_minutes: float,
    resume: bool = False,
    device: str = "auto",
    options: DamsmOptions | None = None,
) -> None:
    """Train until `max_minutes` are over (all sittings together) and write RUN/encoders/."""
    options = options or DamsmOptions()
    place = pick_device(device)
    checkpoint = output / "checkpoint.safetensors"
    output.mkdir(parents=True, exist_ok=True)
    if checkpoint.exists() and not resume:
        raise PlainError(f"{output} holds a run already; add --resume to go on with it, or choose another folder.")
    photos = read_split(data, "train")
    vocabulary = Vocabulary.build(caption for photo in photos for caption in photo.captions)
    config = ModelConfig(vocabulary_size=len(vocabulary))
    torch.manual_seed(options.seed)
    text_encoder = TextEncoder(config).to(place)
    image_encoder = ImageEncoder(config.text_size).to(place).to(memory_format=torch.channels_last)
    parameters = [*text_encoder.parameters(), *image_encoder.parameters()]
    optimizer = torch.optim.AdamW(parameters, options.learning_rate, betas=(0.9, 0.99), weight_decay=0.02)
    networks = {"text_encoder": text_encoder, "image_encoder": image_encoder}
    step, minutes = 0, 0.0
    if checkpoint.exists():
        states, progress = load_checkpoint(checkpoint)
        for name, network in networks.items():
            network.load_state_dict(states[name])
        load_optimizer(optimizer, states["optimizer"])
        step, minutes = progress["step"], progress["minutes"]

    def save() -> None:
        states = {name: network.state_dict() for name, network in networks.items()}
        save_checkpoint(
            checkpoint,
            states | {"optimizer": optimizer.state_dict()},
            {"step": step, "minutes": clock.minutes},
        )

    batches = Batches(photos, vocabulary, (IMAGE_SIZE,), options.batch_size, options.seed)
    clock = Clock(minutes, max_minutes)
    saved = clock.minutes
    with tqdm(unit="step", initial=step, smoothing=0.05) as bar:
        while not clock.over:
            for group in optimizer.param_groups:
                group["lr"] = options.learning_rate * min(1, (step + 1) / 100) * cosine(clock.fraction)
            words_loss, sentence_loss = _losses(text_encoder, image_encoder, batches[step], options.shift, place)
            optimizer.zero_grad(set_to_none=True)
            (words_loss + sentence_loss).backward()
            clip_grad_norm_(text_encoder.parameters(), options.text_gradient_clip)
            optimizer.step()
            step += 1
            bar.update()
            if step % 20 == 0:
                total = float(words_loss + sentence_loss)
                if not math.isfinite(total):
                    raise PlainError(f"The loss became {total} at step {step}; the last checkpoint is kept.")
                bar.set_postfix_str(f"words {words_loss:.2f} sentence {sentence_loss:.2f} {clock.minutes:.1f} min")
            if clock.minutes - saved > options.checkpoint_minutes:
                save()
                saved = clock.minutes
    save()
    encoders = output / "encoders"
    encoders.mkdir(exist_ok=True)
    config.save(encoders / "config.json")
    vocabulary.save(encoders / "vocabulary.txt")
    for name, network in networks.items():
        save_network(encoders / f"{name}.safetensors", network, torch.float32)
    unseen = read_split(data, "test")
    first, ten = retrieval(text_encoder.eval(), image_encoder.eval(), unseen, vocabulary, place)
    print(
        f"{step} steps in {clock.minutes:.1f} minutes; right photo among 200 unseen first {first:.1%}, in ten {ten:.1%}"
    )


def _losses(
    text_encoder: TextEncoder, image_encoder: ImageEncoder, batch: Batch, shift: int, place: torch.device
) -> tuple[Tensor, Tensor]:
    pictures = shifted(batch.pictures[0].to(place), shift)
    with torch.autocast(place.type, torch.bfloat16):
        regions, whole = image_encoder(pictures.to(memory_format=torch.channels_last))
    tokens = batch.tokens.to(place)
    words, sentence = text_encoder(tokens, batch.lengths)
    mask = padding_mask(batch.lengths.to(place), tokens.shape[1])
    return damsm_loss(words, sentence, mask, regions.float(), whole.float(), batch.species.to(place))


def cosine(fraction: float) -> float:
    """1 at the start, 0 at the end."""
    return 0.5 * (1 + math.cos(math.pi * fraction))


@torch.no_grad()
def retrieval(
    text_encoder: TextEncoder,
    image_encoder: ImageEncoder,
    photos: list[Photo],
    vocabulary: Vocabulary,
    place: torch.device,
    among: int = 200,
) -> tuple[float, float]:
    """How often a caption's own photo scores highest, and among the ten highest, of `among` photos (0..1)."""
    ranks = torch.cat(list(_ranks(text_encoder, image_encoder, photos, vocabulary, place, among)))
    return float((ranks == 0).float().mean()), float((ranks < 10).float().mean())


def _ranks(
    text_encoder: TextEncoder,
    image_encoder: ImageEncoder,
    photos: list[Photo],
    vocabulary: Vocabulary,
    place: torch.device,
    among: int,
) -> Iterator[Tensor]:
    batches = Batches(photos, vocabulary, (IMAGE_SIZE,), min(among, len(photos)), seed=1)
    for step in range(len(batches)):
        batch = batches[step]
        regions, whole = image_encoder(batch.pictures[0].to(place))
        words, sentence = text_encoder(batch.tokens.to(place), batch.lengths)
        mask = padding_mask(batch.lengths.to(place), batch.tokens.shape[1])
        scores = word_scores(words, mask, regions) + sentence_scores(sentence, whole)
        yield (scores > scores.diagonal()[:, None]).sum(1).cpu()


def load_encoders(directory: Path, place: torch.device) -> tuple[ModelConfig, Vocabulary, TextEncoder, ImageEncoder]:
    """The encoders of a finished DAMSM run, ready to teach: frozen, in evaluation mode."""
    config, vocabulary = (
        ModelConfig.load(directory / "config.json"),
        Vocabulary.load(directory / "vocabulary.txt"),
    )
    text_encoder, image_encoder = TextEncoder(config), ImageEncoder(config.text_size)
    load_network(directory / "text_encoder.safetensors", text_encoder)
    load_network(directory / "image_encoder.safetensors", image_encoder)
    for network in (text_encoder, image_encoder):
        network.requires_grad_(False).eval().to(place)
    return config, vocabulary, text_encoder, image_encoder.to(memory_format=torch.channels_last)
