"""What evaluation found, as a JSON file that is whole or not there, and as a short table."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Findings = dict[str, Any]


@contextmanager
def written_at_the_end(output: Path) -> Iterator[Findings]:
    """Gives findings to fill; they are in `output` when the `with` ends well, and nothing is when it does not.

    Raises OSError at once, not after the work, where `output` cannot be written.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    if output.is_dir():
        raise IsADirectoryError(21, "Is a directory", str(output))
    part = output.with_name(output.name + ".part")
    part.touch()
    try:
        findings: Findings = {}
        yield findings
        part.write_text(json.dumps(findings, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def table(findings: Findings) -> str:
    """The findings a person wants first, a line each."""
    precision, retrieval, colour = (
        findings[name] for name in ("r_precision", "photo_retrieval", "colour_faithfulness")
    )
    swap, sharpness = findings["word_swap"], findings["sharpness"]
    lines = [
        f"R-precision, among {precision['among']} captions    {precision['mean']:.1%} ± {precision['deviation']:.1%}",
        f"photo found by caption, among {retrieval['among']}  {retrieval['first']:.1%}"
        f" (in the first ten {retrieval['first_ten']:.1%})",
    ]
    if colour is not None:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in colour["by_colour"].items())
        lines += [
            f"asked colour seen                   {colour['mean']:.1%} (chance {colour['chance']:.1%}): {shares}",
            f"changed by a colour word            {swap['by_word']:.1f} of 255; by other noise {swap['by_noise']:.1f}",
            f"diversity within a sentence         {findings['diversity']:.3f}",
        ]
    lines += [
        f"sharpness at {size + ' px':18}     {values['painted']:.1f}; photos {values['photos']:.1f}; "
        f"first stage enlarged {values['first_stage_enlarged']:.1f}"
        for size, values in sharpness.items()
    ]
    return "\n".join([*lines, findings["judge"]])
