"""Train the text and image encoders to find each other (DAMSM; AttnGAN, section 3.2).

    python main.py train damsm --data DIR --output RUN [--preset fast] [--max-minutes 20] [--resume]

RUN/damsm_checkpoint.safetensors lets it go on; RUN/encoders/ holds the text encoder, image encoder, vocabulary and
configuration that `train gan` starts from. The learning rate falls to zero over --max-minutes.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_
from tqdm import tqdm

from model.config import ModelConfig
from model.damsm import damsm_loss, sentence_scores, word_scores
from model.data.batches import Batches
from model.data.cub import Photo, read_split
from model.device import pick_device
from model.errors import PlainError
from model.image_encoder import IMAGE_SIZE, ImageEncoder, shifted
from model.layers import padding_mask
from model.text_encoder import TextEncoder
from model.training.checkpoint import load_checkpoint, load_optimizer, save_checkpoint
from model.training.clock import Clock
from model.training.memory import keep_freed_memory
from model.training.options import DamsmOptions
from model.vocabulary import Vocabulary
from model.weights import load_network, save_network

CHECKPOINT = "damsm_checkpoint.safetensors"
AMONG = 200  # photos of which a caption has to find its own


def train_damsm(
    data: Path,
    output: Path,
    max_minutes: float,
    resume: bool = False,
    device: str = "auto",
    options: DamsmOptions | None = None,
) -> None:
    """Train until `max_minutes` are over (all sittings together) and write RUN/encoders/.

    Raises PlainError for a run that exists without `resume` or a loss that is no number, DataError for bad data.
    """
    keep_freed_memory()
    if (output / CHECKPOINT).exists() and not resume:
        raise PlainError(f"{output} holds a run already; add --resume to go on with it, or choose another folder.")
    photos, unseen = read_split(data, "train"), read_split(data, "test")
    vocabulary = Vocabulary.build(caption for photo in photos for caption in photo.captions)
    run = DamsmRun(output, vocabulary, options or DamsmOptions(), pick_device(device))
    run.train(photos, max_minutes)
    first, ten = retrieval(run.text_encoder, run.image_encoder, unseen, vocabulary, run.place)
    among = min(AMONG, len(unseen))
    print(f"After {run.step} steps: right photo among {among} unseen first {first:.1%}, in the first ten {ten:.1%}.")


class DamsmRun:
    """Both encoders, their optimizer and the progress of one run."""

    def __init__(self, output: Path, vocabulary: Vocabulary, options: DamsmOptions, place: torch.device) -> None:
        self.output, self.vocabulary, self.options, self.place = output, vocabulary, options, place
        self.checkpoint = output / CHECKPOINT
        self.config = ModelConfig(vocabulary_size=len(vocabulary))
        torch.manual_seed(options.seed)
        self.text_encoder = TextEncoder(self.config).to(place)
        self.image_encoder = ImageEncoder(self.config.text_size).to(place).to(memory_format=torch.channels_last)
        parameters = [*self.text_encoder.parameters(), *self.image_encoder.parameters()]
        self.optimizer = torch.optim.AdamW(parameters, options.learning_rate, betas=(0.9, 0.99), weight_decay=0.02)
        self.step = 0
        output.mkdir(parents=True, exist_ok=True)

    def save(self, minutes: float) -> None:
        """Write the checkpoint: whole, or the one before stays."""
        states = {
            "text_encoder": self.text_encoder.state_dict(),
            "image_encoder": self.image_encoder.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        save_checkpoint(self.checkpoint, states, {"step": self.step, "minutes": minutes})

    def load(self) -> float:
        """Go on from the checkpoint; returns the minutes trained before."""
        states, progress = load_checkpoint(self.checkpoint)
        self.text_encoder.load_state_dict(states["text_encoder"])
        self.image_encoder.load_state_dict(states["image_encoder"])
        load_optimizer(self.optimizer, states.get("optimizer", {}))
        self.step = progress["step"]
        return float(progress["minutes"])

    def train(self, photos: list[Photo], max_minutes: float) -> None:
        """Go on until the time is over, then write the encoders."""
        minutes = self.load() if self.checkpoint.exists() else 0.0
        batches = Batches(photos, self.vocabulary, (IMAGE_SIZE,), self.options.batch_size, self.options.seed)
        with Clock(minutes, max_minutes) as clock, tqdm(unit="step", initial=self.step, smoothing=0.05) as bar:
            saved = clock.minutes
            while not clock.over:
                words_loss, sentence_loss = self.train_step(batches, cosine(clock.fraction))
                bar.update()
                if self.step % 20 == 0:
                    total = float(words_loss + sentence_loss)
                    if not math.isfinite(total):
                        raise PlainError(f"The loss became {total} at step {self.step}; the last checkpoint is kept.")
                    bar.set_postfix_str(f"words {words_loss:.2f} sentence {sentence_loss:.2f} {clock.minutes:.1f} min")
                if clock.minutes - saved > self.options.checkpoint_minutes:
                    saved = clock.minutes
                    self.save(saved)
            self.save(clock.minutes)
        self.write_encoders()

    def train_step(self, batches: Batches, rate: float) -> tuple[Tensor, Tensor]:
        """One step at `rate` (0..1) of the learning rate; returns the word loss and the sentence loss."""
        options = self.options
        torch.manual_seed(options.seed * 1_000_003 + self.step)  # so that a resumed run draws the same numbers
        self.text_encoder.train()
        self.image_encoder.train()
        for group in self.optimizer.param_groups:
            group["lr"] = options.learning_rate * rate * min(1, (self.step + 1) / options.warm_up_steps)
        batch = batches[self.step]
        pictures = shifted(batch.pictures[0].to(self.place), options.shift)
        with torch.autocast(self.place.type, torch.bfloat16):
            regions, whole = self.image_encoder(pictures.to(memory_format=torch.channels_last))
        tokens = batch.tokens.to(self.place)
        words, sentence = self.text_encoder(tokens, batch.lengths)
        mask = padding_mask(batch.lengths.to(self.place), tokens.shape[1])
        words_loss, sentence_loss = damsm_loss(
            words, sentence, mask, regions.float(), whole.float(), batch.species.to(self.place)
        )
        self.optimizer.zero_grad(set_to_none=True)
        (words_loss + sentence_loss).backward()
        clip_grad_norm_(self.text_encoder.parameters(), options.text_gradient_clip)
        self.optimizer.step()
        self.step += 1
        return words_loss.detach(), sentence_loss.detach()

    def write_encoders(self) -> None:
        """RUN/encoders: what `train gan` learns from."""
        folder = self.output / "encoders"
        folder.mkdir(exist_ok=True)
        self.config.save(folder / "config.json")
        self.vocabulary.save(folder / "vocabulary.txt")
        save_network(folder / "text_encoder.safetensors", self.text_encoder, torch.float32)
        save_network(folder / "image_encoder.safetensors", self.image_encoder, torch.float32)


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
) -> tuple[float, float]:
    """How often a caption's own photo scores highest, and among the ten highest, of AMONG photos (0..1)."""
    ranks = torch.cat(list(_ranks(text_encoder.eval(), image_encoder.eval(), photos, vocabulary, place)))
    return float((ranks == 0).float().mean()), float((ranks < 10).float().mean())


def _ranks(
    text_encoder: TextEncoder,
    image_encoder: ImageEncoder,
    photos: list[Photo],
    vocabulary: Vocabulary,
    place: torch.device,
) -> Iterator[Tensor]:
    batches = Batches(photos, vocabulary, (IMAGE_SIZE,), min(AMONG, len(photos)), seed=1)
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
