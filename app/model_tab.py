"""What one weight set makes of the description: a row of stages filling as painted, of one of the samples."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from app.bird import Bird
from app.panel_heading import wrapped_label
from app.pictures import PaintedStage
from app.sample_grid import GridShape, SampleGrid
from app.scrolled_frame import ScrolledFrame
from app.stage_cell import StageCell
from app.theme import px
from app.unknown_words import painted_without

if TYPE_CHECKING:
    from model.pipeline import Result


class ModelTab(ttk.Frame):
    """An easel for the samples, one after the other.

    Emits <<PaintingWanted>> when first looked at, <<Cancel>>, <<StagePainted>>, <<SampleChosen>>, <<Painted>> at the
    end, and <<Explore>> when a picture is pressed: `pressed` tells which size and word.
    """

    pressed: tuple[int, int | None] = 64, None

    def __init__(self, parent: tk.Misc, weights: str, samples: int, side: int, grid: GridShape) -> None:
        super().__init__(parent, padding=px(parent, 8))
        self.weights = weights
        self.bird: Bird | None = None
        """Once the painter has begun."""
        self.birds: list[list[PaintedStage]] = [[] for _ in range(samples)]
        """Of each sample the stages there are."""
        self.result: Result | None = None
        """Of the last sample, once all are painted."""
        self._side = side
        self._asked = False
        self.drawing = ""
        self.cells: dict[int, StageCell] = {}
        self.columnconfigure(1, weight=1)
        self.rowconfigure(1, weight=1)
        self._add_progress().grid(columnspan=2, sticky="ew", padx=px(self, 4), pady=(0, px(self, 6)))
        self._choices = ScrolledFrame(self)
        self._choices.show_whole_width()
        self.choice = SampleGrid(self._choices.inside, samples, grid)
        self.choice.pack()
        if samples > 1:
            self._choices.grid(row=1, column=0, sticky="ns", padx=(0, px(self, 12)))
        self.choice.bind("<<SampleChosen>>", lambda _: self._show_chosen())
        self._scrolled = ScrolledFrame(self)
        self._scrolled.grid(row=1, column=1, sticky="nsew")

    @property
    def sample(self) -> int:
        """Whose stages are shown."""
        return self.choice.chosen

    @property
    def painted(self) -> list[PaintedStage]:
        """The stages of that sample."""
        return self.birds[self.sample]

    def ask_once(self) -> None:
        if not self._asked:
            self._asked = True
            self._say("Waiting for its turn …")
            self.event_generate("<<PaintingWanted>>")

    def show_loading(self, weights: str) -> None:
        self._say(f"Loading {weights} …")

    def show_painting(self, bird: Bird) -> None:
        self.bird = bird
        self.progress.configure(maximum=len(bird.sizes) * len(self.birds))
        for column, size in enumerate(bird.sizes):
            self.cells[size] = self._add_stage(column, size)
        self._say_next()

    def show_stage(self, painted: PaintedStage, sample: int) -> None:
        self.birds[sample].append(painted)
        self.progress.configure(value=sum(map(len, self.birds)))
        self.choice.show(sample, painted.pictures[0])
        if sample == self.sample:
            self.cells[painted.size].show(painted)
        self.event_generate("<<StagePainted>>")
        self._say_next()

    def show_finished(self, result: Result) -> None:
        self.result = result
        seconds = sum(painted.stage.seconds for stages in self.birds for painted in stages)
        self._end(
            f"Painted by {self.weights} on {result.device} in {seconds:.1f} s. " + painted_without(result.unknown_words)
        )
        self.event_generate("<<Painted>>")

    def show_failure(self, sentence: str) -> None:
        self._end(sentence, "Error.TLabel")

    def show_cancelled(self) -> None:
        whole = self._count_whole()
        if whole:
            self._end(f"Cancelled after {whole} of {len(self.birds)} birds.")
        else:
            self._end(f"Cancelled after {len(self.birds[0])} of {len(self.cells) or '?'} stages.")

    def _show_chosen(self) -> None:
        """Stage by stage, so that the keys that go through the samples are never held up."""
        self._choices.see(self.choice.buttons[self.sample])
        if self.drawing:
            self.after_cancel(self.drawing)
        self._draw(list(self.cells))
        self.event_generate("<<SampleChosen>>")

    def _draw(self, sizes: list[int]) -> None:
        self.drawing = ""
        if not sizes:
            return
        size, *later = sizes
        there = {painted.size: painted for painted in self.painted}
        if size in there:
            self.cells[size].show(there[size])
        else:
            self.cells[size].clear()
        self.drawing = self.after(1, self._draw, later)

    def _explore(self, cell: StageCell, size: int) -> None:
        self.pressed = size, cell.pressed
        self.event_generate("<<Explore>>")

    def _count_whole(self) -> int:
        return sum(len(stages) == len(self.cells) for stages in self.birds if stages)

    def _say_next(self) -> None:
        assert self.bird is not None
        whole = self._count_whole()
        if whole == len(self.birds):
            return
        size = self.bird.sizes[len(self.birds[whole])]
        which = f"bird {whole + 1} of {len(self.birds)}, " if len(self.birds) > 1 else ""
        self._say(f"Painting {which}{size} × {size} on {self.bird.device} …")

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

    def _add_stage(self, column: int, size: int) -> StageCell:
        cell = StageCell(self._scrolled.inside, self._scrolled, size, self._side)
        if column > 0:
            cell.keep_room_for_maps()
        cell.grid(row=0, column=column, sticky="nw", padx=px(self, 1))
        cell.bind("<<Explore>>", lambda _: self._explore(cell, size))
        return cell
