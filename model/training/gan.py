"""Train the generator against its discriminators, stage after stage.

    python main.py train gan --data DIR --output RUN --encoders DAMSM_RUN [--preset fast] [--set damsm_weight=0.1]
        [--max-minutes 90] [--resume]

The same on several processors, each with a share of every batch (4 here; gloo on CPUs, NCCL on GPUs):

    torchrun --nproc-per-node 4 -- main.py train gan --data DIR --output RUN --encoders DAMSM_RUN

RUN/gan_checkpoint.safetensors lets it go on after any stop; Ctrl+C saves first. RUN/samples/ shows how paintings grow,
`tensorboard --logdir RUN` also the losses, RUN/options.json says what the run was told (and can be given to --preset);
RUN/weights-64 to RUN/weights-512 are complete weight sets, written when a stage's time is over and at the end.
"""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from tqdm import tqdm

from model.data.batches import Batches
from model.data.cub import Photo, read_split
from model.data.photo import species_numbers
from model.device import pick_device
from model.encoders import DISCRIMINATORS, digest, load_encoders, read_teacher_story
from model.errors import DataError, PlainError, WeightsError
from model.evaluation.judge import Judge
from model.generator import Generator
from model.pipeline import TextToImagePipeline
from model.places import SHIPPED_JUDGE
from model.training.averaged import AveragedGenerator
from model.training.checkpoint import (
    load_checkpoint,
    read_progress,
    refuse_no_numbers,
    refuse_other_options,
    save_checkpoint,
)
from model.training.clock import Clock
from model.training.discriminators import by_size, load_discriminators, take_over
from model.training.gan_phase import GanPhase, Teachers
from model.training.growth import begin_stage
from model.training.memory import keep_freed_memory
from model.training.options import GanOptions, Phase, ScoreOptions, read_preset
from model.training.outcome import painter, write_weights
from model.training.part_attention import PartAttention, learn_parts
from model.training.precision import quick_products, try_convolutions
from model.training.run_log import EVERY, RunLog
from model.training.sample_grid import save_sample_grid
from model.training.world import World, join_world
from model.weights import load_weights

if TYPE_CHECKING:
    from model.training.scores import Scores

CHECKPOINT = "gan_checkpoint.safetensors"
STATISTICS_BATCHES = 50  # paintings' batches from which the averaged generator's batch norm is measured


def train_gan(
    data: Path,
    output: Path,
    encoders: Path | None,
    max_minutes: float,
    preset: str = "fast",
    changes: tuple[str, ...] = (),
    resume: bool = False,
    device: str = "auto",
    score: ScoreOptions | None = None,
    start: Path | None = None,
    guides: tuple[Path, ...] = (),
) -> None:
    """Train until `max_minutes` are over, all sittings together.

    encoders: a DAMSM run or a weight set; None: those that a resumed run began with, else `start`, else `output`.
    changes: options beside the preset's, each "name=value" as in a preset; score: whether and how to measure on the
    way; start: a weight set to go on from, with its discriminators where it has them; guides: DAMSM runs whose losses
    count as much as those of `encoders`, one of them all a step, so that no one's blind spots are learnt (None given:
    those of a resumed run). Raises PlainError for a run that exists without `resume`, missing encoders or data, losses
    that are no numbers or paintings that are all the same.
    """
    keep_freed_memory()
    try_convolutions()
    if (output / CHECKPOINT).exists() and not resume:
        raise PlainError(f"{output} holds a run already; add --resume to go on with it, or choose another folder.")
    place = pick_device(device)
    known = read_progress(output / CHECKPOINT) if (output / CHECKPOINT).exists() else {}
    encoders = encoders or Path(known.get("encoders") or start or output)
    guides = guides or tuple(map(Path, known.get("guides", ())))
    run = GanRun(output, encoders, read_preset(preset, changes), place, join_world(place), guides)
    for teacher in (encoders, *guides):
        if SHIPPED_JUDGE.is_dir() and digest(teacher) == digest(SHIPPED_JUDGE):
            raise PlainError(f"{teacher} judges paintings; a generator that it taught would learn to please its judge.")
    if start:
        run.start_from(start)
    if score and run.world.first:
        from model.training.scores import Scores  # what measures takes seconds to import

        judge, recipe = score.judge or encoders, ", ".join((Path(preset).stem, *changes))
        run.scores = Scores(output, recipe, data, judge, run.vocabulary, score.captions, place)
        run.score_minutes = score.minutes
    run.train(data, max_minutes)


