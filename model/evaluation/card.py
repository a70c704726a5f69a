"""A weight set's model card: unpicked paintings, how it was trained and what was measured, all from files.

    python main.py card --weights NAME_OR_DIR --report FILE.json [--remark "One sentence a stranger should know."]

FILE.json is what `evaluate` wrote; training.json in the weight set is what `train gan` wrote.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from model.data.telling import counted
from model.encoders import STORY
from model.errors import PlainError
from model.evaluation.report import sharp_beside
from model.pipeline import TextToImagePipeline
from model.training.sample_grid import SENTENCES
from model.weights import find_weights

SEEDS = range(8)
THUMBNAIL = 128  # pixels: the side of the example pictures
GAP = 4  # pixels between the stages

Facts = dict[str, Any]


def write_card(weights: str, report: Path, remark: str = "", device: str = "auto") -> None:
    """Write examples.jpg, stages.jpg and README.md into a weight set.

    Raises PlainError when the report is none or belongs to other weights, WeightsError for a damaged weight set.
    """
    directory = find_weights(weights)
    found, story = _facts(report), _facts(directory / STORY)
    pipeline = TextToImagePipeline.from_pretrained(directory, device)
    if found.get("weights") != pipeline.name:
        raise PlainError(f"{report} was measured on {found.get('weights')}, not on {pipeline.name}.")
    known = [sentence for sentence in SENTENCES if pipeline.vocabulary.encode(sentence)[0]]
    if not known:
        raise PlainError(f"{pipeline.name} knows no word of the sentences that a card shows.")
    try:
        text = _text(pipeline, known, story, found, remark)
    except (KeyError, TypeError) as error:
        raise PlainError(f"{report} or {directory / STORY} lacks what a card tells: {error}.") from None
    _examples(pipeline, known).save(directory / "examples.jpg", quality=88)
    _stages(pipeline, known[0]).save(directory / "stages.jpg", quality=90)
    (directory / "README.md").write_text(text, encoding="utf-8")
    print(f"Wrote {directory / 'README.md'}.")


def _facts(path: Path) -> Facts:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise PlainError(f"{path} cannot be read: {error}.") from None
    if not isinstance(facts, dict):
        raise PlainError(f"{path} holds no facts.")
    return facts


def _examples(pipeline: TextToImagePipeline, sentences: list[str]) -> Image.Image:
    """A row a sentence, a column a seed."""
    size = (THUMBNAIL, THUMBNAIL)
    rows = []
    for sentence in sentences:
        pictures = [Image.fromarray(pipeline(sentence, seed).stages[-1].images[0]) for seed in SEEDS]
        rows.append(np.concatenate([np.asarray(one.resize(size, Image.Resampling.LANCZOS)) for one in pictures], 1))
    return Image.fromarray(np.concatenate(rows))


def _stages(pipeline: TextToImagePipeline, sentence: str) -> Image.Image:
    """The stages of one painting beside each other, at their own size."""
    stages = pipeline(sentence, seed=0).stages
    strip = Image.new("RGB", (sum(stage.size + GAP for stage in stages) - GAP, stages[-1].size), "white")
    left = 0
    for stage in stages:
        strip.paste(Image.fromarray(stage.images[0]), (left, 0))
        left += stage.size + GAP
    return strip


def _text(pipeline: TextToImagePipeline, sentences: list[str], story: Facts, found: Facts, remark: str) -> str:
    numbered = "\n".join(f"{number}. {sentence}" for number, sentence in enumerate(sentences, start=1))
    judge = f" --judge {found['judged_by']}" if found.get("judged_by") else ""
    options = f" --captions {found['captions']}{judge}"
    return f"""# {pipeline.name}

AttnGAN with {pipeline.config.stages} stages, up to {pipeline.config.image_sizes[-1]} px, trained on CUB-200-2011.
{remark}

Unpicked: the largest stage for these sentences (rows) and seeds 0 to 7 (columns), reduced to {THUMBNAIL} px.

![Sentences by seeds](examples.jpg)

{numbered}

All stages of the first sentence with seed 0, at their own size:

![The stages of one painting](stages.jpg)

## How it was trained

{_table(_training(story))}

## What was measured

`python main.py evaluate --weights {pipeline.name} --data DIR --output report.json{options}`, on
the test photos, whose species the training never saw. {found["judge"]} {" ".join(found["notes"])}

{_table(_measures(found))}

## Licence

The weights are released under the project's MIT licence. The photographs belong to their photographers and were used
for research; none is part of this project. Do not use the paintings to identify birds.
{_eyes(story)}"""


def _eyes(story: Facts) -> str:
    if not str(story["teacher"].get("image_encoder", "")).startswith("lite"):
        return ""
    return """
