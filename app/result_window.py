"""The pictures of one description: a tab for each model, painted when it is first looked at."""

import tkinter as tk
from pathlib import Path
from tkinter import ttk

from app import theme
from app.explorer import Explorer
from app.export_menu import ALL_PICTURES, ENTRIES, ExportMenu
from app.keys import add_mnemonic
from app.model_tab import SAMPLE_GAP, SAMPLES_ACROSS, ModelTab
from app.panel_heading import wrapped_label
from app.stage_cell import maps_height
from app.theme import px
from app.window_places import put_in_place

MODELS = {"Our model": "birds-512", "Original model": "birds-256"}


class ResultWindow(tk.Toplevel):
    """Emits what its export menu says; its tabs emit what they want painted."""

    def __init__(
        self, parent: tk.Misc, caption: str, seed: int, samples: int, weights: str = MODELS["Our model"]
    ) -> None:
        """`weights` are those whose tab is to be seen first."""
        super().__init__(parent)
        self.caption, self.seed, self.samples = caption, seed, samples
        self.folders: dict[Path, Path] = {}
        """Where the pictures were saved: the folder of this bird within each folder that was chosen."""
        self.title(caption)
        width, height = put_in_place(self, "result", 1500, 760)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        gap = px(self, 12)
        heading = ttk.Label(self, text=f"“{caption}”", font=theme.STRONG, wraplength=width - 2 * gap)
        heading.grid(sticky="w", padx=gap, pady=(gap, 0))
        models = MODELS if weights in MODELS.values() else {**MODELS, weights: weights}
        self.notebook = ttk.Notebook(self)
        self.notebook.grid(sticky="nsew", padx=gap, pady=(gap // 2, 0))
        self.tabs = [
            ModelTab(self.notebook, name, samples, self._picture_side(width, height)) for name in models.values()
        ]
        for title, tab in zip(models, self.tabs, strict=True):
            self.notebook.add(tab, text=title)
            tab.bind("<<StagePainted>>", lambda _: self._welcome_stage(), add=True)
        self.notebook.select(list(models.values()).index(weights))
        self._add_footer().grid(sticky="ew", padx=gap, pady=(gap // 2, gap))
        self.notebook.enable_traversal()
        self.bind("<Escape>", lambda _: self.destroy())

    def _picture_side(self, width: int, height: int) -> int:
        """Two samples beside each other, four stages of each with their maps below, fill the window."""
        samples = min(self.samples, SAMPLES_ACROSS)
        across = (width - px(self, 50 + SAMPLE_GAP * samples)) // (4 * samples) - px(self, 6)
        side = min(max(across, px(self, 112)), px(self, 256))
        while side > px(self, 112) and side + maps_height(self, side) > height - px(self, 210):
            side -= 1
        return side

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
        """Which of the birds beside each other is to be exported."""
        return max(self.which.current(), 0)

    @property
    def current_tab(self) -> ModelTab:
        return self.tabs[int(self.notebook.index("current"))]

    def say(self, sentence: str) -> None:
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
        self.which = ttk.Combobox(footer, state="readonly", width=6, justify="center")
        self.which.configure(values=[f"Bird {number}" for number in range(1, self.samples + 1)])
        self.which.current(0)
        self.which.grid(row=0, column=1, padx=(gap, 0))
        if self.samples == 1:
            self.which.grid_remove()
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
