"""Train the generator against its discriminators, stage after stage.

    python main.py train gan --data DIR --output RUN --encoders DAMSM_RUN [--preset fast] [--set batch_size=32]
        [--max-minutes 90] [--resume]

The same on several processors, each with a share of every batch (4 here; gloo on CPUs, NCCL on GPUs):

    torchrun --nproc-per-node 4 -- main.py train gan --data DIR --output RUN --encoders DAMSM_RUN

RUN/gan_checkpoint.safetensors lets it go on after any stop; Ctrl+C saves first. RUN/samples/ shows how paintings grow,
`tensorboard --logdir RUN` also the losses, RUN/options.json says what the run was told (and can be given to --preset);
RUN/weights-64 to RUN/weights-512 are complete weight sets, written when a phase's time is over and at the end.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from tqdm import tqdm

from model.data.batches import Batches
from model.data.cub import Photo, read_split
from model.data.photo import MARGIN, species_numbers
from model.data.resident import fits
from model.data.telling import counted
from model.device import pick_device
from model.encoders import digest
from model.errors import DataError, PlainError
from model.memory import keep_freed_memory
from model.pipeline import TextToImagePipeline
from model.places import SHIPPED_JUDGE
from model.training.checkpoint import read_progress
from model.training.clock import Clock
from model.training.gan_run import CHECKPOINT, GanRun
from model.training.only_run import only_run
from model.training.options import ScoreOptions, read_preset
from model.training.outcome import painter, write_weights
from model.training.precision import try_convolutions
from model.training.run_log import EVERY, RunLog
from model.training.sample_grid import save_sample_grid
from model.training.world import join_world

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
    way; start: a weight set to go on from, with its discriminators where it has them; guides: encoders whose losses
    count as much as those of `encoders`, one of them all a step, so that no one's blind spots are learnt (None given:
    those of a resumed run). Raises PlainError for a run that exists without `resume` or that another process trains,
    missing encoders or data, losses that are no numbers or paintings that are all the same.
    """
    keep_freed_memory()
    try_convolutions()
    place = pick_device(device)
    world = join_world(place)
    with only_run(output / CHECKPOINT, resume, world):
        known = read_progress(output / CHECKPOINT) if (output / CHECKPOINT).exists() else {}
        encoders = encoders or Path(known.get("encoders") or start or output)
        guides = guides or tuple(map(Path, known.get("guides", ())))
        options, begun_from = read_preset(preset, changes), known.get("start") if known else start
        if begun_from:
            options = options.going_on()
        run = GanRun(output, encoders, options, place, world, guides)
        for teacher in (encoders, *guides):
            if SHIPPED_JUDGE.is_dir() and digest(teacher) == digest(SHIPPED_JUDGE):
                raise PlainError(
                    f"{teacher} judges paintings; a generator that it taught would learn to please its judge."
                )
        if start:
            run.start_from(start)
        if score and run.world.first:
            from model.training.scores import Scores, recipe_name  # what measures takes seconds to import

            judge, recipe = score.judge or encoders, recipe_name(preset, changes, begun_from and Path(begun_from))
            run.scores = Scores(output, recipe, data, judge, run.vocabulary, score.captions, place)
            run.score_minutes = score.minutes
        train_phases(run, data, max_minutes)


def train_phases(run: GanRun, data: Path, max_minutes: float) -> None:
    """All phases, by the clock."""
    resumed = run.checkpoint.exists()
    if resumed:
        run.refuse_another()
    photos = read_split(data, "train", run.world.tell)
    run.species = species_numbers(photos)
    phases = [run.options.during(phase) for phase in run.options.phases]
    if any(told.head_weight or (told.attention_weight and run.config.stages > 1) for told in phases):
        run.finder = run.learn_parts(photos)
    minutes = run.load() if resumed else 0.0
    if run.scores:
        run.scores.forget_after(minutes)
    if run.phase_index < 0:
        run.begin_phase(0)
    if run.world.first:
        (run.output / "options.json").write_text(json.dumps(asdict(run.options), indent=2) + "\n")
    ends = [sum(phase.share for phase in run.options.phases[: i + 1]) for i in range(len(run.options.phases))]
    report: Callable[[str], None] = run.world.tell
    log = RunLog(run.output, run.world, run.step)
    with Clock(minutes, max_minutes) as clock:
        over, batches = False, None
        while not over:
            try:
                with clock.interruptible():
                    batches = _batches(run, photos, report, batches)
            except KeyboardInterrupt:
                run.save(clock.minutes)
                raise
            report = _known
            with clock.paused():
                run.begin_stage_once(batches)
            over = _train_phase(run, batches, clock, log, ends[run.phase_index])
            run.remember(clock.minutes)
            run.save(clock.minutes)
            if run.phase_step:
                with clock.paused():
                    _settle(run, batches, log)
                if run.world.first:
                    write_weights(run, clock.minutes)
                _score(run, batches, clock)
            if run.world.agreed(over or clock.stop_asked) or run.phase_index + 1 == len(ends):
                break
            run.begin_phase(run.phase_index + 1)
        run.save(clock.minutes)
        run.world.tell(_course(run, clock.minutes))
    log.close()


