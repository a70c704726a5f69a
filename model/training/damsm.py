"""Train the text and image encoders to find each other (DAMSM; AttnGAN, section 3.2).

    python main.py train damsm --data DIR --output RUN [--preset fast] [--set seed=1] [--max-minutes 20] [--resume]

The same on several processors, each with a share of every batch:
`torchrun --nproc-per-node 4 -- main.py train damsm ...`.

RUN/damsm_checkpoint.safetensors lets it go on; RUN/encoders/ holds the text encoder, image encoder, vocabulary and
configuration that `train gan` starts from, and in training.json how well they find each other. The learning rate falls
to zero over --max-minutes. With another seed, and best other eyes (`--set image_encoder=lite1 --set seed=1`), a
second one guides the generator beside the first, or judges it (`evaluate --judge`): a teacher is too kind to its own
pupil.
"""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.utils import clip_grad_norm_
from tqdm import tqdm

from model.config import ModelConfig
from model.damsm import damsm_loss, sentence_scores, word_scores
from model.data.batches import Batches
from model.data.cub import Photo, read_split
from model.device import pick_device, sent
from model.encoders import STORY, make_image_encoder, read_story, save_encoders
from model.errors import DataError, PlainError
from model.image_encoder import ImageEncoder, drawn_moves, moved
from model.layers import padding_mask
from model.memory import keep_freed_memory
from model.text_encoder import TextEncoder
from model.training.auxiliary import Auxiliary, Known, what_is_known
from model.training.checkpoint import (
    load_checkpoint,
    load_optimizer,
    refuse_no_numbers,
    refuse_other_options,
    save_checkpoint,
)
from model.training.clock import Clock
from model.training.only_run import only_run
from model.training.options import DamsmOptions
from model.training.precision import autocast, quick_products, try_convolutions
from model.training.run_log import EVERY, RunLog
from model.training.world import World, join_world
from model.vocabulary import Vocabulary
from model.whole_folder import whole_folder

CHECKPOINT = "damsm_checkpoint.safetensors"
FIRST_SIZE = 64  # pixels: the side of the first stage's pictures
AMONG = 100  # captions or photos of which the right one has to be found


def train_damsm(
    data: Path,
    output: Path,
    max_minutes: float,
    resume: bool = False,
    device: str = "auto",
    options: DamsmOptions | None = None,
) -> None:
    """Train until `max_minutes` are over (all sittings together) and write RUN/encoders/.

    Raises PlainError for a run that exists without `resume` or that another process trains, and for weights or losses
    that are no numbers, DataError for bad data.
    """
    keep_freed_memory()
    try_convolutions()
    options, place = options or DamsmOptions(), pick_device(device)
    world = join_world(place)
    with only_run(output / CHECKPOINT, resume, world):
        photos = read_split(data, "train", world.tell)
        vocabulary = Vocabulary.build(caption for photo in photos for caption in photo.captions)
        if options.held_out:
            photos, unseen = kept_apart(photos, options.held_out)
        else:
            unseen = read_split(data, "test", world.tell)
        run = DamsmRun(output, vocabulary, options, place, world, what_is_known(data, photos, options, world))
        run.train(photos, max_minutes)
        if not run.world.first:
            return
        found = retrieval(run.text_encoder, run.image_encoder, unseen, vocabulary, run.place)
        run.remember(found)
    print(
        f"After {run.step} steps, among {found.among} unseen: a photo finds its caption first in "
        f"{found.caption_first:.1%}, a caption its photo in {found.photo_first:.1%}, in the first ten in "
        f"{found.photo_first_ten:.1%}."
    )


