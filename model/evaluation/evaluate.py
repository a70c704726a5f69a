"""Measure a weight set on captions and photos of species it has never seen.

    python main.py evaluate --weights NAME_OR_DIR --data DIR --output FILE.json [--captions 300]

Most of the time goes into painting: a 512 px picture takes a second or two on two CPU cores.
"""

import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from model.data.cub import Photo, read_split
from model.errors import DataError, PlainError
from model.evaluation import colours
from model.evaluation.judge import Judge
from model.evaluation.photos import middle_squares
from model.evaluation.report import Findings, table, written_at_the_end
from model.evaluation.retrieval import hits, mean_and_deviation, rank, wrong_partners
from model.evaluation.sharpness import enlarged, sharpness
from model.image_encoder import IMAGE_SIZE
from model.pipeline import TextToImagePipeline
from model.weights import find_weights

AMONG = 100  # one right partner and 99 wrong ones
SHARP_PHOTOS = 100  # photos whose sharpness is measured
JUDGE = (
    "The judge is the image encoder that also taught this generator: its figures are optimistic, and not comparable "
    "with published ones, which another encoder measured."
)


def evaluate(weights: str, data: Path, output: Path, captions: int = 300, device: str = "auto") -> None:
    """Write OUTPUT and print a table; raises PlainError or OSError for what is missing or damaged."""
    if captions < 1:
        raise PlainError(f"At least one caption has to be painted, not {captions}.")
    directory = find_weights(weights)
    pipeline = TextToImagePipeline.from_pretrained(directory, device)
    judge = Judge(pipeline, directory)
    photos = _usable(read_split(data, "test"), pipeline)
    with written_at_the_end(output) as findings:
        findings |= {"weights": pipeline.name, "device": pipeline.device_name, "captions": captions, "judge": JUDGE}
        started = time.monotonic()
        _measure(findings, pipeline, judge, photos, captions)
        findings["minutes"] = round((time.monotonic() - started) / 60, 2)
    print(table(findings))
    print(f"Wrote {output}.")


def _usable(photos: list[Photo], pipeline: TextToImagePipeline) -> list[Photo]:
    """Photos with their captions that have a known word."""
    known = [
        Photo(photo.name, photo.path, photo.box, photo.species, captions)
        for photo in photos
        if (captions := tuple(caption for caption in photo.captions if pipeline.vocabulary.encode(caption)[0]))
    ]
    if len({photo.species for photo in known}) < 2:
        raise DataError("Fewer than two species have photos and captions that the weight set can read.")
    return known


def _measure(
    findings: Findings, pipeline: TextToImagePipeline, judge: Judge, photos: list[Photo], captions: int
) -> None:
    grid_size = len(colours.known_colours(pipeline)) * len(colours.SENTENCES) * len(colours.SEEDS)
    random = np.random.default_rng(0)
    with tqdm(total=captions + grid_size, unit="picture") as bar:
        findings["photo_retrieval"] = _photo_retrieval(judge, photos, random)
        findings["r_precision"], findings["sharpness"] = _caption_measures(
            pipeline, judge, photos, captions, random, bar
        )
        findings |= _colour_measures(pipeline, judge, bar)
    for size, values in findings["sharpness"].items():
        values["photos"] = sharpness(middle_squares(photos[:: max(1, len(photos) // SHARP_PHOTOS)], int(size))[0])


def _photo_retrieval(judge: Judge, photos: list[Photo], random: np.random.Generator) -> Findings:
    """The right photo among others for one caption of each."""
    squares, whole = middle_squares(photos, IMAGE_SIZE)
    seen = judge.see(squares)
    said = judge.read([str(random.choice(photo.captions)) for photo in whole])
    wrong = wrong_partners(~np.eye(len(whole), dtype=bool), AMONG - 1, random)
    places = rank(said, seen, seen[wrong])
    return {
        "first": float((places == 0).float().mean()),
        "first_ten": float((places < 10).float().mean()),
        "among": wrong.shape[1] + 1,
        "photos": len(whole),
    }


def _caption_measures(
    pipeline: TextToImagePipeline,
    judge: Judge,
    photos: list[Photo],
    captions: int,
    random: np.random.Generator,
    bar: "tqdm[None]",
) -> tuple[Findings, Findings]:
    """R-precision and sharpness of pictures painted from test captions, each with a noise of its own."""
    texts = [caption for photo in photos for caption in photo.captions]
    species = np.array([photo.species for photo in photos for _ in photo.captions])
    read = judge.read(texts)
    chosen = np.resize(random.permutation(len(texts)), captions)
    seen: list[Tensor] = []
    sharp: dict[int, list[tuple[float, float]]] = {size: [] for size in pipeline.config.image_sizes}
    for number, index in enumerate(chosen):
        stages = pipeline(texts[index], seed=number).stages
        seen.append(judge.see(stages[-1].images))
        first = stages[0].images[0]
        for stage in stages:
            same_size = enlarged(first, stage.size)[None]
            sharp[stage.size].append((sharpness(stage.images), sharpness(same_size)))
        bar.update()
    same_text = np.array(texts)[chosen][:, None] == np.array(texts)[None]
    allowed = (species[chosen][:, None] != species[None]) & ~same_text
    wrong = wrong_partners(allowed, AMONG - 1, random)
    mean, deviation = mean_and_deviation(hits(torch.cat(seen), read[chosen], read[wrong]))
    precision = {"mean": mean, "deviation": deviation, "among": wrong.shape[1] + 1, "pictures": captions}
    means = {size: np.mean(values, axis=0) for size, values in sharp.items()}
    by_size = {
        str(size): {"painted": float(painted), "first_stage_enlarged": float(smooth)}
        for size, (painted, smooth) in means.items()
    }
    return precision, by_size


def _colour_measures(pipeline: TextToImagePipeline, judge: Judge, bar: "tqdm[None]") -> Findings:
    """Colour faithfulness, word swap and diversity; None where the weight set knows fewer than two colours."""
    if len(colours.known_colours(pipeline)) < 2:
        return {"colour_faithfulness": None, "word_swap": None, "diversity": None}
    grid = colours.paint_colours(pipeline, judge, bar.update)
    by_colour = colours.faithfulness(grid, judge)
    return {
        "colour_faithfulness": {
            "mean": float(np.mean(list(by_colour.values()))),
            "chance": 1 / len(grid.colours),
            "by_colour": by_colour,
            "sentences": list(colours.SENTENCES),
            "seeds": list(colours.SEEDS),
        },
        "word_swap": {"by_word": colours.change_by_word(grid), "by_noise": colours.change_by_noise(grid)},
        "diversity": colours.diversity(grid),
    }
