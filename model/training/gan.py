"""Train the generator against its discriminators, stage after stage.

    python main.py train gan --data DIR --output RUN --encoders DAMSM_RUN [--preset fast] [--max-minutes 90] [--resume]

RUN/gan_checkpoint.safetensors lets it go on after any stop; Ctrl+C saves first. RUN/samples/ shows how paintings grow;
RUN/weights-64 to RUN/weights-512 are complete weight sets, written when a stage's time is over and at the end.
"""

import copy
import json
import math
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor, nn
from tqdm import tqdm

from model.config import ModelConfig
from model.damsm import damsm_loss
from model.data.batches import Batch, Batches
from model.data.cub import read_split
from model.device import device_name, pick_device
from model.discriminator import Discriminator, ProjectionDiscriminator
from model.errors import PlainError
from model.generator import Generator, RefinementStage
from model.image_encoder import shifted
from model.layers import padding_mask
from model.model_card import write_model_card
from model.text_encoder import TextEncoder
from model.training.checkpoint import State, load_checkpoint, load_optimizer, save_checkpoint
from model.training.clock import Clock
from model.training.damsm import load_encoders
from model.training.gan_losses import condition_divergence, discriminator_loss, generator_loss
from model.training.growth import start_as_enlargement
from model.training.memory import keep_freed_memory
from model.training.options import GanOptions, Phase, read_preset
from model.training.painting import Spot, Text, consistency, frozen_features, paint, random_spot, window_of
from model.training.sample_grid import save_sample_grid
from model.vocabulary import Vocabulary
from model.weights import save_network, save_weights

CHECKPOINT = "gan_checkpoint.safetensors"
STATISTICS_BATCHES = 50  # paintings' batches from which the averaged generator's batch norm is measured


def train_gan(
    data: Path,
    output: Path,
    encoders: Path,
    max_minutes: float,
    preset: str = "fast",
    resume: bool = False,
    device: str = "auto",
) -> None:
    """Train until `max_minutes` are over, all sittings together.

    Raises PlainError for a run that exists without `resume`, missing encoders or data, or a loss that is no number.
    """
    keep_freed_memory()
    if (output / CHECKPOINT).exists() and not resume:
        raise PlainError(f"{output} holds a run already; add --resume to go on with it, or choose another folder.")
    GanRun(output, encoders, read_preset(preset), pick_device(device)).train(data, max_minutes)


class Drawn(NamedTuple):
    """What a step compares paintings with."""

    batch: Batch
    text: Text
    reals: list[Tensor]  # photos at each trained stage's size, batch x 3 x s x s
    spot: Spot | None


