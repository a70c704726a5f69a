"""Measure a weight set on captions and photos of species it has never seen.

    python main.py evaluate --weights NAME_OR_DIR --data DIR --output FILE.json [--captions 3000] [--judge NAME_OR_DIR]

FILE.json holds the figures, FILE.html shows them with pictures and says what they mean, and FILE.parts.safetensors
keeps the part detector for the next evaluation by the same judge. --judge names a DAMSM run other than the one that
taught the generator; without it, the one in weights/judge is asked. Most of the time goes into painting: a 512 px
picture takes a second or two on two CPU cores.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from model.data.cub import read_split
from model.data.photo import Photo
from model.encoders import read_story
from model.errors import DataError, PlainError
from model.evaluation import colours, word_swap
from model.evaluation.bird_parts import accuracy, fitting_units, look_at_photos, marked, part_detector
from model.evaluation.detail import measure_detail
from model.evaluation.feature_network import feature_network, realism
from model.evaluation.heads import fid_of_heads
from model.evaluation.judge import Judge
from model.evaluation.localisation import RADIUS
from model.evaluation.page import Shown, page
from model.evaluation.painted import AMONG, Captions, Painted, paint_captions, r_precision
from model.evaluation.part_detector import NEAR, PartDetector
from model.evaluation.photos import demand_two_species, readable
from model.evaluation.poses import poses
from model.evaluation.report import Findings, page_beside, table, whole_files
from model.evaluation.retrieval import rank, wrong_partners
from model.memory import keep_freed_memory
from model.pipeline import TextToImagePipeline
from model.places import SHIPPED_JUDGE
from model.weights import find_weights

CAPTIONS = 3000  # pictures painted from test captions
ROUGH = 1000  # below so many pictures the report calls its figures rough
CAPTIONS_PER_SEED = 20  # a small run paints its colour sentences with fewer seeds


@dataclass(frozen=True)
class Asked:
    """What is measured, by whom, on which photos: the test photos, and training photos with marked parts."""

    pipeline: TextToImagePipeline
    judge: Judge
    photos: list[Photo]
    training: list[Photo]
    captions: int
    taught_to_look: bool
    """Whether words for parts were taught to look at the parts."""

    @property
    def finds_parts(self) -> bool:
        """Whether a part detector tells where attention should be."""
        return bool(self.training) and self.pipeline.config.stages > 1

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of every colour sentence and word swap: all, or two and more in a small run."""
        return colours.SEEDS[: max(2, self.captions // CAPTIONS_PER_SEED)]


def evaluate(
    weights: str,
    data: Path,
    output: Path,
    captions: int = CAPTIONS,
    device: str = "auto",
    judge: Path | None = None,
) -> None:
    """Write OUTPUT and the page beside it, and print a table.

    judge: a DAMSM run or encoders folder; without it the weight set's own image encoder judges. Raises PlainError or
    OSError for what is missing or damaged.
    """
    if captions < 1:
        raise PlainError(f"At least one caption has to be painted, not {captions}.")
    keep_freed_memory()
    directory, beside = find_weights(weights), page_beside(output)
    pipeline = TextToImagePipeline.from_pretrained(directory, device)
    jury = Judge.from_folder(judge or directory, pipeline.device)
    photos = readable(read_split(data, "test"), pipeline.vocabulary, jury.vocabulary)
    taught = bool(read_story(directory).get("options", {}).get("attention_weight"))
    asked = Asked(pipeline, jury, photos, _training(data), captions, taught)
    with whole_files(output, beside) as (json_file, page_file):
        started = time.monotonic()
        findings: Findings = {
            "weights": pipeline.name,
            "device": pipeline.device_name,
            "captions": captions,
            "judge": _about(jury, directory, judge),
            "judged_by": judge and _name(judge),
        }
        shown = _measure(findings, asked, output.with_suffix(".parts.safetensors"))
        findings["minutes"] = round((time.monotonic() - started) / 60, 2)
        json_file.write_text(json.dumps(findings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        page_file.write_text(page(findings, shown), encoding="utf-8")
    print(table(findings))
    print(f"Wrote {output} and {beside}.")


def _training(data: Path) -> list[Photo]:
    """Training photos with marked parts; none where the data is for testing only."""
    try:
        return marked(read_split(data, "train"))
    except DataError:
        return []


def _about(judge: Judge, weights: Path, named: Path | None) -> str:
    """Who judges, and whether it can be believed."""
    other = "published figures were measured by another encoder and are no match."
    if judge.taught(weights):
        return (
            "The judge is the image encoder that also taught this generator: its figures are optimistic; without "
            f"--judge, one judges that did not. They are not comparable with published ones either: {other}"
        )
    name = "the one that comes with the program" if named == SHIPPED_JUDGE else f'"{named}"'
    if judge.taught(weights) is None:
        return f"The judge is {name}; the weight set does not tell which encoder taught its generator. Besides, {other}"
    if judge.shares_eyes(weights):
        return (
            f"The judge is {name}, which read other captions but looks with the eyes that taught this generator too, "
            f"so its figures are optimistic. Besides, {other}"
        )
    return f"The judge is {name}, another encoder than the one that taught this generator. Still, {other}"


def _name(judge: Path) -> str:
    """What --judge finds it by."""
    return judge.name if judge == SHIPPED_JUDGE else str(judge)


def _measure(findings: Findings, asked: Asked, kept: Path) -> Shown:
    """Fill the findings; kept: the part detector's file."""
    judge, random = asked.judge, np.random.default_rng(0)
    with tqdm(total=len(asked.photos), unit="photo", desc="photos") as bar:
        seen, regions, photos = look_at_photos(judge, asked.photos, bar.update)
    demand_two_species(photos)
    detector = None
    if asked.finds_parts:
        with tqdm(total=fitting_units(asked.training), desc="parts of the birds") as bar:
            detector = part_detector(judge, asked.training, kept, bar.update)
    network = feature_network(judge, photos, seen)
    findings |= {"features": network.name, "photo_retrieval": _photo_retrieval(judge, photos, seen, random)}
    captions = Captions.draw(photos, asked.captions, random)
    with tqdm(total=asked.captions + _colour_pictures(asked), unit="picture", desc="painting") as bar:
        painted = paint_captions(asked.pipeline, judge, network, detector, captions, bar.update)
        findings["r_precision"] = r_precision(judge, captions, torch.cat(painted.seen), random)
        findings |= realism(network, torch.cat(painted.features), torch.cat(painted.scores))
        findings["fid_of_heads"] = None
        if detector:
            size, of_heads = asked.pipeline.config.image_sizes[-1], torch.cat(painted.heads)
            findings["fid_of_heads"] = fid_of_heads(network, of_heads, photos, regions, detector, size)
        grid = _colour_measures(findings, asked, bar)
        swapped = _word_swaps(findings, asked, detector, bar)
    of_photos = torch.tensor([photo.species for photo in photos])
    findings["diversity_of_photos"] = colours.within_species(colours.diversity, seen, of_photos)
    findings["poses"] = None
    if detector and grid:
        sitting = detector.find(grid.regions.flatten(0, 2)).unflatten(0, grid.features.shape[:3])
        findings["poses"] = poses(sitting, detector.find(regions), of_photos)
    findings["attention_localisation"] = _localisation(detector, painted, photos, regions)
    findings |= measure_detail(painted, photos)
    findings["comparable"] = {"inception_score": network.score_comparable, "fid": network.distance_comparable}
    findings["notes"] = [*blind(findings["photo_retrieval"]), *_notes(asked, detector)]
    return Shown(painted.shown, painted.shown_heads, painted.whole, grid, swapped)


def _colour_pictures(asked: Asked) -> int:
    known = len(colours.known_colours(asked.pipeline, asked.judge))
    swaps = len(word_swap.known_swaps(asked.pipeline, word_swap.SWAPS))
    return (known * len(colours.SENTENCES) + 2 * swaps) * len(asked.seeds) if known > 1 else 0


def _photo_retrieval(judge: Judge, photos: list[Photo], seen: Tensor, random: np.random.Generator) -> Findings:
    """The right photo among others for one caption of each. seen: the judge's features of the photos."""
    said = judge.read([str(random.choice(photo.captions)) for photo in photos])
    wrong = wrong_partners(~np.eye(len(photos), dtype=bool), AMONG - 1, random)
    places = rank(said, seen, seen[wrong])
    return {
        "first": float((places == 0).float().mean()),
        "first_ten": float((places < 10).float().mean()),
        "among": wrong.shape[1] + 1,
        "photos": len(photos),
    }


def blind(retrieval: Findings) -> list[str]:
    """A warning where the judge cannot judge: less than twice chance at finding photos. retrieval: as in the findings.

    None among 20 photos or fewer, where ten are most of them.
    """
    chance = 10 / retrieval["among"]
    if chance >= 0.5 or retrieval["first_ten"] >= 2 * chance:
        return []
    return [
        f"Believe none of the judge's figures: it has a photo's caption find that photo among the first ten in "
        f"{retrieval['first_ten']:.1%} of cases, and chance would in {chance:.1%}."
    ]


def _colour_measures(findings: Findings, asked: Asked, bar: "tqdm[None]") -> colours.ColourGrid | None:
    """Colour faithfulness, word swap and diversity; None where fewer than two colours are known."""
    findings |= {"colour_faithfulness": None, "word_swap": None, "diversity": None}
    if len(colours.known_colours(asked.pipeline, asked.judge)) < 2:
        return None
    grid = colours.paint_colours(asked.pipeline, asked.judge, asked.seeds, bar.update)
    by_colour, deviation = colours.faithfulness(grid, asked.judge)
    findings |= {
        "colour_faithfulness": {
            "mean": float(np.mean(list(by_colour.values()))),
            "deviation": deviation,
            "chance": 1 / len(grid.colours),
            "by_colour": by_colour,
            "sentences": list(colours.SENTENCES),
            "seeds": list(asked.seeds),
        },
        "word_swap": {"by_word": colours.change_by_word(grid), "by_noise": colours.change_by_noise(grid)},
        "diversity": colours.diversity(grid.features),
    }
    return grid


def _word_swaps(
    findings: Findings, asked: Asked, detector: PartDetector | None, bar: "tqdm[None]"
) -> list[word_swap.SwapPictures]:
    """Adds where the picture changes to the finding "word_swap", when that is there and the weight set attends."""
    swaps = word_swap.known_swaps(asked.pipeline, word_swap.SWAPS) if findings["word_swap"] else []
    find = _finder(asked.judge, detector)
    pictures = [word_swap.paint_swap(asked.pipeline, swap, asked.seeds, bar.update, find) for swap in swaps]
    if pictures:
        findings["word_swap"] |= word_swap.where_it_changes(pictures)
    return pictures


def _finder(judge: Judge, detector: PartDetector | None) -> word_swap.Finder | None:
    return None if detector is None else lambda picture: detector.find(judge.look(picture)[1])[0]


def _localisation(
    detector: PartDetector | None, painted: Painted, photos: list[Photo], regions: Tensor
) -> Findings | None:
    if detector is None:
        return None
    return {
        "parts": painted.localisation.findings(),
        "radius": RADIUS,
        "detector": {**accuracy(detector, photos, regions), "within": NEAR},
    }


def _notes(asked: Asked, detector: PartDetector | None) -> list[str]:
    """What a reader has to know, a sentence each."""
    notes = []
    if asked.captions < ROUGH:
        notes.append(
            f"The figures are rough: only {asked.captions} pictures were painted from captions where {CAPTIONS} are "
            f"usual, and {len(asked.seeds)} for each colour sentence; see the deviations."
        )
    if asked.pipeline.config.stages < 2:
        notes.append("Attention was not measured: a weight set of one stage does not attend to words.")
    elif detector is None:
        notes.append("Attention to parts was not measured: the data holds no training photos with part locations.")
    elif asked.taught_to_look:
        notes.append(
            "Words for parts were taught to look at the parts, as the teacher found them: the attention that is "
            "measured here was asked for."
        )
    return notes