class GanRun:
    """Networks, phases and progress of one run."""

    current: GanPhase  # from the first `begin_phase` on

    def __init__(
        self,
        output: Path,
        encoders: Path,
        options: GanOptions,
        place: torch.device,
        world: World | None = None,
        guides: tuple[Path, ...] = (),
    ) -> None:
        self.output, self.options, self.place, self.world = output, options, place, world or World()
        self.checkpoint, self.encoders, self.guide_folders = output / CHECKPOINT, encoders, guides
        config, self.vocabulary, text_encoder, image_encoder = load_encoders(encoders, place)
        self.teachers = Teachers(text_encoder, image_encoder)
        self.guides = tuple(self._load_guide(folder) for folder in guides)
        self.config = replace(config, stages=max(phase.last for phase in options.phases) + 1)
        for phase in options.phases:
            told = options.during(phase)
            rows = self.world.rows_of(told.batch_size)
            if told.variety_weight and phase.first == 0 and self.world.size > 1 and rows % 2:
                raise PlainError(f"{rows} rows a process cannot be paired, as variety_weight asks; change batch_size.")
        torch.manual_seed(options.seed)
        self.generator = Generator(self.config).to(place).to(memory_format=torch.channels_last)
        self.average = AveragedGenerator(self.generator, options.ema)
        self.world.share_statistics(self.average.network)
        self.step, self.phase_step, self.phase_index = 0, 0, -1
        self.start: Path | None = None
        self.stages_there = 0  # begun in an earlier phase, or of a weight set that the run started from
        self.begun = False  # whether the stage of this phase has had its beginning
        self.history: list[dict[str, float]] = []
        self.teacher_story, self.teacher_digest = read_teacher_story(encoders), digest(encoders)
        self.guide_stories = [read_teacher_story(folder) for folder in guides]
        self.part_attention: PartAttention | None = None
        self.species = 0  # one more than the largest number of one among the photos
        self.scores: Scores | None = None
        self.score_minutes = 0.0
        (output / "samples").mkdir(parents=True, exist_ok=True)

    def _load_guide(self, folder: Path) -> Teachers:
        _, vocabulary, text_encoder, image_encoder = load_encoders(folder, self.place)
        if vocabulary.words != self.vocabulary.words:
            raise WeightsError(f"{folder} has other words than {self.encoders}.")
        return Teachers(text_encoder, image_encoder)

    def start_from(self, directory: Path) -> None:
        """Go on from the stages of a weight set; raises WeightsError when it is damaged or of another architecture."""
        config, vocabulary, _, generator = load_weights(directory)
        if replace(config, stages=self.config.stages) != self.config or vocabulary.words != self.vocabulary.words:
            raise WeightsError(f"{directory} has other words or other sizes than the encoders of this run.")
        there, own = generator.state_dict(), self.average.network.state_dict()
        own |= {name: tensor for name, tensor in there.items() if name in own}
        self.average.network.load_state_dict(own)
        self.start, self.stages_there = directory, config.stages

    @property
    def phase(self) -> Phase:
        """What is trained now."""
        return self.options.phases[self.phase_index]

    def begin_phase(self, index: int, resumed: bool = False) -> None:
        """Go on from the average, with discriminators and optimizers of this phase; resumed: a checkpoint has them.

        Discriminators of stages that were trained before go on, too.
        """
        before = self.current if self.phase_index >= 0 else None
        self.phase_index, self.phase_step, self.begun = index, 0, False
        self.generator.load_state_dict(self.average.network.state_dict())
        torch.manual_seed(self.options.seed + index)
        self.current = GanPhase(
            self.generator,
            self.teachers,
            self.options,
            self.phase,
            self.world,
            self.place,
            self.guides,
            self.part_attention,
            self.species,
        )
        if resumed:
            return
        if self.start and (path := self.start / DISCRIMINATORS).is_file():
            load_discriminators(path, self.current.discriminators, self.current.sizes, self.world.tell)
        if before:
            taught = by_size(before.discriminators, before.sizes)
            take_over(self.current.discriminators, self.current.sizes, taught)

    def save(self, minutes: float) -> None:
        """Write the checkpoint: whole, or the one before stays."""
        if not self.world.first:
            return
        refuse_no_numbers("weights", self.generator.parameters(), self.step)
        states = {
            "generator": self.generator.state_dict(),
            "average": self.average.network.state_dict(),
            **self.current.states(),
        }
        progress = {
            "step": self.step,
            "phase_step": self.phase_step,
            "phase": self.phase_index,
            "minutes": minutes,
            "begun": self.begun,
            "encoders": str(self.encoders.resolve()),
            "teacher": self.teacher_digest,
            "guides": [str(folder.resolve()) for folder in self.guide_folders],
            "history": self.history,
            "start": self.start and str(self.start.resolve()),
            "stages_there": self.stages_there,
            "options": asdict(self.options),
        }
        save_checkpoint(self.checkpoint, states, progress)

    def refuse_another(self) -> None:
        """Raise PlainError when the checkpoint is of a run with other options or other encoders."""
        progress = read_progress(self.checkpoint)
        advice = f"--preset {self.output / 'options.json'}"
        refuse_other_options(self.output, progress["options"], self.options, GanOptions(()), advice)
        if progress.get("teacher", self.teacher_digest) != self.teacher_digest:
            raise PlainError(f"The run in {self.output} learnt from other encoders; name those with --encoders.")

    def load(self) -> float:
        """Go on from the checkpoint; returns the minutes trained before. Raises PlainError when it is of other data."""
        states, progress = load_checkpoint(self.checkpoint)
        self.start = Path(progress["start"]) if progress.get("start") else None
        self.stages_there = progress.get("stages_there", 0)
        self.begin_phase(progress["phase"], resumed=True)
        self.generator.load_state_dict(states["generator"])
        self.average.network.load_state_dict(states["average"])
        try:
            self.current.load(states)
        except (KeyError, IndexError, RuntimeError):
            raise PlainError(f"The run in {self.output} was begun with other data; resume it with those.") from None
        self.step, self.phase_step = progress["step"], progress["phase_step"]
        self.history, self.begun = progress.get("history", []), progress.get("begun", True)
        return float(progress["minutes"])

    def train(self, data: Path, max_minutes: float) -> None:
        """All phases, by the clock."""
        begun = self.checkpoint.exists()
        if begun:
            self.refuse_another()
        photos = read_split(data, "train", self.world.tell)
        self.species = species_numbers(photos)
        told = False  # which photos are left out
        if self.config.stages > 1 and any(self.options.during(phase).attention_weight for phase in self.options.phases):
            self.part_attention = self.learn_parts(photos)
        minutes = self.load() if begun else 0.0
        if self.scores:
            self.scores.forget_after(minutes)
        if self.phase_index < 0:
            self.begin_phase(0)
        if self.world.first:
            (self.output / "options.json").write_text(json.dumps(asdict(self.options), indent=2) + "\n")
        ends = [sum(phase.share for phase in self.options.phases[: i + 1]) for i in range(len(self.options.phases))]
        log = RunLog(self.output, self.world, self.step)
        with Clock(minutes, max_minutes) as clock:
            over = False
            while not over:
                batch_size = self.current.options.batch_size
                batches = Batches(
                    photos,
                    self.vocabulary,
                    self.current.sizes,
                    batch_size,
                    self.options.seed,
                    (lambda _: None) if told else self.world.tell,
                    device=self.place,
                    share=(self.world.rank, self.world.size),
                )
                told = True
                if len(batches.photos) < batch_size:
                    raise DataError(
                        f"There are {len(batches.photos)} photos, fewer than the {batch_size} of a batch; "
                        "--set batch_size=N makes it smaller."
                    )
                if not self.begun and self.stages_there <= self.phase.first == self.phase.last:
                    begin_stage(self.current, batches)
                    self.average.copy()
                self.begun, self.stages_there = True, max(self.stages_there, self.phase.last + 1)
                over = self._train_phase(batches, clock, log, ends[self.phase_index])
                self._remember(clock.minutes)
                self.save(clock.minutes)
                self._settle(batches, log)
                if self.world.first:
                    write_weights(self, clock.minutes)
                self._score(batches, clock)
                if over or self.phase_index + 1 == len(ends):
                    break
                self.begin_phase(self.phase_index + 1)
            self.save(clock.minutes)
        log.close()

    def learn_parts(self, photos: list[Photo]) -> PartAttention | None:
        """What tells where attention belongs, as `learn_parts`, through the teacher's eyes."""
        teacher = Judge(self.config, self.vocabulary, self.teachers.text, self.teachers.image, self.place)
        return learn_parts(teacher, photos, self.output, self.world)

    def _remember(self, minutes: float) -> None:
        """Put down how long this phase has taken so far, all sittings together."""
        self.history = self.history[: self.phase_index]
        self.history.append(
            {
                "size": 64 * 2**self.phase.last,
                "steps": self.phase_step,
                "photos": self.phase_step * self.current.options.batch_size,
                "minutes": minutes - sum(phase["minutes"] for phase in self.history),
            }
        )

    def _train_phase(self, batches: Batches, clock: Clock, log: RunLog, end: float) -> bool:
        """Train until the phase's share of the time is over; returns whether all time is."""
        name = f"{self.current.sizes[0]}-{self.current.sizes[-1]} px"
        every = EVERY if self.world.size > 1 else 1  # processes agree on the time, which they have to wait for
        before = self.phase_step * self.current.options.batch_size
        with tqdm(desc=name, unit="photo", smoothing=0.05, initial=before, disable=not self.world.first) as bar:
            saved = scored = clock.minutes
            while True:
                if self.phase_step % every == 0:
                    if self.world.agreed(clock.over):
                        return True
                    if self.world.agreed(clock.fraction) >= end:
                        return False
                values = self.train_step(batches)
                if self.step % EVERY == 0:
                    log.look(self.step, values, self.phase_step * self.current.options.batch_size, bar, clock)
                if clock.minutes - saved > self.options.checkpoint_minutes:
                    saved = clock.minutes
                    self.save(saved)
                    self.average.copy_statistics()
                    self._sample_grid(log)
                if self.scores and clock.minutes - scored > self.score_minutes:
                    self.average.copy_statistics()
                    self._score(batches, clock)
                    scored = clock.minutes

    def train_step(self, batches: Batches) -> dict[str, torch.Tensor]:
        """One step of the current phase; returns what to log."""
        with quick_products(self.place, self.options.precision):
            values = self.current.step(batches, self.step)
        self.average.update(self.phase_step)
        self.step += 1
        self.phase_step += 1
        return values

    def _settle(self, batches: Batches, log: RunLog) -> None:
        """Make the averaged generator ready to paint."""
        random = torch.Generator().manual_seed(self.options.seed)
        self.average.measure_statistics(
            lambda network, number: self.current.paint(network, batches, self.step + number, random),
            STATISTICS_BATCHES,
        )
        self._sample_grid(log)

    def _score(self, batches: Batches, clock: Clock) -> None:
        """Measure the average, if that is asked for, on time that does not count."""
        if self.scores:
            with clock.paused():
                pipeline = TextToImagePipeline(*painter(self), device=self.place.type)
                photos = sum(phase["photos"] for phase in self.history[: self.phase_index])
                photos += self.phase_step * self.current.options.batch_size
                self.scores.add(pipeline, photos / len(batches.photos), clock.minutes)

    def _sample_grid(self, log: RunLog) -> None:
        if self.world.first:
            path = self.output / "samples" / f"{64 * 2**self.phase.last}-{self.step:07}.png"
            if save_sample_grid(path, *painter(self)):
                log.show(self.step, path)
