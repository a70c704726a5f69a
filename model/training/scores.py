"""Scores on the way of a GAN run, drawn as the paper's Figure 3: inception score against epochs, one line a preset."""

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from model.data.cub import read_split
from model.evaluation.feature_network import feature_network, realism
from model.evaluation.judge import Judge
from model.evaluation.painted import Captions, paint_captions, r_precision
from model.evaluation.photos import demand_two_species, middle_squares, readable
from model.evaluation.report import whole_files
from model.pipeline import TextToImagePipeline
from model.vocabulary import Vocabulary

SCORES = "scores.json"
CHART = "scores.png"
AGAINST = 300  # photos that paintings are held against
SHOWN = {"inception_score": "inception score", "r_precision": "R-precision", "fid": "FID"}

Point = dict[str, Any]
Line = list[tuple[float, float]]  # epoch, score


class Scores:
    """Measures a generator from time to time on captions of unseen species and keeps what it finds in RUN/scores.json.

    The same captions and noises every time, so that a line moves only because the generator does.
    """

    def __init__(
        self,
        output: Path,
        preset: str,
        data: Path,
        judge: Path,
        vocabulary: Vocabulary,
        captions: int,
        place: torch.device,
    ) -> None:
        """preset: its name and what was changed of it; judge: a DAMSM run; vocabulary: the generator's; captions: how
        many are painted each time.

        Raises PlainError for bad data or a missing judge.
        """
        self.path, self.captions, self.place = output / SCORES, captions, place
        self.judge = Judge.from_folder(judge, place)
        unseen = readable(read_split(data, "test"), self.judge.vocabulary, vocabulary)
        squares, self.photos = middle_squares(unseen[:: max(1, -(-len(unseen) // AGAINST))], self.judge.side)
        demand_two_species(self.photos)
        self.network = feature_network(self.judge, self.photos, self.judge.see(squares))
        self.kept: dict[str, Any] = {"preset": preset, "points": [], **_read(self.path)}

    def forget_after(self, minutes: float) -> None:
        """Drop the points of steps that were lost with a run that was killed."""
        self.kept["points"] = [point for point in self.kept["points"] if point["minutes"] <= minutes]

    def add(self, pipeline: TextToImagePipeline, epoch: float, minutes: float) -> Point:
        """Measure, write RUN/scores.json and draw RUN/scores.png with the runs beside this one; returns the point."""
        random = np.random.default_rng(0)
        captions = Captions.draw(self.photos, self.captions, random)
        painted = paint_captions(pipeline, self.judge, self.network, None, captions, lambda: None)
        real = realism(self.network, torch.cat(painted.features), torch.cat(painted.scores))
        score, distance = real["inception_score"], real["fid"]
        point = {
            "epoch": epoch,
            "minutes": minutes,
            "size": pipeline.config.image_sizes[-1],
            "inception_score": score and score["mean"],
            "fid": distance and distance["value"],
            "r_precision": r_precision(self.judge, captions, torch.cat(painted.seen), random)["mean"],
        }
        self.kept["points"].append(point)
        with whole_files(self.path) as (part,):
            part.write_text(json.dumps(self.kept, indent=2) + "\n", encoding="utf-8")
        draw_scores(self.path.with_name(CHART), self.path.parent.parent)
        return point


def recipe_name(preset: str, changes: tuple[str, ...], start: Path | None = None) -> str:
    """What a run's line is called: its preset, what it went on from, and what was changed, but for the seed."""
    path = Path(preset)
    name = path.parent.name if path.name == "options.json" else path.stem
    if start:
        name = f"{name} from {start.name}"
    return ", ".join((name, *sorted(change for change in changes if not change.startswith("seed"))))


def draw_scores(chart: Path, runs: Path) -> None:
    """Draw a chart of all runs in a folder that have scores, which are dots: a line a preset, the mean of its runs."""
    presets: dict[str, list[list[Point]]] = {}
    for path in sorted(runs.glob(f"*/{SCORES}")):
        kept = _read(path)
        if kept.get("points"):
            presets.setdefault(kept["preset"], []).append(kept["points"])
    figure = Figure(figsize=(5 * len(SHOWN), 4), layout="constrained")
    FigureCanvasAgg(figure)
    every = figure.subplots(1, len(SHOWN))
    for axes, (name, title) in zip(every, SHOWN.items(), strict=True):
        for number, (preset, of_runs) in enumerate(presets.items()):
            lines = [line for points in of_runs if (line := _measured(points, name))]
            if lines:
                label = f"{preset}, mean of {len(lines)} runs" if len(lines) > 1 else preset
                axes.plot(*mean_line(lines), color=f"C{number}", label=label)
                axes.scatter(*zip(*itertools.chain(*lines), strict=True), color=f"C{number}", s=12)
        axes.set(xlabel="epoch", ylabel=title)
    every[0].legend()
    with whole_files(chart) as (part,):
        figure.savefig(part, format="png", dpi=120)


def mean_line(lines: list[Line]) -> tuple[list[float], list[float]]:
    """Epochs at which any run was measured while all of them ran, and the runs' mean there, drawn straight between."""
    first, last = max(line[0][0] for line in lines), min(line[-1][0] for line in lines)
    epochs = sorted({epoch for line in lines for epoch, _ in line if first <= epoch <= last})
    return epochs, [float(np.mean([np.interp(epoch, *np.transpose(line)) for line in lines])) for epoch in epochs]


def _measured(points: list[Point], name: str) -> Line:
    return [(point["epoch"], point[name]) for point in points if point[name] is not None]


def _read(path: Path) -> dict[str, Any]:
    """What a run has kept; nothing where there is no such file or it is damaged."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
