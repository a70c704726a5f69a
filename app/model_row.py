"""One weight set in the list of models: whether it paints, what it is, where it lies."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from app.model_choice import full_title
from app.panel_heading import wrapped_label
from app.theme import px

if TYPE_CHECKING:
    from model.weight_sets import WeightSet


class ModelRow(ttk.Frame):
    """Emits <<Toggle>>, <<Earlier>>, <<Later>> and <<RemovalWanted>>."""

    def __init__(self, parent: tk.Misc, found: WeightSet) -> None:
        super().__init__(parent, style="Card.TFrame", padding=px(parent, 10))
        self.found = found
        self._paints = tk.BooleanVar(self)
        self.columnconfigure(1, weight=1)
        self.paints = ttk.Checkbutton(
            self, text=full_title(found.name), variable=self._paints, command=lambda: self.event_generate("<<Toggle>>")
        )
        self.paints.grid(row=0, column=0, sticky="w")
        self.role = ttk.Label(self, style="Accent.TLabel")
        self.role.grid(row=0, column=1, sticky="w", padx=px(self, 12))
        self.earlier = self._button(2, "Earlier", "<<Earlier>>")
        self.later = self._button(3, "Later", "<<Later>>")
        self.remove = self._button(4, "Remove …", "<<RemovalWanted>>")
        if found.shipped:
            self.remove.grid_remove()
        self.facts = self._sentence(found.damage or _facts(found), "Error.TLabel" if found.damage else "TLabel")
        self._sentence(found.story, "TLabel")
        origin = "Comes with the program" if found.shipped else "Added by you"
        self._sentence(f"{origin}: {found.folder}", "Muted.TLabel")

    def show(self, place: int | None, count: int) -> None:
        """Its place among the `count` that paint, from 0, or None where it does not."""
        self._paints.set(place is not None)
        self.role.configure(text="paints first" if place == 0 else "")
        self.paints.state(["disabled" if self.found.damage and place is None else "!disabled"])
        self.earlier.state(["!disabled" if place else "disabled"])
        self.later.state(["!disabled" if place is not None and place < count - 1 else "disabled"])

    def _button(self, column: int, text: str, event: str) -> ttk.Button:
        button = ttk.Button(self, text=text, command=lambda: self.event_generate(event))
        button.grid(row=0, column=column, padx=(px(self, 6), 0))
        return button

    def _sentence(self, text: str, style: str) -> ttk.Label:
        label = wrapped_label(self)
        label.configure(text=text, style=style)
        if text:
            label.grid(columnspan=5, sticky="ew", pady=(px(self, 4), 0))
        return label


def _facts(found: WeightSet) -> str:
    stages = "1 stage" if found.stages == 1 else f"{found.stages} stages"
    facts = [f"{stages} up to {found.largest} px", f"{found.words:,} words", f"{found.bytes / 1e6:,.1f} MB"]
    if found.r_precision:
        facts.append(f"R-precision {found.r_precision}")
    return ", ".join(facts)
