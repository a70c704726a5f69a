"""How fast this computer paints and trains: medians of a few repeats, as a table or JSON.

python main.py benchmark [--json] [--weights birds-512] [--device auto]
"""

import json
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from model.config import ModelConfig
from model.damsm import damsm_loss
from model.data.batches import CAPTION_WORDS, Batch, Batches, Captions
from model.encoders import make_image_encoder, save_encoders
from model.image_encoder import REGIONS
from model.layers import padding_mask
from model.memory import keep_freed_memory
from model.pipeline import TextToImagePipeline
from model.text_encoder import TextEncoder
from model.training.cuda_graph import WARM_UPS
from model.training.gan_run import GanRun
from model.training.options import read_damsm_preset, read_preset
from model.training.plain import PlainPhase, plain_damsm_loss
from model.training.precision import quick_products, quickest, try_convolutions
from model.vocabulary import PADDING, Vocabulary

REPEATS = 5  # after one that warms up
CAPTION = "this bird is red with white and has a very short beak"
DAMSM_BATCH = 48  # captions and pictures
FEWEST_WORDS = 10  # of 98 in 100 of CUB's captions; those with more than CAPTION_WORDS are cut
GAN_BATCH = 16  # pictures a training step
SPECIES = 200
PRESET = "fast"

Figures = dict[str, Any]


def benchmark(as_json: bool, weights: str, device: str) -> None:
    """Print the figures; raises WeightsError or PlainError when there is no such weight set or device."""
    keep_freed_memory()  # as training does
    pipeline = TextToImagePipeline.from_pretrained(weights, device)
    place = pipeline.device
    figures: Figures = {
        "weights": pipeline.name,
        "device": pipeline.device_name,
        "threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "training_precision": quickest(place, read_preset(PRESET).precision),
        "load_seconds": _median_seconds(lambda: TextToImagePipeline.from_pretrained(weights, device), place),
        "stage_seconds": stage_seconds(pipeline),
        "damsm_loss": damsm_figures(place),
        "training_step": training_figures(place),
    }
    print(json.dumps(figures, indent=2) if as_json else table(figures))


def table(figures: Figures) -> str:
    """The figures, a line each."""
    damsm, training = figures["damsm_loss"], figures["training_step"]
    return "\n".join(
        [
            f"{figures['weights']} on {figures['device']}, {figures['threads']} threads, torch {figures['torch']}, "
            f"training in {figures['training_precision']}",
            f"load the weight set            {figures['load_seconds']:8.3f} s",
            *(f"paint {size + ' px':24} {value:8.3f} s" for size, value in figures["stage_seconds"].items()),
            f"DAMSM loss, batch {damsm['batch']}           {damsm['seconds']:8.3f} s, {damsm['ratio']:.1f} times as "
            f"fast as one caption at a time ({damsm['plain_seconds']:.3f} s)",
            *(
                f"train {size + ' px':24} {step['batch'] / step['seconds']:8.1f} samples/s in batches of "
                f"{step['batch']}, {step['ratio']:.1f} times as fast as plainly"
                + ("" if step["waits"] is None else f", {step['waits']} waits for the GPU")
                for size, step in training.items()
            ),
        ]
    )


def stage_seconds(pipeline: TextToImagePipeline) -> dict[str, float]:
    """Seconds of each stage for one picture."""
    caption = CAPTION if pipeline.vocabulary.encode(CAPTION)[0] else " ".join(pipeline.vocabulary.words[1:9])
    results = [pipeline(caption) for _ in range(REPEATS + 1)][1:]
    return {
        f"{size}": median(result.stages[index].seconds for result in results)
        for index, size in enumerate(pipeline.config.image_sizes)
    }


def damsm_figures(place: torch.device) -> Figures:
    """The DAMSM losses with their gradients, vectorised and one caption at a time, on random features."""
    random = torch.Generator().manual_seed(0)
    size = ModelConfig().text_size

    def features(*shape: int) -> Tensor:
        return torch.randn(DAMSM_BATCH, *shape, generator=random).to(place).requires_grad_()

    words, sentence = features(size, CAPTION_WORDS), features(size)
    regions, whole = features(size, REGIONS * REGIONS), features(size)
    lengths = torch.randint(FEWEST_WORDS, CAPTION_WORDS + 1, (DAMSM_BATCH,), generator=random)
    mask = padding_mask(lengths, CAPTION_WORDS).to(place)
    species = torch.arange(DAMSM_BATCH, device=place)

    def vectorised() -> None:
        words_loss, sentence_loss = damsm_loss(words, sentence, mask, regions, whole, species)
        (words_loss + sentence_loss).backward()

    def plain() -> None:
        plain_damsm_loss(words, sentence, lengths.tolist(), regions, whole).backward()

    return _compared(vectorised, plain, place) | {"batch": DAMSM_BATCH}


