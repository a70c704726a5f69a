"""What evaluation found, in files that are whole or not there, and as a short table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from model.errors import PlainError
from model.evaluation.sharpness import ENLARGED

Findings = dict[str, Any]


def page_beside(output: Path) -> Path:
    """The HTML report beside FILE.json; raises PlainError where it would be the same file."""
    page = output.with_suffix(".html")
    if page == output:
        raise PlainError(f"{output} is where the page beside the JSON report goes; please name a .json file.")
    return page


@contextmanager
def whole_files(*outputs: Path) -> Iterator[list[Path]]:
    """Gives files to write, which become `outputs` when the `with` ends well, and vanish when it does not.

    Raises OSError at once, not after the work, where an output cannot be written.
    """
    parts = []
    try:
        for output in outputs:
            output.parent.mkdir(parents=True, exist_ok=True)
            if output.is_dir():
                raise IsADirectoryError(21, "Is a directory", str(output))
            parts.append(output.with_name(output.name + ".part"))
            parts[-1].touch()
        yield parts
        for part, output in zip(parts, outputs, strict=True):
            part.replace(output)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)


def table(findings: Findings) -> str:
    """The findings a person wants first, a line each."""
    precision, retrieval, colour = (
        findings[name] for name in ("r_precision", "photo_retrieval", "colour_faithfulness")
    )
    score, distance, heads = findings["inception_score"], findings["fid"], findings["fid_of_heads"]
    lines = [
        f"inception score                     {score['mean']:.2f} ± {score['deviation']:.2f}, {findings['features']}",
        *([f"FID                                 {distance['value']:.4g}"] if distance else []),
        *([f"FID of heads                        {heads['value']:.4g}"] if heads else []),
        f"R-precision, among {precision['among']:<4}             {precision['mean']:.1%}"
        f" ± {precision['deviation']:.1%}",
        f"photo found by caption, among {retrieval['among']:<4}  {retrieval['first']:.1%}"
        f" (in the first ten {retrieval['first_ten']:.1%})",
    ]
    if colour is not None:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in colour["by_colour"].items())
        swap = findings["word_swap"]
        lines += [
            f"asked colour seen                   {colour['mean']:.1%} (chance {colour['chance']:.1%}): {shares}",
            f"changed by a colour word            {swap['by_word']:.1f} of 255; by other noise {swap['by_noise']:.1f}",
            f"diversity within a sentence         {findings['diversity']:.3f}",
        ]
        if sitting := findings["poses"]:
            beside = "" if sitting["photos"] is None else f"; photos of one species {sitting['photos']:.3f}"
            lines.append(f"poses within a sentence             {sitting['painted']:.3f} of the side{beside}")
        if "inside" in swap:
            lines.append(
                f"changed where the word attends      {swap['inside']:.1f} of 255; elsewhere {swap['elsewhere']:.1f}"
            )
        if near := swap.get("near_part"):
            lines.append(
                f"changed near the part it names      {near['inside']:.1f} of 255; elsewhere {near['elsewhere']:.1f}"
            )
    localisation = findings["attention_localisation"]
    if localisation is not None:
        lines += [
            f'"{part}"'.ljust(36) + f"{found['mass']:.1%} of its attention near the part (chance {found['chance']:.1%})"
            for part, found in localisation["parts"].items()
            if found
        ]
    lines += [
        f"sharpness at {size + ' px':18}     {values['painted']:.1f}; "
        + "; ".join(f"{what} {value:.1f}" for what, value in sharp_beside(size, values).items())
        for size, values in findings["sharpness"].items()
    ]
    lines += [
        f"frequencies at {size + ' px':16}     {values['painted']:.2f} from photos; photos {values['photos']:.2f}"
        for size, values in findings["spectrum"].items()
    ]
    return "\n".join([*lines, findings["judge"], *findings["notes"]])


def sharp_beside(size: str, values: Findings) -> dict[str, float]:
    """How sharp photos are, and earlier stages made as large. values: of that size, in findings; old ones lack some."""
    before = {name: side for name, side in ENLARGED.items() if name in values and side < int(size)}
    return {"photos": values["photos"]} | {
        f"the {side} px stage enlarged": values[name] for name, side in before.items()
    }
