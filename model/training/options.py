"""What DAMSM and GAN runs can be told, read from a preset."""

import json
import math
import sys
from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from model.encoders import KINDS
from model.errors import PlainError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CHOICES = {
    "discriminator": ("published", "projection", "projected"),
    "loss": ("cross_entropy", "hinge"),
    "precision": ("auto", "bfloat16", "float32"),
}
WHOLE = (
    *("batch_size", "discriminator_channels", "generator_steps", "shift", "seed", "first", "last", "crop"),
    *("warm_up_steps", "wrong_captions", "held_out"),
)
NO_NUMBERS = ("phases", "changes", "anew", "cuda_graph", "image_encoder", *CHOICES)
OF_ALL_PHASES = ("phases", "precision", "cuda_graph", "ema", "start_share", "checkpoint_minutes", "seed")
ONCE_ZERO = {"batch_size", "discriminator_channels", "consistency_weight"}  # in older runs, where they did not change
SHARES = ("beta1", "beta2", "ema", "share", "mismatch_weight", "start_share")
CROP_STEP = 16  # pixels: spectra and discriminators halve pictures of crops several times
PRESETS = Path(__file__).parent / "presets"


@dataclass(frozen=True)
class DamsmOptions:
    """What a DAMSM run can be told."""

    image_encoder: str = "compact"  # from scratch at 64 px, or on ImageNet's weights: "inception", "lite0" to "lite2"
    batch_size: int = 48  # photos a step; every other caption of the batch is a wrong one
    learning_rate: float = 0.0015  # AdamW, falling to zero along a cosine
    warm_up_steps: int = 100  # until the learning rate is reached
    text_gradient_clip: float = 0.25  # largest norm of the text encoder's gradient
    shift: int = 4  # pixels the 64 px photos are moved at most
    species_weight: float = 0.0  # of naming the photo's species from its global feature, beside DAMSM's losses
    attribute_weight: float = 0.0  # of telling its species' attributes from the same, where the data have them
    part_weight: float = 0.0  # of finding the bird's parts from its regions, where the data mark them
    held_out: int = 0  # training species kept apart, which tell how good the options are instead of the test split
    checkpoint_minutes: float = 2.0
    seed: int = 0


@dataclass(frozen=True)
class Phase:
    """A part of the run: the stages it trains (0 is the 64 px one), those before frozen."""

    first: int
    last: int
    share: float  # of the run's minutes, 0..1
    crop: int = 0  # side of the crops of the feature map entering a single trained stage; 0: all of it
    anew: bool = False  # only in runs that begin with nothing, not in those that go on from a weight set
    changes: dict[str, Any] = field(default_factory=dict, hash=False)  # options that are others than in the whole run

    @property
    def map_side(self) -> int:
        """Side of the feature map entering the first trained stage, which is a refinement stage."""
        return 32 * 2**self.first

    @property
    def is_cropped(self) -> bool:
        """Whether the crop is any smaller than that map."""
        return 0 < self.crop < self.map_side


