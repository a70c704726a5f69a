"""The pictures of one description: a tab for each model, painted when it is first looked at."""

import tkinter as tk
from pathlib import Path
from tkinter import ttk

from app import theme
from app.explorer import Explorer
from app.export_menu import ALL_PICTURES, ENTRIES, ExportMenu
from app.keys import add_mnemonic
from app.model_tab import ModelTab
from app.panel_heading import wrapped_label
from app.sample_grid import fitting_side, grid_width
from app.stage_cell import maps_height
from app.theme import px

NOT_PICTURES = 210  # of the window's height
SMALLEST_SIDE, LARGEST_SIDE = 88, 256  # of a stage's picture
MODELS = {"Our model": "birds-512", "Original model": "birds-256"}


class ResultWindow(tk.Toplevel):
    """Emits what its export menu says; its tabs emit what they want painted."""

    def __init__(
        self,
        parent: tk.Misc,
        caption: str,
        seed: int,
        samples: int,
        weights: str = MODELS["Our model"],
        first_sample: int = 0,
    ) -> None:
        """`weights` are those whose tab is to be seen first."""
        super().__init__(parent)
        self.caption, self.seed, self.samples, self.first_sample = caption, seed, samples, first_sample
        self.folders: dict[Path, Path] = {}
        """Where the pictures were saved: the folder of this bird within each folder that was chosen."""
        self.title(caption)
        width = min(px(self, 1500), self.winfo_screenwidth() - 20)
        height = min(px(self, 760), self.winfo_screenheight() - 40)
        self.geometry(f"{width}x{height}")
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        gap = px(self, 12)
        heading = ttk.Label(self, text=f"“{caption}”", font=theme.STRONG, wraplength=width - 2 * gap)
        heading.grid(sticky="w", padx=gap, pady=(gap, 0))
        models = MODELS if weights in MODELS.values() else {**MODELS, weights: weights}
        self.notebook = ttk.Notebook(self)
        self.notebook.grid(sticky="nsew", padx=gap, pady=(gap // 2, 0))
        thumbnail = fitting_side(self, samples, height - px(self, NOT_PICTURES))
        side = self._picture_side(width, height, thumbnail)
        self.tabs = [ModelTab(self.notebook, name, samples, side, thumbnail) for name in models.values()]
        for title, tab in zip(models, self.tabs, strict=True):
            self.notebook.add(tab, text=title)
            tab.bind("<<StagePainted>>", lambda _: self._welcome_stage(), add=True)
            tab.bind("<<SampleChosen>>", lambda _: self._allow_export(), add=True)
        self.notebook.select(list(models.values()).index(weights))
        self._add_footer().grid(sticky="ew", padx=gap, pady=(gap // 2, gap))
        self.notebook.enable_traversal()
        for key, steps in (("<Prior>", -1), ("<Next>", 1)):
            self.bind(key, lambda _, steps=steps: self._choose_sample(steps))  # type: ignore[misc]
        self.bind("<Escape>", lambda _: self.destroy())

    def _picture_side(self, width: int, height: int, thumbnail: int) -> int:
        """Beside the grid of samples, four stages with their maps below fill the window."""
        grid = grid_width(self, self.samples, thumbnail) if self.samples > 1 else 0
        across = (width - grid - px(self, 66)) // 4 - px(self, 6)
        side = min(max(across, px(self, SMALLEST_SIDE)), px(self, LARGEST_SIDE))
        while side > px(self, SMALLEST_SIDE) and side + maps_height(self, side) > height - px(self, NOT_PICTURES):
            side -= 1
        return side

    def _choose_sample(self, steps: int) -> None:
        choice = self.current_tab.choice
        choice.choose(choice.chosen + steps)

    def start(self) -> None:
        """Ask for the first painting; the other model is asked when its tab is opened."""
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
        hint = f"Seed {self.seed}. Press a picture to explore it. The original model paints once its tab is opened."
        self.status = wrapped_label(footer)
        self.status.configure(text=hint)
        self.status.grid(row=0, column=0, sticky="ew")
        gap = px(self, 8)
        self.save = ttk.Button(footer, text="Save As …", command=lambda: self.event_generate("<<SavePicture>>"))
        self.save.grid(row=0, column=2, padx=(gap, 0))
        self.export = ExportMenu(footer, {**ENTRIES, **ALL_PICTURES})
        self.export.grid(row=0, column=3, padx=gap)
        self.close = ttk.Button(footer, text="Close", command=self.destroy)
        self.close.grid(row=0, column=4)
        self._allow_export()
        add_mnemonic(self.save, "s")
        add_mnemonic(self.close, "c")
        return footer