class _SyntheticBatches(Batches):
    """Noise for photos, so that no data set is needed."""

    def __init__(self, sizes: tuple[int, ...], batch_size: int, words: int) -> None:
        self.sizes, self.batch_size, self.words = sizes, batch_size, words
        self.pictures = [torch.rand(batch_size, 3, size, size) * 2 - 1 for size in sizes]

    def __getitem__(self, step: int) -> Batch:
        random, count = torch.Generator().manual_seed(step), self.batch_size
        spoken = self._captions(count, random)
        return Batch(spoken.tokens, spoken.lengths, torch.randperm(SPECIES, generator=random)[:count], self.pictures)

    def captions(self, step: int, count: int) -> Captions:
        return self._captions(count, torch.Generator().manual_seed(-1 - step))

    def _captions(self, count: int, random: torch.Generator) -> Captions:
        tokens = torch.randint(1, self.words, (count, CAPTION_WORDS), generator=random)
        others = torch.randint(SPECIES, 2**40, (count,), generator=random)  # so that all are of different species
        return Captions(tokens, torch.full((count,), CAPTION_WORDS), others)


def training_figures(place: torch.device) -> dict[str, Figures]:
    """One GAN training step at each stage, full-size networks, by the stage's last phase of the shipped preset.

    Beside the same step, plain; both without what attention and heads lose, for which data have to mark parts.
    """
    try_convolutions()
    vocabulary = Vocabulary((PADDING, *(f"word{i}" for i in range(100))))
    config = ModelConfig(vocabulary_size=len(vocabulary))
    options = replace(read_preset(PRESET), batch_size=GAN_BATCH)
    image_encoder = make_image_encoder(read_damsm_preset(PRESET).image_encoder, config.text_size)
    figures = {}
    with TemporaryDirectory() as folder:
        encoders = Path(folder)
        save_encoders(encoders, config, vocabulary, TextEncoder(config), image_encoder)
        run = GanRun(encoders / "run", encoders, options, place)
        run.species = SPECIES
        for index in {phase.last: number for number, phase in enumerate(options.phases)}.values():
            run.begin_phase(index)
            sizes = run.current.sizes
            batches = _SyntheticBatches(sizes, GAN_BATCH, len(vocabulary))
            plain = PlainPhase(run.current)
            step = partial(run.current.step, batches, 0)
            for _ in range(WARM_UPS if place.type == "cuda" else 0):
                step()  # the next one is recorded
            figures[f"{sizes[-1]}"] = {
                **_compared(step, partial(plain.step, batches, 0), place),
                "batch": GAN_BATCH,
                "waits": waits(step, place),
            }
    return figures


def _compared(quick: Callable[[], object], plain: Callable[[], object], place: torch.device) -> Figures:
    """Both, by turns, so that whatever else the computer does slows both; the quick one with a run's products."""
    seconds: list[tuple[float, float]] = []
    for _ in range(REPEATS + 1):
        with quick_products(place):
            quickly = _seconds(quick, place)
        seconds.append((quickly, _seconds(plain, place)))
    quick_seconds, plain_seconds = (median(values) for values in zip(*seconds[1:], strict=True))
    return {"seconds": quick_seconds, "plain_seconds": plain_seconds, "ratio": plain_seconds / quick_seconds}


def waits(work: Callable[[], object], place: torch.device) -> int | None:
    """How often some work waits for the GPU before it gives it more to do; None where there is none to wait for."""
    if place.type != "cuda":
        return None
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        torch.cuda.set_sync_debug_mode("warn")
        try:
            work()
        finally:
            torch.cuda.set_sync_debug_mode("default")
    return sum("called a synchronizing" in str(warning.message) for warning in told)


def _median_seconds(work: Callable[[], object], place: torch.device) -> float:
    """Median time of some work, after one run that is not counted."""
    return median([_seconds(work, place) for _ in range(REPEATS + 1)][1:])


def _seconds(work: Callable[[], object], place: torch.device) -> float:
    started = time.perf_counter()
    work()
    if place.type == "cuda":
        torch.cuda.synchronize(place)
    elif place.type == "mps":
        torch.mps.synchronize()
    return time.perf_counter() - started