`image_encoder.safetensors` holds EfficientNet-Lite with ImageNet's weights, by Google, under the Apache licence 2.0,
batch norm folded into its convolutions; the painter itself does not need it.
"""


def _table(rows: list[tuple[str, str]]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows)])


def _training(story: Facts) -> list[tuple[str, str]]:
    guides = story.get("guides", [])
    options = ", ".join(f"{name} {value}" for name, value in story["options"].items() if name != "phases")
    return [
        ("data", "the training photos of AttnGAN's split, ten captions each, cropped to 1.5 bounding boxes"),
        ("hardware of the last run", story["device"]),
        (
            "encoders",
            f"`train damsm`: {_encoders(story['teacher'])}",
        ),
        *([("guides", f"`train damsm`: {'; '.join(map(_encoders, guides))}")] if guides else []),
        *([("started from", _start(story))] if story.get("start") else []),
        ("generator", _course(story)),
        ("options", options),
        ("phases", "; ".join(_phase(phase) for phase in story["options"]["phases"])),
    ]


def _encoders(story: Facts) -> str:
    known: Facts = {"image_encoder": "unknown", "steps": 0, "minutes": 0.0, "seed": 0} | story
    trained = f"{counted(known['steps'], 'step')}, {counted(round(known['minutes']), 'minute')}"
    return f"{known['image_encoder']}, seed {known['seed']}, {trained}"


def _course(story: Facts) -> str:
    """How long each stage was trained."""
    phases = [
        f"{counted(phase['steps'], 'step')} at {phase['size']} px "
        f"({counted(phase['photos'], 'photo')}, {counted(round(phase['minutes']), 'minute')})"
        for phase in story["phases"]
    ]
    return f"`train gan`, {counted(round(story['minutes']), 'minute')}: {'; '.join(phases)}"


def _start(story: Facts) -> str:
    """The weights that a run went on from, and the options that were others there."""
    start, before = story["start"]["weights"], story["start"]["training"]
    if not before:
        return str(start)
    others = [f"{name} {value}" for name, value in before["options"].items() if value != story["options"].get(name)]
    different = ", ".join(name for name in others if not name.startswith("phases"))
    phases = [_phase(phase) for phase in before["options"]["phases"] if phase.get("changes")]
    earlier = f"before that {_start(before)}" if before.get("start") else ""
    return f"{start}: {'; '.join(part for part in (_course(before), different, *phases, earlier) if part)}"


def _phase(phase: Facts) -> str:
    own = {name: value for name, value in phase.items() if name != "changes" and (value or name in ("first", "last"))}
    told = {name: f"{value:.3g}" if isinstance(value, float) else value for name, value in own.items()}
    return ", ".join(f"{name} {value}" for name, value in (told | phase.get("changes", {})).items())


def _measures(found: Facts) -> list[tuple[str, str]]:
    score, right = found["inception_score"], found["r_precision"]
    photos, colour, swap = found["photo_retrieval"], found["colour_faithfulness"], found["word_swap"]
    rows = [
        (
            f"R-precision: one right caption among {right['among']}, {right['pictures']:,} pictures",
            f"{_share(right['mean'])} ± {_share(right['deviation'])}",
        ),
        (
            f"inception score, by {score['classes']} (photos: {score['photos']:.2f})",
            f"{score['mean']:.2f} ± {score['deviation']:.2f}",
        ),
    ]
    for name, distance in {"FID": found["fid"], "FID of close-ups of heads": found.get("fid_of_heads")}.items():
        if distance:
            floor = distance["photos"]
            halves = f" (one half of the photos against the other: {floor:.3g})" if floor else ""
            rows.append((f"{name}, by {found['features']}{halves}", f"{distance['value']:.4g}"))
    rows.append(
        (
            f"a caption finds its own photo among {photos['among']}",
            f"{_share(photos['first'])}, in the first ten {_share(photos['first_ten'])}",
        )
    )
    if colour:
        each = ", ".join(f"{name} {_share(value)}" for name, value in colour["by_colour"].items())
        rows += [
            (
                f"the asked colour is the one seen (chance {_share(colour['chance'])})",
                f"{_share(colour['mean'])}: {each}",
            ),
            ("changed by another colour word, of 255 levels", f"{swap['by_word']:.1f}"),
            ("changed by another noise, of 255 levels", f"{swap['by_noise']:.1f}"),
            ("diversity within a sentence, 1 - cosine", f"{found['diversity']:.3f}"),
        ]
        places = {"where that word looks": swap, "near the part that it names": swap.get("near_part") or {}}
        rows += [
            (
                f"changed by another colour word {place}, times as much as elsewhere (by another noise)",
                f"{change['ratio']:.2f} ({change['ratio_by_noise']:.2f})",
            )
            for place, change in places.items()
            if change.get("ratio") is not None and change["ratio_by_noise"] is not None
        ]
    if found["diversity_of_photos"] is not None:
        rows.append(("diversity of photos within a species, 1 - cosine", f"{found['diversity_of_photos']:.3f}"))
    if sitting := found.get("poses"):
        beside = "" if sitting["photos"] is None else f" (of photos within a species: {sitting['photos']:.3f})"
        rows.append((f"poses within a sentence, distance of parts in sides{beside}", f"{sitting['painted']:.3f}"))
    if found["attention_localisation"]:
        rows += [
            (f'attention of "{part}" near that part (by chance)', f"{_share(near['mass'])} ({_share(near['chance'])})")
            for part, near in found["attention_localisation"]["parts"].items()
            if near
        ]
    rows += [
        (
            f"sharpness at {size} px ({'; '.join(beside)}), mean absolute Laplacian",
            f"{sharp['painted']:.1f} ({'; '.join(f'{value:.1f}' for value in beside.values())})",
        )
        for size, sharp in found["sharpness"].items()
        for beside in [sharp_beside(size, sharp)]
    ]
    return rows + [
        (
            f"loudness of frequencies at {size} px, mean distance from photos in nats (of photos from others)",
            f"{heard['painted']:.2f} ({heard['photos']:.2f})",
        )
        for size, heard in found.get("spectrum", {}).items()
    ]


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
