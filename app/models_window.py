"""All weight sets: which of them paint, in which order, and the ways to add and remove one."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Iterable, Sequence
from tkinter import ttk
from typing import TYPE_CHECKING

from app import theme
from app.keys import add_mnemonic, has_focus
from app.model_row import ModelRow
from app.panel_heading import wrapped_label
from app.progress_row import ProgressRow
from app.scrolled_frame import ScrolledFrame
from app.theme import px
from app.window_places import put_in_place

if TYPE_CHECKING:
    from model.weight_sets import WeightSet

EXPLANATION = "Every ticked model paints the description in a tab of its own, in this order; the first paints at once."


class ModelsWindow(tk.Toplevel):
    """Emits <<Chosen>> (`chosen` tells what), <<Remove>> (`to_remove`), <<AddFolder>> and <<AddCheckpoint>>."""

    to_remove: WeightSet

    def __init__(self, parent: tk.Misc, chosen: Sequence[str]) -> None:
        super().__init__(parent)
        self.title("Models")
        put_in_place(self, "models", 820, 560)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(2, weight=1)
        self.chosen = list(chosen)
        self.rows: dict[str, ModelRow] = {}
        gap = px(self, 16)
        ttk.Label(self, text="Models", font=theme.TITLE).grid(sticky="w", padx=gap, pady=(gap, 0))
        explanation = wrapped_label(self)
        explanation.configure(text=EXPLANATION)
        explanation.grid(sticky="ew", padx=gap, pady=(0, gap // 2))
        self._scrolled = ScrolledFrame(self)
        self._scrolled.fill_width()
        self._scrolled.inside.columnconfigure(0, weight=1)
        self._scrolled.grid(sticky="nsew", padx=(gap, gap // 2))
        self.progress = ProgressRow(self)
        self.progress.grid(sticky="ew", padx=gap, pady=(gap // 2, 0))
        self._add_buttons().grid(sticky="ew", padx=gap, pady=(gap // 2, gap))
        self.progress.end("")  # not before: its row would be given to the buttons
        self.bind("<Escape>", lambda _: self.destroy())
        self.close.focus_set()

    def show(self, found: Sequence[WeightSet]) -> None:
        """What the disk holds now; rows of what is as it was stay."""
        before, self.rows = self.rows, {}
        opened = not before
        had_focus = has_focus(self, *_controls(before.values()))
        for weights in found:
            key = weights.name if weights.shipped or weights.name not in self.rows else str(weights.folder)
            row = before.get(key)
            if row is not None and row.found == weights:
                self.rows[key] = before.pop(key)
            else:
                self.rows[key] = self._add_row(weights)
        for row in before.values():
            row.destroy()
        self._lay_out()
        if opened and self.rows and has_focus(self, self.close):
            self._in_order()[0].paints.focus_set()
        elif had_focus and not has_focus(self, *_controls(self.rows.values())):
            self.close.focus_set()

    def choose(self, chosen: Sequence[str]) -> None:
        self.chosen = list(chosen)
        self._lay_out()

    def say(self, sentence: str, style: str = "Muted.TLabel") -> None:
        self.progress.end(sentence, style)

    def _add_row(self, found: WeightSet) -> ModelRow:
        row = ModelRow(self._scrolled.inside, found)
        row.bind("<<Toggle>>", lambda _: self._toggle(found.name))
        row.bind("<<Earlier>>", lambda _: self._move(found.name, -1))
        row.bind("<<Later>>", lambda _: self._move(found.name, 1))
        row.bind("<<RemovalWanted>>", lambda _: self._remove(found))
        for widget in (row.paints, row.earlier, row.later, row.remove):
            self._scrolled.follow_focus(widget)
        return row

    def _lay_out(self) -> None:
        """Tab goes the way that the eye goes."""
        paint = [name for name in self.chosen if name in self.rows]
        places = {name: place for place, name in enumerate(paint)}
        for name, row in self.rows.items():
            row.show(places.get(name), len(paint))
        for number, row in enumerate(self._in_order()):
            row.grid(row=number, column=0, sticky="ew", padx=(0, px(self, 8)), pady=(0, px(self, 8)))
            row.lift()

    def _in_order(self) -> list[ModelRow]:
        """Those that paint in their order, then the others."""
        paint = [name for name in self.chosen if name in self.rows]
        return [self.rows[name] for name in [*paint, *(name for name in self.rows if name not in paint)]]

    def _toggle(self, name: str) -> None:
        chosen = [other for other in self.chosen if other != name] if name in self.chosen else [*self.chosen, name]
        self._choose_and_tell(chosen)

    def _move(self, name: str, steps: int) -> None:
        chosen = [other for other in self.chosen if other != name]
        chosen.insert(self.chosen.index(name) + steps, name)
        self._choose_and_tell(chosen)

    def _choose_and_tell(self, chosen: list[str]) -> None:
        if not chosen:
            self.say("At least one model paints. Tick another one first.", "Error.TLabel")
            self._lay_out()
            return
        self.say("")
        self.choose(chosen)
        self.event_generate("<<Chosen>>")

    def _remove(self, found: WeightSet) -> None:
        self.to_remove = found
        self.event_generate("<<Remove>>")

    def _add_buttons(self) -> ttk.Frame:
        row = ttk.Frame(self)
        row.columnconfigure(2, weight=1)
        self.folder = self._button(row, 0, "Add a folder …", "f", "<<AddFolder>>")
        self.checkpoint = self._button(row, 1, "Import a checkpoint …", "i", "<<AddCheckpoint>>")
        self.close = ttk.Button(row, text="Close", command=self.destroy)
        self.close.grid(row=0, column=3)
        add_mnemonic(self.close, "c")
        return row

    def _button(self, row: ttk.Frame, column: int, text: str, letter: str, event: str) -> ttk.Button:
        button = ttk.Button(row, text=text, command=lambda: self.event_generate(event))
        button.grid(row=0, column=column, padx=(0, px(self, 8)))
        add_mnemonic(button, letter)
        return button


def _controls(rows: Iterable[ModelRow]) -> list[tk.Misc]:
    return [control for row in rows for control in row.winfo_children()]
