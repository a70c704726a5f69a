"""What one weight set makes of the description: samples side by side, each a row of stages filling as painted."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from app.bird import Bird
from app.panel_heading import wrapped_label
from app.pictures import PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.stage_cell import StageCell
from app.theme import px
from app.unknown_words import painted_without

if TYPE_CHECKING:
    from model.pipeline import Result

SAMPLES_ACROSS = 2
SAMPLE_GAP = 16  # between two samples


class ModelTab(ttk.Frame):
    """An easel for the painter.

    Emits <<PaintingWanted>> when first looked at, <<Cancel>>, <<StagePainted>>, <<Painted>> at the end, and <<Explore>>
    when a picture is pressed: `pressed` tells which sample, size and word.
    """

    pressed: tuple[int, int, int | None] = 0, 64, None

    def __init__(self, parent: tk.Misc, weights: str, samples: int, side: int) -> None:
        super().__init__(parent, padding=px(parent, 8))
        self.weights = weights
        self.bird: Bird | None = None
        """Once the painter has begun."""
        self.painted: list[PaintedStage] = []
        self.result: Result | None = None
        self._samples, self._side = samples, side
        self._asked = False
        self.cells: dict[int, list[StageCell]] = {}
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self._add_progress().grid(sticky="ew", padx=px(self, 4), pady=(0, px(self, 6)))
        self._scrolled = ScrolledFrame(self)
        self._scrolled.grid(sticky="nsew")

    def ask_once(self) -> None:
        if not self._asked:
            self._asked = True
            self._say("Waiting for its turn …")
            self.event_generate("<<PaintingWanted>>")

    def show_loading(self, weights: str) -> None:
        self._say(f"Loading {weights} …")

    def show_painting(self, bird: Bird) -> None:
        self.bird = bird
        self.progress.configure(maximum=len(bird.sizes))
        frames = [self._add_sample(sample) for sample in range(self._samples)]
        for column, size in enumerate(bird.sizes):
            self.cells[size] = [self._add_stage(frame, column, size) for frame in frames]
        self._say_next()

    def show_stage(self, painted: PaintedStage) -> None:
        self.painted.append(painted)
        self.progress.configure(value=len(self.painted))
        for sample, cell in enumerate(self.cells[painted.size]):
            cell.show(painted, sample)
        self.event_generate("<<StagePainted>>")
        self._say_next()

    def show_finished(self, result: Result) -> None:
        self.result = result
        seconds = sum(stage.seconds for stage in result.stages)
        self._end(
            f"Painted by {self.weights} on {result.device} in {seconds:.1f} s. " + painted_without(result.unknown_words)
        )
        self.event_generate("<<Painted>>")

    def show_failure(self, sentence: str) -> None:
        self._end(sentence, "Error.TLabel")

    def show_cancelled(self) -> None:
        self._end(f"Cancelled after {len(self.painted)} of {len(self.cells) or '?'} stages.")

    def _explore(self, cell: StageCell, size: int) -> None:
        sample, token = cell.pressed
        self.pressed = sample, size, token
        self.event_generate("<<Explore>>")

    def _say_next(self) -> None:
        assert self.bird is not None
        left = self.bird.sizes[len(self.painted) :]
        if left:
            self._say(f"Painting {left[0]} × {left[0]} on {self.bird.device} …")

    def _say(self, sentence: str, style: str = "TLabel") -> None:
        self.status.configure(text=sentence, style=style)

    def _end(self, sentence: str, style: str = "TLabel") -> None:
        self._say(sentence, style)
        self.progress.grid_remove()
        self.cancel.grid_remove()

    def _add_progress(self) -> ttk.Frame:
        row = ttk.Frame(self)
        row.columnconfigure(0, weight=1)
        self.status = wrapped_label(row)
        self.status.grid(row=0, column=0, sticky="ew")
        self.progress = ttk.Progressbar(row, length=px(self, 160))
        self.progress.grid(row=0, column=1, padx=px(self, 12))
        self.cancel = ttk.Button(row, text="Cancel", command=lambda: self.event_generate("<<Cancel>>"))
        self.cancel.grid(row=0, column=2)
        row.rowconfigure(0, minsize=self.cancel.winfo_reqheight())  # nothing moves up when the button goes
        return row

    def _add_sample(self, sample: int) -> ttk.Frame:
        """A frame for the stages of one sample: two samples beside each other, the next two below."""
        row, column = divmod(sample, SAMPLES_ACROSS)
        if column > 0:
            line = ttk.Separator(self._scrolled.inside, orient="vertical")
            line.grid(row=row, column=2 * column - 1, sticky="ns", padx=px(self, SAMPLE_GAP // 2))
        frame = ttk.Frame(self._scrolled.inside)
        frame.grid(row=row, column=2 * column, sticky="nw", pady=(0, px(self, SAMPLE_GAP // 2)))
        return frame

    def _add_stage(self, frame: ttk.Frame, column: int, size: int) -> StageCell:
        cell = StageCell(frame, self._scrolled, size, self._side)
        if column > 0:
            cell.keep_room_for_maps()
        cell.grid(row=0, column=column, sticky="nw", padx=px(self, 1))
        cell.bind("<<Explore>>", lambda _: self._explore(cell, size))
        return cell