def _course(run: GanRun, minutes: float) -> str:
    """What was trained and where it lies, in a sentence or two."""
    steps = ", ".join(f"{counted(int(phase['steps']), 'step')} at {phase['size']:.0f} px" for phase in run.history)
    size = run.current.sizes[-1]
    end = f"{run.output / f'weights-{size}'} is written" if run.phase_step else f"there was no time for {size} px"
    told = f"After {counted(round(minutes), 'minute')}: {steps}; {end}."
    if run.phase_index + 1 == len(run.options.phases):
        return told
    return f"{told} The phases after that need more --max-minutes and --resume."


def _known(_: str) -> None:
    """Does not tell again which photos are left out."""


def _batches(run: GanRun, photos: list[Photo], report: Callable[[str], None], before: Batches | None) -> Batches:
    """Those of the current phase, of what the phase before has decoded where that will do.

    Raises DataError for fewer photos than a batch has.
    """
    sizes, batch_size = run.current.sizes, run.current.options.batch_size
    if before is not None and (
        before.largest == max(sizes) or (run.place.type != "cpu" and before.largest > max(sizes))
    ):
        batches = before.again(sizes, batch_size)
    else:
        batches = Batches(
            photos,
            run.vocabulary,
            sizes,
            batch_size,
            run.options.seed,
            report,
            device=run.place,
            share=(run.world.rank, run.world.size),
            largest=_largest(run, len(photos)),
        )
    if len(batches.photos) < batch_size:
        raise DataError(
            f"There are {len(batches.photos)} photos, fewer than the {batch_size} of a batch; "
            "--set batch_size=N makes it smaller."
        )
    return batches


def _largest(run: GanRun, photos: int) -> int:
    """Side of the pictures that photos are decoded for.

    On a GPU with room for it that of the run's largest, so that they are decoded once; a CPU cuts small photos quicker.
    """
    own, largest = max(run.current.sizes), max(64 * 2**phase.last for phase in run.options.phases)
    side = round(largest * MARGIN)
    once = run.place.type != "cpu" and fits((photos, 3, side, side), run.place)
    return int(run.world.agreed(largest if once else own))


def _train_phase(run: GanRun, batches: Batches, clock: Clock, log: RunLog, end: float) -> bool:
    """Train until the phase's share of the time is over; returns whether all time is."""
    first, last = run.current.sizes[0], run.current.sizes[-1]
    name = f"{first} px" if first == last else f"{first}-{last} px"
    every = EVERY if run.world.size > 1 else 1  # processes agree on the time, which they have to wait for
    with tqdm(desc=name, unit="photo", smoothing=0.05, initial=run.phase_photos, disable=not run.world.first) as bar:
        saved = scored = clock.minutes
        while True:
            if run.phase_step % every == 0:
                if run.world.agreed(clock.over):
                    return True
                if run.phase_step and run.world.agreed(clock.fraction) >= end:
                    return False
            values = run.train_step(batches)
            if run.step % EVERY == 0:
                log.look(run.step, values, run.phase_photos, bar, clock)
            if clock.minutes - saved > run.options.checkpoint_minutes:
                saved = clock.minutes
                run.save(saved)
                run.average.copy_statistics()
                _sample_grid(run, log)
            if run.scores and clock.minutes - scored > run.score_minutes:
                run.average.copy_statistics()
                _score(run, batches, clock)
                scored = clock.minutes


def _settle(run: GanRun, batches: Batches, log: RunLog) -> None:
    """Make the averaged generator ready to paint."""
    random = torch.Generator().manual_seed(run.options.seed)
    run.average.measure_statistics(
        lambda network, number: run.current.paint(network, batches, run.step + number, random),
        STATISTICS_BATCHES,
    )
    _sample_grid(run, log)


def _score(run: GanRun, batches: Batches, clock: Clock) -> None:
    """Measure the average, if that is asked for, on time that does not count."""
    if run.scores:
        with clock.paused():
            pipeline = TextToImagePipeline(*painter(run), device=run.place.type)
            photos = sum(phase["photos"] for phase in run.history[: run.phase_index]) + run.phase_photos
            run.scores.add(pipeline, photos / len(batches.photos), clock.minutes)


def _sample_grid(run: GanRun, log: RunLog) -> None:
    if run.world.first:
        path = run.output / "samples" / f"{64 * 2**run.phase.last}-{run.step:07}.png"
        if save_sample_grid(path, *painter(run)):
            log.show(run.step, path)