def kept_apart(photos: list[Photo], count: int) -> tuple[list[Photo], list[Photo]]:
    """Photos of all species but `count` evenly spread ones, and those of these; raises DataError when all would go."""
    species = sorted({photo.species for photo in photos})
    if count >= len(species):
        raise DataError(f"There are {len(species)} species to learn from, and {count} cannot be held out of them.")
    apart = {species[i * len(species) // count] for i in range(count)}
    return [one for one in photos if one.species not in apart], [one for one in photos if one.species in apart]


class Retrieval(NamedTuple):
    """How often, from 0 to 1, the right one of `among` was found, by word and sentence scores together."""

    among: int
    caption_first: float
    photo_first: float
    photo_first_ten: float


class DamsmRun:
    """Both encoders, their optimizer and the progress of one run."""

    def __init__(
        self,
        output: Path,
        vocabulary: Vocabulary,
        options: DamsmOptions,
        place: torch.device,
        world: World | None = None,
        known: Known | None = None,
    ) -> None:
        """known: what can be learnt beside the captions; None: nothing."""
        self.output, self.vocabulary, self.options, self.place = output, vocabulary, options, place
        self.world = world or World()
        self.world.rows_of(options.batch_size)
        self.checkpoint = output / CHECKPOINT
        self.config = ModelConfig(vocabulary_size=len(vocabulary))
        torch.manual_seed(options.seed)
        self.text_encoder = TextEncoder(self.config).to(place)
        new = not self.checkpoint.exists()
        self.image_encoder = make_image_encoder(options.image_encoder, self.config.text_size, pretrained=new)
        self.image_encoder.to(place).to(memory_format=torch.channels_last)
        self.world.share_statistics(self.image_encoder)
        self.world.share_dropout(self.text_encoder)
        self.auxiliary = Auxiliary(options, self.config.text_size, known or Known()).to(place)
        networks = self.text_encoder, self.image_encoder, self.auxiliary
        self.parameters = [tensor for network in networks for tensor in network.parameters() if tensor.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, options.learning_rate, betas=(0.9, 0.99), weight_decay=0.02)
        self.step = 0
        self.losses: tuple[Tensor, ...] = ()  # of words and sentences, at the last step of this sitting
        output.mkdir(parents=True, exist_ok=True)

    def save(self, minutes: float) -> None:
        """Write the checkpoint: whole, or the one before stays."""
        if not self.world.first:
            return
        texts, images = self.text_encoder.state_dict(), self.image_encoder.state_dict()
        refuse_no_numbers("losses", self.losses, self.step)
        refuse_no_numbers("weights", (*texts.values(), *images.values()), self.step)
        states = {"text_encoder": texts, "image_encoder": images, "optimizer": self.optimizer.state_dict()}
        states |= {name: head.state_dict() for name, head in self.auxiliary.heads.items()}
        progress = {"step": self.step, "minutes": minutes, "options": asdict(self.options)}
        save_checkpoint(self.checkpoint, states, progress)

    def load(self) -> float:
        """Go on from the checkpoint; returns the minutes trained before."""
        states, progress = load_checkpoint(self.checkpoint)
        begun_with = progress.get("options", asdict(self.options))
        refuse_other_options(self.output, begun_with, self.options, DamsmOptions(), "the same ones")
        other_data = PlainError(f"The run in {self.output} was begun with other data; resume it with those.")
        if {"text_encoder", "image_encoder", *self.auxiliary.heads} != states.keys() - {"optimizer"}:
            raise other_data
        try:
            self.text_encoder.load_state_dict(states["text_encoder"])
            self.image_encoder.load_state_dict(states["image_encoder"])
            for name, head in self.auxiliary.heads.items():
                head.load_state_dict(states[name])
        except RuntimeError:
            raise other_data from None
        load_optimizer(self.optimizer, states.get("optimizer", {}))
        self.step = progress["step"]
        return float(progress["minutes"])

    def train(self, photos: list[Photo], max_minutes: float) -> None:
        """Go on until the time is over, then write the encoders."""
        minutes = self.load() if self.checkpoint.exists() else 0.0
        batches = Batches(
            photos,
            self.vocabulary,
            learnt_sizes(self.image_encoder),
            self.options.batch_size,
            self.options.seed,
            self.world.tell,
            device=self.place,
            share=(self.world.rank, self.world.size),
        )
        log = RunLog(self.output, self.world, self.step)
        begun = self.step
        with Clock(minutes, max_minutes) as clock, tqdm(unit="photo", disable=not self.world.first) as bar:
            saved = clock.minutes
            while not self.world.agreed(clock.over):
                with quick_products(self.place):
                    words_loss, sentence_loss = self.train_step(batches, cosine(self.world.agreed(clock.fraction)))
                if self.step % EVERY == 0:
                    values = {"words": words_loss, "sentence": sentence_loss}
                    log.look(self.step, values, (self.step - begun) * self.options.batch_size, bar, clock)
                if clock.minutes - saved > self.options.checkpoint_minutes:
                    saved = clock.minutes
                    self.save(saved)
            self.save(clock.minutes)
        log.close()
        if self.world.first:
            story = {**asdict(self.options), "steps": self.step, "minutes": clock.minutes}
            story["learnt_beside"] = list(self.auxiliary.heads)
            with whole_folder(self.output / "encoders") as folder:
                save_encoders(folder, self.config, self.vocabulary, self.text_encoder, self.image_encoder)
                (folder / STORY).write_text(json.dumps(story, indent=2) + "\n", encoding="utf-8")

    def remember(self, found: Retrieval) -> None:
        """Add to the story of the encoders how well they find each other."""
        path = self.output / "encoders" / STORY
        story = read_story(self.output) | {"retrieval": found._asdict()}
        part = path.with_suffix(".part")
        part.write_text(json.dumps(story, indent=2) + "\n", encoding="utf-8")
        part.replace(path)

    def train_step(self, batches: Batches, rate: float) -> tuple[Tensor, Tensor]:
        """One step at `rate` (0..1) of the learning rate; returns the word loss and the sentence loss."""
        options = self.options
        torch.manual_seed(options.seed * 1_000_003 + self.step)  # so that a resumed run draws the same numbers
        self.text_encoder.train()
        self.image_encoder.train()
        for group in self.optimizer.param_groups:
            group["lr"] = options.learning_rate * rate * min(1, (self.step + 1) / options.warm_up_steps)
        batch = batches[self.step]
        drawn = sent(batch.pictures[self.step % len(batch.pictures)], self.place)
        most = options.shift * drawn.shape[-1] // FIRST_SIZE
        moves = drawn_moves(len(drawn), most, share=(self.world.rank, self.world.size))
        pictures = moved(drawn, sent(moves, self.place), most)
        with autocast(self.place):
            regions, whole = self.image_encoder(pictures.to(memory_format=torch.channels_last))
        tokens = sent(batch.tokens, self.place)
        words, sentence = self.text_encoder(tokens, batch.lengths)
        mask = padding_mask(sent(batch.lengths, self.place), tokens.shape[1])
        features = words, sentence, mask, regions.float(), whole.float(), sent(batch.species, self.place)
        gathered = [self.world.gathered(feature) for feature in features]
        *_, all_regions, all_whole, species = gathered
        words_loss, sentence_loss = damsm_loss(*gathered)
        heat = None
        if self.auxiliary.finds_parts:
            to_the_right_and_down = (most - moves.flip(0).T) / drawn.shape[-1]
            heat = self.auxiliary.heat(batches, self.step, to_the_right_and_down)
            heat = self.world.gathered(sent(heat, self.place))
        total = words_loss + sentence_loss + self.auxiliary.loss(all_regions, all_whole, species, heat)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.world.average_gradients(self.parameters)
        clip_grad_norm_(self.text_encoder.parameters(), options.text_gradient_clip)
        self.optimizer.step()
        self.step += 1
        self.losses = words_loss.detach(), sentence_loss.detach()
        return self.losses


def learnt_sizes(image_encoder: ImageEncoder) -> tuple[int, ...]:
    """Sides of the photos to learn from, in turn: also as coarse as the first stage paints, for it will judge those."""
    return tuple(sorted({FIRST_SIZE, image_encoder.image_size}))


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
) -> Retrieval:
    """How often the right one of AMONG captions or photos, one of each for the other, scores highest."""
    text_encoder.eval()
    image_encoder.eval()
    batches = Batches(photos, vocabulary, (image_encoder.image_size,), min(AMONG, len(photos)), seed=1)
    of_captions, of_photos = [], []
    for step in range(len(batches)):
        batch = batches[step]
        regions, whole = image_encoder(sent(batch.pictures[0], place))
        words, sentence = text_encoder(sent(batch.tokens, place), batch.lengths)
        mask = padding_mask(sent(batch.lengths, place), batch.tokens.shape[1])
        scores = word_scores(words, mask, regions) + sentence_scores(sentence, whole)  # captions x photos
        right = scores.diagonal()
        of_captions.append((scores >= right).sum(0).cpu() - 1)  # a tie is no find
        of_photos.append((scores >= right[:, None]).sum(1).cpu() - 1)
    captions, places = torch.cat(of_captions), torch.cat(of_photos)
    return Retrieval(len(right), *(float(hit.float().mean()) for hit in (captions == 0, places == 0, places < 10)))
