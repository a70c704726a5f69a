"""Networks, phases and progress of one GAN run, and the checkpoint that it goes on from."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from model.data.batches import Batches
from model.data.photo import Photo
from model.encoders import DISCRIMINATORS, digest, load_encoders, read_teacher_story
from model.errors import PlainError, WeightsError
from model.evaluation.judge import Judge
from model.generator import Generator
from model.training.averaged import AveragedGenerator
from model.training.checkpoint import (
    load_checkpoint,
    read_progress,
    refuse_no_numbers,
    refuse_other_options,
    save_checkpoint,
)
from model.training.discriminators import by_view, load_discriminators, take_over
from model.training.gan_phase import GanPhase, Teachers
from model.training.growth import begin_stage
from model.training.options import GanOptions, Phase, read_phase
from model.training.part_finder import PartFinder, learn_parts
from model.training.precision import quick_products, rounded_beforehand
from model.training.world import World
from model.weights import load_weights

if TYPE_CHECKING:
    from model.training.scores import Scores

CHECKPOINT = "gan_checkpoint.safetensors"


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
        self.advisers = tuple(self._rounded(each) for each in (self.teachers, *map(self._load_guide, guides)))
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
        self.started_with: dict[str, torch.Tensor] = {}  # the generator's, where `start_share` gives some back
        self.stages_there = 0  # begun in an earlier phase, or of a weight set that the run started from
        self.history: list[dict[str, float]] = []
        self.teacher_story, self.teacher_digest = read_teacher_story(encoders), digest(encoders)
        self.guide_stories = [read_teacher_story(folder) for folder in guides]
        self.finder: PartFinder | None = None
        self.species = 0  # one more than the largest number of one among the photos
        self.scores: Scores | None = None
        self.score_minutes = 0.0
        (output / "samples").mkdir(parents=True, exist_ok=True)

    def _rounded(self, teachers: Teachers) -> Teachers:
        """As a step uses them."""
        return Teachers(teachers.text, rounded_beforehand(teachers.image, self.place, self.options.precision))

    def _load_guide(self, folder: Path) -> Teachers:
        _, vocabulary, text_encoder, image_encoder = load_encoders(folder, self.place)
        if vocabulary.words != self.vocabulary.words:
            raise WeightsError(f"{folder} has other words than {self.encoders}.")
        return Teachers(text_encoder, image_encoder)

    def start_from(self, directory: Path) -> None:
        """Go on from the stages of a weight set; raises WeightsError when it is damaged or of another architecture."""
        there, stages = self._read_start(directory)
        own = self.average.network.state_dict()
        own |= {name: tensor for name, tensor in there.items() if name in own}
        self.average.network.load_state_dict(own)
        self.start, self.stages_there = directory, stages

    def _read_start(self, directory: Path) -> tuple[dict[str, torch.Tensor], int]:
        """The generator's tensors in a weight set, which are kept where they will be needed, and its stages."""
        config, vocabulary, _, generator = load_weights(directory)
        if replace(config, stages=self.config.stages) != self.config or vocabulary.words != self.vocabulary.words:
            raise WeightsError(f"{directory} has other words or other sizes than the encoders of this run.")
        there = generator.state_dict()
        if self.options.start_share and config.stages >= self.config.stages:  # new stages know what is trained alone
            self.started_with = there
        return there, config.stages

    @property
    def phase(self) -> Phase:
        """What is trained now."""
        return self.options.phases[self.phase_index]

    @property
    def phase_photos(self) -> int:
        """Seen in this phase so far."""
        return self.phase_step * self.current.options.batch_size

    def begin_phase(self, index: int, resumed: bool = False) -> None:
        """Go on from the average, with discriminators and optimizers of this phase; resumed: a checkpoint has them.

        Discriminators of stages that the phase before trained, too, go on.
        """
        before = self.current if self.phase_index >= 0 else None
        self.phase_index, self.phase_step = index, 0
        self.generator.load_state_dict(self.average.network.state_dict())
        torch.manual_seed(self.options.seed + index)
        self.current = GanPhase(
            self.generator,
            self.advisers,
            self.options,
            self.phase,
            self.world,
            self.place,
            self.finder,
            self.species,
        )
        if resumed:
            return
        if self.start and (path := self.start / DISCRIMINATORS).is_file():
            load_discriminators(path, self.current.discriminators, self.world.tell)
        if before:
            for view in take_over(self.current.discriminators, by_view(before.discriminators)):
                self.world.tell(f"This phase has another design of discriminators of {view.size} px; new ones begin.")

    def begin_stage_once(self, batches: Batches) -> None:
        """Give the only stage of this phase its beginning, unless an earlier phase or the weights have trained it."""
        if self.stages_there <= self.phase.first == self.phase.last:
            begin_stage(self.current, batches)
            self.average.copy()
        self.stages_there = max(self.stages_there, self.phase.last + 1)

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
        begun_with = progress["options"]
        begun_with |= {"phases": [asdict(read_phase(phase)) for phase in begun_with["phases"]]}
        begun_with |= {"cuda_graph": self.options.cuda_graph}  # which changes nothing but the time
        refuse_other_options(self.output, begun_with, self.options, GanOptions(()), advice)
        if progress.get("teacher", self.teacher_digest) != self.teacher_digest:
            raise PlainError(f"The run in {self.output} learnt from other encoders; name those with --encoders.")

    def load(self) -> float:
        """Go on from the checkpoint; returns the minutes trained before. Raises PlainError when it is of other data."""
        states, progress = load_checkpoint(self.checkpoint)
        self.start = Path(progress["start"]) if progress.get("start") else None
        if self.start and self.options.start_share:
            self._read_start(self.start)
        self.stages_there = progress.get("stages_there", 0)
        self.begin_phase(progress["phase"], resumed=True)
        self.generator.load_state_dict(states["generator"])
        self.average.network.load_state_dict(states["average"])
        try:
            self.current.load(states)
        except (KeyError, IndexError, RuntimeError):
            raise PlainError(f"The run in {self.output} was begun with other data; resume it with those.") from None
        self.step, self.phase_step = progress["step"], progress["phase_step"]
        self.history = progress.get("history", [])
        if progress.get("begun", "stages_there" not in progress):  # as older runs told it
            self.stages_there = max(self.stages_there, self.phase.last + 1)
        return float(progress["minutes"])

    def learn_parts(self, photos: list[Photo]) -> PartFinder | None:
        """What finds the parts of the bird, as `learn_parts`, through the teacher's eyes."""
        teacher = Judge(self.config, self.vocabulary, self.teachers.text, self.teachers.image, self.place)
        finder = learn_parts(teacher, photos, self.output, self.world)
        if finder:
            finder.image_encoder = self.advisers[0].image  # the same eyes, rounded
        return finder

    def train_step(self, batches: Batches) -> dict[str, torch.Tensor]:
        """One step of the current phase; returns what to log."""
        with quick_products(self.place, self.options.precision):
            values = self.current.step(batches, self.step)
        self.average.update(self.phase_step)
        self.step += 1
        self.phase_step += 1
        return values

    def remember(self, minutes: float) -> None:
        """Put down how long this phase has taken so far, all sittings together."""
        self.history = self.history[: self.phase_index]
        self.history.append(
            {
                "size": 64 * 2**self.phase.last,
                "steps": self.phase_step,
                "photos": self.phase_photos,
                "minutes": minutes - sum(phase["minutes"] for phase in self.history),
            }
        )