class GanRun:
    """Networks, optimizers and progress of one run."""

    def __init__(self, output: Path, encoders: Path, options: GanOptions, place: torch.device) -> None:
        self.output, self.options, self.place = output, options, place
        self.checkpoint = output / CHECKPOINT
        folder = encoders / "encoders" if (encoders / "encoders").is_dir() else encoders
        config, self.vocabulary, self.text_encoder, self.image_encoder = load_encoders(folder, place)
        self.config = replace(config, stages=max(phase.last for phase in options.phases) + 1)
        torch.manual_seed(options.seed)
        self.generator = Generator(self.config).to(place).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.generator).requires_grad_(False).eval()
        self.step, self.phase_step, self.phase_index = 0, 0, -1
        (output / "samples").mkdir(parents=True, exist_ok=True)

    @property
    def phase(self) -> Phase:
        """What is trained now."""
        return self.options.phases[self.phase_index]

    def begin_phase(self, index: int) -> None:
        """Freeze what came before, and make the discriminators and optimizers of this phase."""
        options = self.options
        self.phase_index, self.phase_step = index, 0
        phase = self.phase
        self.generator.load_state_dict(self.average.state_dict())
        self.generator.requires_grad_(False).eval()
        trained = [self.generator.refinements[i - 1] for i in range(max(1, phase.first), phase.last + 1)]
        trained += [self.generator.heads[i] for i in range(phase.first, phase.last + 1)]
        if phase.first == 0:
            trained += [self.generator.conditioning, self.generator.initial]
        for module in trained:
            module.requires_grad_(True).train()
        torch.manual_seed(options.seed + index)
        channels = phase.discriminator_channels or options.discriminator_channels
        design = ProjectionDiscriminator if options.discriminator == "projection" else Discriminator
        self.discriminators = [
            design(self._seen_size(stage), self.config.text_size, channels)
            .to(self.place)
            .to(memory_format=torch.channels_last)
            for stage in range(phase.first, phase.last + 1)
        ]
        self.judges = nn.ModuleList(self.discriminators)
        trained_parameters = [parameter for module in trained for parameter in module.parameters()]
        betas = (options.beta1, options.beta2)
        self.generator_optimizer = torch.optim.Adam(trained_parameters, options.generator_lr, betas)
        self.discriminator_optimizer = torch.optim.Adam(self.judges.parameters(), options.discriminator_lr, betas)

    def _seen_size(self, stage: int) -> int:
        """Side of what a stage's discriminator sees, in pixels."""
        return min(64 * 2**stage, 2 * self.phase.crop) if self.phase.crop else 64 * 2**stage

    @property
    def batch_size(self) -> int:
        """Photos a step."""
        return self.phase.batch_size or self.options.batch_size

    @torch.no_grad()
    def _grow(self, batches: Batches) -> None:
        """Let the new stage begin as an enlargement of the stage before."""
        random = torch.Generator().manual_seed(self.options.seed)
        batch = batches[0]
        text = self.read(batch)
        noise, condition_noise = self.noise(len(batch.lengths), random)
        condition, _, _ = self.generator.conditioning(text.sentence, condition_noise)
        first = self.phase.first
        features = frozen_features(self.generator, first, text, self.generator.initial(condition, noise), None)
        grown = self.generator.refinements[first - 1]
        assert isinstance(grown, RefinementStage)
        start_as_enlargement(grown, features)
        self.generator.heads[first].load_state_dict(self.generator.heads[first - 1].state_dict())
        self.average.load_state_dict(self.generator.state_dict())

    def save(self, minutes: float) -> None:
        """Write the checkpoint: whole, or the one before stays."""
        states: dict[str, State] = {
            "generator": self.generator.state_dict(),
            "average": self.average.state_dict(),
            "discriminators": self.judges.state_dict(),
            "generator_optimizer": self.generator_optimizer.state_dict(),
            "discriminator_optimizer": self.discriminator_optimizer.state_dict(),
        }
        if not all(parameter.isfinite().all() for parameter in self.generator.parameters()):
            raise PlainError(f"The weights are no numbers at step {self.step}; the last checkpoint is kept.")
        progress = {
            "step": self.step,
            "phase_step": self.phase_step,
            "phase": self.phase_index,
            "minutes": minutes,
            "options": asdict(self.options),
        }
        save_checkpoint(self.checkpoint, states, progress)

    def load(self) -> float:
        """Go on from the checkpoint; returns the minutes trained before."""
        states, progress = load_checkpoint(self.checkpoint)
        if progress["options"] != json.loads(json.dumps(asdict(self.options))):
            raise PlainError(f"The run in {self.output} was begun with other options; resume it with its own preset.")
        self.begin_phase(progress["phase"])
        self.generator.load_state_dict(states["generator"])
        self.average.load_state_dict(states["average"])
        self.judges.load_state_dict(states["discriminators"])
        load_optimizer(self.generator_optimizer, states.get("generator_optimizer", {}))
        load_optimizer(self.discriminator_optimizer, states.get("discriminator_optimizer", {}))
        self.step, self.phase_step = progress["step"], progress["phase_step"]
        return float(progress["minutes"])

    def train(self, data: Path, max_minutes: float) -> None:
        """All phases, by the clock."""
        minutes = self.load() if self.checkpoint.exists() else 0.0
        if self.phase_index < 0:
            self.begin_phase(0)
        photos = read_split(data, "train")
        ends = [sum(phase.share for phase in self.options.phases[: i + 1]) for i in range(len(self.options.phases))]
        with Clock(minutes, max_minutes) as clock:
            while not clock.over:
                sizes = tuple(64 * 2**stage for stage in range(self.phase.first, self.phase.last + 1))
                batches = Batches(photos, self.vocabulary, sizes, self.batch_size, self.options.seed)
                if self.phase_step == 0 and 0 < self.phase.first == self.phase.last:
                    self._grow(batches)
                self._train_phase(batches, clock, ends[self.phase_index])
                self.save(clock.minutes)
                self._settle(batches)
                self.write_weights(self.phase.last + 1, clock.minutes)
                if clock.over or self.phase_index + 1 == len(ends):
                    break
                self.begin_phase(self.phase_index + 1)
            self.save(clock.minutes)

    def _train_phase(self, batches: Batches, clock: Clock, end: float) -> None:
        name = f"{64 * 2**self.phase.first}-{64 * 2**self.phase.last} px"
        with tqdm(desc=name, unit="photo", smoothing=0.05) as bar:
            saved = clock.minutes
            while not clock.over and clock.fraction < end:
                losses = self.train_step(batches)
                bar.update(self.batch_size)
                if self.step % 20 == 0:
                    values = {key: float(value) for key, value in losses.items()}
                    if not all(map(math.isfinite, values.values())):
                        raise PlainError(f"The losses are no numbers at step {self.step}; the last checkpoint is kept.")
                    shown = " ".join(f"{key} {value:.2f}" for key, value in values.items())
                    bar.set_postfix_str(f"{shown} step {self.step} {clock.minutes:.1f} min", refresh=False)
                if clock.minutes - saved > self.options.checkpoint_minutes:
                    saved = clock.minutes
                    self.save(saved)
                    self._copy_statistics()
                    self._sample_grid()

    def train_step(self, batches: Batches) -> dict[str, Tensor]:
        """`discriminator_steps`, then `generator_steps`; returns the losses for the log."""
        options, phase = self.options, self.phase
        torch.manual_seed(options.seed * 1_000_003 + self.step)  # so that a resumed run draws the same numbers
        random = torch.default_generator
        shifts = [options.shift * self._seen_size(stage) // 64 for stage in range(phase.first, phase.last + 1)]
        for turn in range(options.discriminator_steps - 1):
            more = self._draw(batches, options.discriminator_steps * self.step + turn + 1, shifts, random)
            noise, condition_noise = self.noise(len(more.batch.lengths), random)
            with self._half_precision():
                with torch.no_grad():
                    fakes = paint(self.generator, phase, more.text, noise, condition_noise, more.spot).pictures
                self._discriminator_step(
                    more.reals, [shifted(*pair) for pair in zip(fakes, shifts, strict=True)], more.text
                )
        batch, text, reals, spot = self._draw(batches, options.discriminator_steps * self.step, shifts, random)
        losses: dict[str, Tensor] = {}
        for turn in range(options.generator_steps):
            noise, condition_noise = self.noise(len(batch.lengths), random)
            with self._half_precision():
                painting = paint(self.generator, phase, text, noise, condition_noise, spot)
                fakes = [shifted(picture, most) for picture, most in zip(painting.pictures, shifts, strict=True)]
                if turn == 0:
                    losses |= self._discriminator_step(reals, fakes, text)
                total = options.kl_weight * condition_divergence(painting.mean, painting.log_variance)
                self.judges.requires_grad_(False)
                for discriminator, fake in zip(self.discriminators, fakes, strict=True):
                    total = total + generator_loss(discriminator, fake, text.sentence, options.loss)
                losses["G"] = total.detach()
                if options.consistency_weight and painting.before is not None:
                    held = consistency(painting.pictures[0], painting.before)
                    total = total + options.consistency_weight * held
                    losses["held"] = held.detach()
                if options.damsm_weight and spot is None:
                    match = self._damsm(shifted(painting.pictures[-1], shifts[-1]), text, batch)
                    total = total + options.damsm_weight * match
                    losses["damsm"] = match.detach()
            self.generator_optimizer.zero_grad(set_to_none=True)
            total.backward()
            self.generator_optimizer.step()
            self.judges.requires_grad_(True)
        self._update_average()
        self.step += 1
        self.phase_step += 1
        return losses

    def _half_precision(self) -> torch.autocast:
        """bfloat16 where that is safe; no cache, which would hold the weights from before an optimizer's step."""
        return torch.autocast(self.place.type, torch.bfloat16, cache_enabled=False)

    def _draw(self, batches: Batches, number: int, shifts: list[int], random: torch.Generator) -> Drawn:
        """Batch `number`, at a random spot where the phase sees crops, moved by up to `shifts` pixels."""
        spot = random_spot(self.phase, random)
        batch = batches.draw(number, window_of(spot))
        reals = [
            shifted(real.to(self.place).to(memory_format=torch.channels_last), most)
            for real, most in zip(batch.pictures, shifts, strict=True)
        ]
        return Drawn(batch, self.read(batch), reals, spot)

    def _discriminator_step(self, reals: list[Tensor], fakes: list[Tensor], text: Text) -> dict[str, Tensor]:
        total, apart = torch.zeros((), device=self.place), torch.zeros((), device=self.place)
        for discriminator, real, fake in zip(self.discriminators, reals, fakes, strict=True):
            loss, distance = discriminator_loss(
                discriminator,
                real,
                fake.detach(),
                text.sentence,
                self.options.loss,
                self.options.mismatch_weight,
            )
            total, apart = total + loss, apart + distance
        self.discriminator_optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.discriminator_optimizer.step()
        return {"D": total.detach(), "apart": apart}

    def _damsm(self, pictures: Tensor, text: Text, batch: Batch) -> Tensor:
        regions, whole = self.image_encoder(pictures)
        with torch.autocast(self.place.type, enabled=False):
            words_loss, sentence_loss = damsm_loss(
                text.words,
                text.sentence,
                text.mask,
                regions.float(),
                whole.float(),
                batch.species.to(self.place),
            )
        return words_loss + sentence_loss

    @torch.no_grad()
    def read(self, batch: Batch) -> Text:
        """Text features of a batch's captions."""
        tokens = batch.tokens.to(self.place)
        words, sentence = self.text_encoder(tokens, batch.lengths)
        return Text(words, padding_mask(batch.lengths.to(self.place), tokens.shape[1]), sentence)

    def noise(self, count: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
        """Noise of the initial stage and of the conditioning augmentation."""
        noise = torch.randn(count, self.config.noise_size, generator=random)
        condition_noise = torch.randn(count, self.config.condition_size, generator=random)
        return noise.to(self.place), condition_noise.to(self.place)

    @torch.no_grad()
    def _update_average(self) -> None:
        decay = min(self.options.ema, (self.phase_step + 1) / (self.phase_step + 10))
        for average, live in zip(self.average.parameters(), self.generator.parameters(), strict=True):
            if live.requires_grad:
                average.lerp_(live.detach(), 1 - decay)

    def _copy_statistics(self) -> None:
        for average, live in zip(self.average.buffers(), self.generator.buffers(), strict=True):
            average.copy_(live)

    @torch.no_grad()
    def _settle(self, batches: Batches) -> None:
        """Measure the averaged generator's batch norm statistics anew, on what it paints itself."""
        norms = [
            average
            for average, live in zip(self.average.modules(), self.generator.modules(), strict=True)
            if isinstance(average, (nn.BatchNorm1d, nn.BatchNorm2d)) and live.training
        ]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain average over all batches
            norm.train()
        random = torch.Generator().manual_seed(self.options.seed)
        for step in range(STATISTICS_BATCHES):
            batch = batches[self.step + step]
            spot = random_spot(self.phase, random)
            noise, condition_noise = self.noise(len(batch.lengths), random)
            paint(self.average, self.phase, self.read(batch), noise, condition_noise, spot)
        for norm in norms:
            norm.momentum = 0.1
            norm.eval()
        self._sample_grid()

    def _sample_grid(self) -> None:
        path = self.output / "samples" / f"{64 * 2**self.phase.last}-{self.step:07}.png"
        save_sample_grid(path, *self.painter(self.phase.last + 1))

    def painter(self, stages: int) -> tuple[ModelConfig, Vocabulary, TextEncoder, Generator]:
        """The averaged generator cut to its first stages, with all that a pipeline needs."""
        config = replace(self.config, stages=stages)
        generator = copy.deepcopy(self.average)
        generator.refinements = generator.refinements[: stages - 1]
        generator.heads = generator.heads[:stages]
        return config, self.vocabulary, self.text_encoder, generator

    def write_weights(self, stages: int, minutes: float) -> None:
        """RUN/weights-SIZE: a complete weight set of the first stages, with the image encoder for measuring."""
        folder = self.output / f"weights-{64 * 2 ** (stages - 1)}"
        config, vocabulary, text_encoder, generator = self.painter(stages)
        save_weights(folder, config, vocabulary, text_encoder, generator)
        save_network(folder / "image_encoder.safetensors", self.image_encoder, torch.float16)
        recipe = {
            "recipe": ", ".join(f"{name} {value}" for name, value in asdict(self.options).items()),
            "steps": f"{self.step}",
            "minutes": f"{minutes:.0f} for the generator, on {device_name(self.place)}",
        }
        write_model_card(folder, config, recipe)