@dataclass(frozen=True)
class GanOptions:
    """Options of a GAN run; presets override the defaults, and each phase may override what does not bind them all."""

    phases: tuple[Phase, ...]
    batch_size: int = 32  # photos a step
    generator_lr: float = 0.0002  # Adam
    discriminator_lr: float = 0.0002  # Adam
    beta1: float = 0.5
    beta2: float = 0.999
    discriminator_channels: int = 64  # ndf
    discriminator: str = "published"  # or "projection", or "projected", which looks through the teacher's eyes
    loss: str = "cross_entropy"  # "cross_entropy" or "hinge"
    mismatch_weight: float = 0.5  # of a photo with another photo's caption, beside a painting's 0.5
    generator_steps: int = 1  # a step, after the discriminator's one
    damsm_weight: float = 5.0  # lambda: word and sentence losses on the last trained stage (not on crops)
    wrong_captions: int = 0  # that DAMSM's losses compare a painting with, beside those of the batch
    kl_weight: float = 1.0  # of the conditioning augmentation's divergence from a standard normal
    variety_weight: float = 0.0  # of how much too alike two paintings of one sentence are; 0: each has its own sentence
    variety: float = 1.0  # that two paintings of one sentence should reach, of the 1.3 of any two photos
    consistency_weight: float = 0.0  # L1 between a picture at half size and the stage before
    spectrum_weight: float = 0.0  # of how much louder or quieter spatial frequencies are than in photos
    species_weight: float = 0.0  # of the discriminators' second task, to name the species, on crops too
    attention_weight: float = 0.0  # of how far from a part of the bird its word looks
    head_weight: float = 0.0  # of discriminators that see the bird's head alone; above 0 every other crop is around it
    shift: int = 0  # pixels that pictures move at most before discriminator and image encoder see them, at 64 px
    precision: str = "auto"  # of most operations: "bfloat16" or "float32", or the quicker one of them
    cuda_graph: bool = True  # on a single GPU: a step is recorded once and replayed
    ema: float = 0.999  # of the generator's weights, a step
    start_share: float = 0.0  # of the weight set that the run went on from, in the weights that it writes
    checkpoint_minutes: float = 3.0
    seed: int = 0

    def during(self, phase: Phase) -> "GanOptions":
        """As they are in one of the phases."""
        return replace(self, **phase.changes)

    def going_on(self) -> "GanOptions":
        """For a run that goes on from a weight set: the phases that are not `anew` share its time."""
        phases = [phase for phase in self.phases if not phase.anew]
        if len(phases) == len(self.phases):
            return self
        total = sum(phase.share for phase in phases)
        return replace(self, phases=tuple(replace(phase, share=phase.share / total) for phase in phases))


@dataclass(frozen=True)
class ScoreOptions:
    """How to measure a GAN run on its way."""

    minutes: float  # of training between two measurements
    captions: int = 100  # painted each time
    judge: Path | None = None  # a DAMSM run or weight set; None: the teacher


def preset_names() -> list[str]:
    """Presets that `--preset` takes."""
    return sorted(path.stem for path in PRESETS.glob("*.toml"))


def read_preset(name: str, changes: tuple[str, ...] = ()) -> GanOptions:
    """Options of a preset, by name or as a TOML or JSON file, with `changes`, each "name=value" as a preset writes it.

    What is changed is so in every phase. Raises PlainError for an unknown name, option or value.
    """
    changed = _parsed(changes)
    stored = _read(name) | changed
    stored.pop("damsm", None)
    _refuse_unknown(name, stored, GanOptions)
    try:
        phases = tuple(read_phase(table, forget=changed) for table in stored.pop("phases"))
        options = GanOptions(phases, **stored)
        _check(options)
    except (TypeError, KeyError, ValueError) as error:
        told = f" with {', '.join(changes)}" if changes else ""
        raise PlainError(f'The preset "{name}"{told} cannot be used: {error}.') from None
    return options


def read_phase(table: dict[str, Any], forget: Collection[str] = ()) -> Phase:
    """A phase as a preset writes it, where options that change stand beside its own, or as a run keeps it.

    forget: options that do not change. Raises TypeError or ValueError for what is no phase.
    """
    if not isinstance(table, dict):
        raise TypeError(f"{table!r} is no phase")
    own = {name: value for name, value in table.items() if name in _names(Phase)}
    changes = own.pop("changes", {}) | {name: value for name, value in table.items() if name not in _names(Phase)}
    if "changes" not in table and changes.keys() == ONCE_ZERO:
        changes = {name: value for name, value in changes.items() if value}
    changes = {name: value for name, value in changes.items() if name not in forget}
    for name in changes:
        if name not in _names(GanOptions) or name in OF_ALL_PHASES:
            raise ValueError(f'a phase has no option "{name}"')
    return Phase(**own, changes=changes)


