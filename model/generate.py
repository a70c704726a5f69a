"""The `generate` command: a caption's stages and attention as files."""

import json
from pathlib import Path
from typing import Any

from PIL import Image

from model.pipeline import Result, Stage, TextToImagePipeline, attention_sheet, kept_meanwhile, top_words
from model.png import BY_RUNS


def generate(caption: str, output: Path, seed: int, samples: int, weights: str, device: str) -> None:
    """Paint a caption and write OUTPUT/ii/64.png ... and result.json; raises PlainError or OSError when it cannot."""
    caption = caption.encode(errors="replace").decode()  # bytes of the command line that are no text
    pipeline = TextToImagePipeline.from_pretrained(weights, device)
    pipeline.check(caption, seed, samples)  # what cannot be painted leaves no folder behind
    output.mkdir(parents=True, exist_ok=True)
    with kept_meanwhile():
        result = pipeline(caption, seed, samples)
    write_result(result, output)
    if result.unknown_words:
        print(f"Unknown to the painter and left out: {', '.join(result.unknown_words)}.")
    print(f"Painted {samples} x {len(result.stages)} pictures into {output}.")


def write_result(result: Result, output: Path) -> None:
    """Write every sample's pictures, its attention, and result.json beside them."""
    listed = []
    for sample in range(result.samples):
        folder = output / f"{sample:02}"
        folder.mkdir(parents=True, exist_ok=True)
        stages = [_write_stage(stage, result.tokens, sample, output, folder) for stage in result.stages]
        listed.append({"stages": stages})
    summary = {
        "caption": result.caption,
        "tokens": result.tokens,
        "unknown_words": result.unknown_words,
        "seed": result.seed,
        "samples": listed,
        "weights": result.weights,
        "device": result.device,
    }
    (output / "result.json").write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_stage(stage: Stage, tokens: list[str], sample: int, output: Path, folder: Path) -> dict[str, Any]:
    path = folder / f"{stage.size}.png"
    Image.fromarray(stage.images[sample]).save(path, compress_type=BY_RUNS)
    entry: dict[str, Any] = {
        "size": stage.size,
        "file": path.relative_to(output).as_posix(),
        "seconds": round(stage.seconds / len(stage.images), 4),
    }
    if stage.attention is not None:
        sheet = folder / f"attention_{stage.size}.png"
        attention_sheet(stage, tokens, sample).save(sheet, compress_type=BY_RUNS)
        entry["attention_file"] = sheet.relative_to(output).as_posix()
        entry["top_words"] = [
            {"word": best.word, "weight": round(best.weight, 6)} for best in top_words(stage, tokens, sample)
        ]
    return entry
