"""The report as one HTML page that needs nothing else: pictures inside, light or dark as the reader's system is."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw
from torch import Tensor

from model.evaluation.attention_maps import word_maps
from model.evaluation.colours import SENTENCES, ColourGrid
from model.evaluation.localisation import RADIUS, words_of
from model.evaluation.meanings import PUBLISHED, measures
from model.evaluation.parts import PARTS
from model.evaluation.report import Findings
from model.evaluation.word_swap import SwapPictures
from model.pipeline import Result, attention_overlay, attention_sheet

SMALL, LARGE = 128, 256  # pixels: sides of the pictures in rows and alone
MOST_SEEDS = 8  # pictures in a row

STYLE = """
:root { color-scheme: light dark; --ink: #1c2321; --paper: #fbfaf7; --line: #d8d5cc; --quiet: #5d6764; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6df; --paper: #171b1a; --line: #3a413f; --quiet: #a3aca8; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem; }
h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
p, figcaption, td.quiet { color: var(--quiet); } p { max-width: 48rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; } th, td { border-top: 1px solid var(--line); padding: .4rem .8rem .4rem 0;
  text-align: left; vertical-align: top; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .75rem; }
figure { margin: 0; } .row figure { flex: 0 0 auto; } figcaption { font-size: .85rem; max-width: 16rem; }
.small figcaption { max-width: 8rem; } img { display: block; max-width: 100%; height: auto; }
"""


@dataclass(frozen=True)
class Shown:
    """The pictures of a report.

    first: captions and their last stages, uint8, s x s x 3, unpicked; heads: close-ups of these; whole: results with
    the parts found in them, parts x (x, y), 0..1, or None.
    """

    first: list[tuple[str, np.ndarray]]
    heads: list[tuple[str, np.ndarray]]
    whole: list[tuple[Result, Tensor | None]]
    colours: ColourGrid | None
    swaps: list[SwapPictures]


def page(findings: Findings, shown: Shown) -> str:
    """The whole page as text."""
    name = escape(str(findings["weights"]))
    about = [
        f"{findings['captions']} pictures painted from captions of unseen species on {findings['device']}, "
        f"{findings['minutes']:g} minutes.",
        findings["judge"],
        f"Inception score and FID look with {findings['features']}.",
        *findings["notes"],
    ]
    parts = [
        f"<h1>What {name} paints</h1>",
        *(f"<p>{escape(sentence)}</p>" for sentence in about),
        "<h2>Measures</h2>",
        _measures(findings),
        "<h2>Published numbers</h2>",
        "<p>As their papers give them for CUB-200-2011: facts to know, no match for the figures above unless those say "
        "so.</p>",
        _table(("", "Inception score", "R-precision", "FID"), [(name, *row) for name, row in PUBLISHED.items()]),
        "<h2>The first pictures, unpicked</h2>",
        _row([(picture, caption) for caption, picture in shown.first], SMALL),
        *_head_rows(shown.heads),
        *_colour_rows(shown.colours),
        "<h2>Stage after stage</h2>",
        *(_row([(stage.images[0], f"{stage.size} px") for stage in result.stages], LARGE) for result, _ in shown.whole),
        *_swap_rows(shown.swaps),
        *_attention_rows(shown.whole),
    ]
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>What {name} paints</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _measures(findings: Findings) -> str:
    rows = [(row.name, row.value, row.meaning, row.comparable) for row in measures(findings)]
    return _table(("Measure", "Value", "What it means", "Comparable with published numbers?"), rows)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    titles = "".join(f"<th>{escape(title)}</th>" for title in head)
    lines = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table>\n<tr>{titles}</tr>\n{lines}\n</table></div>'


def _head_rows(heads: list[tuple[str, np.ndarray]]) -> list[str]:
    if not heads:
        return []
    return [
        "<h2>Their heads, where the detector finds them</h2>",
        _row([(head, words) for words, head in heads], SMALL),
    ]


def _colour_rows(grid: ColourGrid | None) -> list[str]:
    if grid is None:
        return []
    rows = [
        _row([(picture, colour) for picture in grid.images[c, 0, :MOST_SEEDS]], SMALL)
        for c, colour in enumerate(grid.colours)
    ]
    sentence = escape(SENTENCES[0].format("…"))
    return ["<h2>The same noise in every column, another colour in every row</h2>", f"<p>“{sentence}”</p>", *rows]


def _swap_rows(swaps: list[SwapPictures]) -> list[str]:
    if not swaps:
        return []
    rows = ["<h2>One word swapped</h2>"]
    rows.append(
        "<p>The sentence before and after with the same noise; bright is where the word is looked for, and what is "
        "near the part that it belongs to, where that is found in the first picture.</p>"
    )
    for these in swaps:
        before, after = (these.swap.sentence.format(word) for word in (these.swap.before, these.swap.after))
        pictures = [(these.before[0], before), (these.after[0], after)]
        for bright, name in ((these.region, "where the word attends"), (these.near, f"near its {these.swap.part}")):
            if bright is not None:
                overlay = attention_overlay(these.before[0], bright[0].astype(np.float32))
                pictures.append((np.asarray(overlay), name))
        rows.append(_row(pictures, LARGE))
    return rows


def _attention_rows(whole: list[tuple[Result, Tensor | None]]) -> list[str]:
    rows = []
    for result, places in whole:
        for stage in result.stages[1:3]:
            sheet = attention_sheet(stage, result.tokens, 0)
            rows.append(
                _figure(np.asarray(sheet), f"{result.caption}: the words the {stage.size} px stage looked at", None)
            )
        if places is not None:
            rows += _part_row(result, places)
    return ["<h2>Where words are looked for</h2>", *rows] if rows else []


def _part_row(result: Result, places: Tensor) -> list[str]:
    """The attention to every named part, a circle around where the detector finds it."""
    maps, pictures = word_maps(result), []
    for part, place in zip(PARTS, places.tolist(), strict=True):
        its_words = words_of(part, result.tokens)
        if maps is not None and its_words:
            picture = attention_overlay(result.stages[-1].images[0], maps[its_words].mean(0))
            side = picture.width
            (x, y), reach = (side * place[0], side * place[1]), side * RADIUS
            circle = (x - reach, y - reach, x + reach, y + reach)
            ImageDraw.Draw(picture).ellipse(circle, outline="white", width=max(1, side // 100))
            pictures.append((np.asarray(picture), f"“{part}”, and where the detector finds it"))
    return [_row(pictures, LARGE)] if pictures else []


def _row(pictures: list[tuple[np.ndarray, str]], side: int) -> str:
    figures = "".join(_figure(picture, caption, side) for picture, caption in pictures)
    return f'<div class="row{" small" if side == SMALL else ""}">{figures}</div>'


def _figure(picture: np.ndarray, caption: str, side: int | None) -> str:
    """side: the picture's in pixels, at most; None leaves it as it is. picture: uint8, h x w x 3."""
    image = Image.fromarray(picture)
    if side is not None and image.width > side:
        image = image.resize((side, side), Image.Resampling.LANCZOS)
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    data = b64encode(file.getvalue()).decode()
    size = f'width="{image.width}" height="{image.height}"'
    words = escape(caption)
    img = f'<img src="data:image/jpeg;base64,{data}" {size} alt="{words}">'
    return f"<figure>{img}<figcaption>{words}</figcaption></figure>"