def read_damsm_preset(name: str, changes: tuple[str, ...] = ()) -> DamsmOptions:
    """Options of a preset's `damsm` table, the defaults where it has none; changes and errors as read_preset."""
    table = _read(name).get("damsm", {}) | _parsed(changes)
    _refuse_unknown(name, table, DamsmOptions)
    try:
        options = DamsmOptions(**table)
        _check_numbers(vars(options))
        if options.image_encoder not in KINDS:
            raise ValueError(f"image_encoder is {' or '.join(KINDS)}, not {options.image_encoder!r}")
    except (TypeError, ValueError) as error:
        raise PlainError(f'The preset "{name}" cannot be used: {error}.') from None
    return options


def _refuse_unknown(preset: str, found: dict[str, Any], options: type) -> None:
    known = _names(options)
    for name in found:
        if name not in known:
            near = get_close_matches(name, known, 1)
            advice = f'the nearest is "{near[0]}".' if near else f"there are {', '.join(known)}."
            raise PlainError(f'The preset "{preset}" cannot have the option "{name}"; {advice}')


def _names(options: type) -> list[str]:
    return [field.name for field in fields(options)]


def _parsed(changes: tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for change in changes:
        name, separator, value = change.partition("=")
        try:
            if not separator:
                raise ValueError("no value")
            found |= tomllib.loads(f"{name.strip()} = {value}")
        except ValueError:  # TOMLDecodeError is one
            try:
                found |= tomllib.loads(f"{name.strip()} = {json.dumps(value)}")  # a word without its quotes
            except ValueError:
                raise PlainError(f'"{change}" is no option; write it like generator_lr=0.0001.') from None
    return found


def _read(name: str) -> dict[str, Any]:
    """What a preset says, on top of the one that it is `like`."""
    path = Path(name) if name.endswith((".toml", ".json")) else PRESETS / f"{name}.toml"
    try:
        text = path.read_text(encoding="utf-8")
        stored: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError:
        raise PlainError(f'There is no preset "{name}"; there are {", ".join(preset_names())}.') from None
    except ValueError as error:
        raise PlainError(f"The preset {path} cannot be read: {error}.") from None
    if not isinstance(stored, dict):
        raise PlainError(f"The preset {path} holds no options.")
    model = stored.pop("like", None)
    return stored if model is None else _read(str(model)) | stored


def _check_numbers(values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name in NO_NUMBERS:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < math.inf:
            raise ValueError(f"{name} is a number from 0 up, not {value!r}")
        if name in WHOLE and not isinstance(value, int):
            raise ValueError(f"{name} is a whole number, not {value!r}")
        if name in SHARES and value > 1:
            raise ValueError(f"{name} is at most 1, not {value!r}")


def _check(options: GanOptions) -> None:
    """Raise TypeError or ValueError for values that no run can have."""
    if all(phase.anew for phase in options.phases):
        raise ValueError("a run has phases, not all of which are anew")
    if not isinstance(options.cuda_graph, bool):
        raise ValueError(f"cuda_graph is true or false, not {options.cuda_graph!r}")
    for phase in options.phases:
        told = options.during(phase)
        _check_numbers(vars(told))
        _check_numbers(vars(phase))
        for name, choices in CHOICES.items():
            if getattr(told, name) not in choices:
                raise ValueError(f"{name} is {' or '.join(choices)}, not {getattr(told, name)!r}")
        if told.batch_size < 2 or told.generator_steps < 1:
            raise ValueError("a run has at least two photos a step and one generator step")
        if phase.first > phase.last or phase.share <= 0 or (phase.crop and not 0 < phase.first == phase.last):
            raise ValueError(f"{phase} is impossible")
        if not isinstance(phase.anew, bool):
            raise ValueError(f"anew is true or false, not {phase.anew!r}")
        if phase.crop % CROP_STEP:
            raise ValueError(f"a crop is a multiple of {CROP_STEP}, not {phase.crop}")
