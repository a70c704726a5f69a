"""The pictures of one description: a tab for each model, painted when it is first looked at."""

import tkinter as tk
from collections.abc import Sequence
from pathlib import Path
from tkinter import ttk

from app import theme
from app.explorer import Explorer
from app.export_menu import ALL_PICTURES, ENTRIES, ExportMenu
from app.keys import add_mnemonic
from app.model_choice import title
from app.model_tab import ModelTab
from app.panel_heading import wrapped_label
from app.sample_grid import fitting_shape
from app.stage_cell import maps_height
from app.theme import px
from app.window_places import put_in_place

NOT_PICTURES = 210  # of the window's height
SMALLEST_SIDE, LARGEST_SIDE = 88, 320  # of a stage's picture


class ResultWindow(tk.Toplevel):
    """Emits what its export menu says, and <<Models>> on its parent; its tabs emit what they want painted."""

    def __init__(
        self,
        parent: tk.Misc,
        caption: str,
        seed: int,
        samples: int,
        models: Sequence[str],
        weights: str = "",
        first_sample: int = 0,
    ) -> None:
        """A tab for each weight set of `models`; that of `weights`, or else the first, is to be seen first."""
        super().__init__(parent)
        self.caption, self.seed, self.samples, self.first_sample = caption, seed, samples, first_sample
        self.folders: dict[Path, Path] = {}
        """Where the pictures were saved: the folder of this bird within each folder that was chosen."""
        self.title(caption)
        width, height = put_in_place(self, "result", 1500, 760)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        gap = px(self, 12)
        heading = ttk.Label(self, text=f"“{caption}”", font=theme.STRONG, wraplength=width - 2 * gap)
        heading.grid(sticky="w", padx=gap, pady=(gap, 0))
        self.notebook = ttk.Notebook(self)
        self.notebook.grid(sticky="nsew", padx=gap, pady=(gap // 2, 0))
        self._grid = fitting_shape(self, samples, height - px(self, NOT_PICTURES))
        self._side = self._picture_side(width, height)
        self.tabs: list[ModelTab] = []
        first = weights or models[0]
        for name in dict.fromkeys([*models, first]):
            self.add_tab(name)
        self.notebook.select([tab.weights for tab in self.tabs].index(first))
        self._add_footer().grid(sticky="ew", padx=gap, pady=(gap // 2, gap))
        self.notebook.enable_traversal()
        for key, steps in (("<Prior>", -1), ("<Next>", 1)):
            self.bind(key, lambda _, steps=steps: self._choose_sample(steps))  # type: ignore[misc]
        self.bind("<Escape>", lambda _: self.destroy())

    def add_tab(self, weights: str) -> ModelTab:
        tab = ModelTab(self.notebook, weights, self.samples, self._side, self._grid)
        self.tabs.append(tab)
        self.notebook.add(tab, text=title(weights))
        tab.bind("<<StagePainted>>", lambda _: self._welcome_stage(), add=True)
        tab.bind("<<SampleChosen>>", lambda _: self._allow_export(), add=True)
        return tab

    def _picture_side(self, width: int, height: int) -> int:
        """Beside the grid of samples, four stages with their maps below fill the window."""
        grid = self._grid.width if self.samples > 1 else 0
        across = (width - grid - px(self, 66)) // 4 - px(self, 6)
        side = min(max(across, px(self, SMALLEST_SIDE)), px(self, LARGEST_SIDE))
        while side > px(self, SMALLEST_SIDE) and side + maps_height(self, side) > height - px(self, NOT_PICTURES):
            side -= 1
        return side

    def _choose_sample(self, steps: int) -> None:
        choice = self.current_tab.choice
        choice.choose(choice.chosen + steps)

    def start(self) -> None:
        """Ask for the first painting; another model is asked when its tab is opened."""
        self.notebook.bind("<<NotebookTabChanged>>", lambda _: self._show_tab())
        self.current_tab.ask_once()
        self.notebook.focus_set()

    @property
    def explorers(self) -> list[Explorer]:
        return [child for child in self.winfo_children() if isinstance(child, Explorer)]

    def _welcome_stage(self) -> None:
        self._allow_export()
        for explorer in self.explorers:
            explorer.refresh()

    @property
    def sample(self) -> int:
        """Which of the birds is shown, and to be exported."""
        return self.current_tab.sample

    @property
    def current_tab(self) -> ModelTab:
        return self.tabs[int(self.notebook.index("current"))]

    def say(self, sentence: str) -> None:
        """Does nothing once the window is closed."""
        if self.winfo_exists():
            self.status.configure(text=sentence)

    def _show_tab(self) -> None:
        self.current_tab.ask_once()
        self._allow_export()

    def _allow_export(self) -> None:
        state = "!disabled" if self.current_tab.painted else "disabled"
        self.save.state([state])
        self.export.state([state])

    def _add_footer(self) -> ttk.Frame:
        footer = ttk.Frame(self)
        footer.columnconfigure(0, weight=1)
        hint = f"Seed {self.seed}. Press a picture to explore it. Another model paints once its tab is opened."
        self.status = wrapped_label(footer)
        self.status.configure(text=hint)
        self.status.grid(row=0, column=0, sticky="ew")
        gap = px(self, 8)
        self.models = ttk.Button(footer, text="Models …", command=lambda: self.master.event_generate("<<Models>>"))
        self.models.grid(row=0, column=2, padx=(gap, 0))
        self.save = ttk.Button(footer, text="Save As …", command=lambda: self.event_generate("<<SavePicture>>"))
        self.save.grid(row=0, column=3, padx=(gap, 0))
        self.export = ExportMenu(footer, {**ENTRIES, **ALL_PICTURES})
        self.export.grid(row=0, column=4, padx=gap)
        self.close = ttk.Button(footer, text="Close", command=self.destroy)
        self.close.grid(row=0, column=5)
        self._allow_export()
        add_mnemonic(self.models, "m")
        add_mnemonic(self.save, "s")
        add_mnemonic(self.close, "c")
        return footer
