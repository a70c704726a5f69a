"""What a GAN run leaves: weight sets that paint, with all that it takes to measure them and to go on from them."""

import copy
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from model.config import ModelConfig
from model.device import device_name
from model.encoders import DISCRIMINATORS, IMAGE_ENCODER, STORY, read_story, save_image_encoder
from model.generator import Generator
from model.model_card import write_model_card
from model.text_encoder import TextEncoder
from model.training.averaged import mix_in
from model.training.discriminators import save_discriminators
from model.training.precision import quickest
from model.vocabulary import Vocabulary
from model.weights import save_weights
from model.whole_folder import whole_folder

if TYPE_CHECKING:
    from model.training.gan_run import GanRun


def painter(run: "GanRun") -> tuple[ModelConfig, Vocabulary, TextEncoder, Generator]:
    """The averaged generator cut to the stages trained so far, with all that a pipeline needs.

    `start_share` of it is what the run started from.
    """
    stages = run.phase.last + 1
    generator = copy.deepcopy(run.average.network)
    generator.refinements = generator.refinements[: stages - 1]
    generator.heads = generator.heads[:stages]
    mix_in(generator, run.started_with, run.options.start_share)
    return replace(run.config, stages=stages), run.vocabulary, run.teachers.text, generator


def write_weights(run: "GanRun", minutes: float) -> None:
    """RUN/weights-SIZE: a complete weight set, its image encoder and discriminators, and how it was trained.

    It replaces the one of an earlier sitting at once.
    """
    before = run.output / f"weights-{32 * 2**run.phase.first}"
    if run.start and not before.is_dir():
        before = run.start
    config, vocabulary, text_encoder, generator = painter(run)
    story = {
        "device": device_name(run.place),
        "minutes": minutes,
        "phases": run.history,
        "options": asdict(run.options) | {"precision": quickest(run.place, run.options.precision)},
        "start": run.start and {"weights": run.start.name, "training": read_story(run.start)},
        "teacher": run.teacher_story,
        "guides": run.guide_stories,
    }
    current = run.current
    with whole_folder(run.output / f"weights-{current.sizes[-1]}") as folder:
        save_weights(folder, config, vocabulary, text_encoder, generator)
        save_image_encoder(folder / IMAGE_ENCODER, run.teachers.image)
        save_discriminators(folder / DISCRIMINATORS, current.discriminators, before / DISCRIMINATORS)
        (folder / STORY).write_text(json.dumps(story, indent=2) + "\n", encoding="utf-8")
        write_model_card(folder, config, {"minutes": f"{minutes:.0f} on {device_name(run.place)}"})
