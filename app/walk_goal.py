"""Where to walk to: any description and any seed, at first those of the bird that the walk starts from."""

import random
import tkinter as tk
from tkinter import ttk

from app.bird import LARGEST_SEED, seed_problem
from app.keys import RETURN_KEYS
from app.theme import px
from app.tooltip import Tooltip


class WalkGoal(ttk.Frame):
    """Emits <<WalkThere>> with Return."""

    def __init__(self, parent: tk.Misc, caption: str, seed: int) -> None:
        super().__init__(parent)
        self._start = caption, seed
        self.columnconfigure(1, weight=1)
        gap = px(self, 8)
        ttk.Label(self, text="Walk to").grid(row=0, column=0, padx=(0, gap))
        self.caption_entry = ttk.Entry(self, width=1)
        self.caption_entry.insert(0, caption)
        self.caption_entry.grid(row=0, column=1, sticky="ew")
        ttk.Label(self, text="Seed").grid(row=0, column=2, padx=gap)
        self.seed_entry = ttk.Entry(self, width=11)
        self.seed_entry.insert(0, str(seed))
        self.seed_entry.grid(row=0, column=3)
        Tooltip(self.caption_entry, "The bird at the end of the walk; the picture in front of you is its start.")
        Tooltip(self.seed_entry, "Another seed walks to another bird of the same words; nothing draws a new one.")
        for entry in (self.caption_entry, self.seed_entry):
            for key in RETURN_KEYS:
                entry.bind(key, lambda _: self.event_generate("<<WalkThere>>"))

    @property
    def caption(self) -> str:
        return " ".join(self.caption_entry.get().split())

    @property
    def seed(self) -> int:
        """Drawn where none is written."""
        written = self.seed_entry.get().strip()
        return int(written) if written else random.randint(0, LARGEST_SEED)

    @property
    def problem(self) -> str:
        """Why there is no way to go: one sentence, or nothing."""
        seed = self.seed_entry.get().strip()
        if not self.caption:
            return "Describe the bird to walk to, for example: a small blue bird with a long tail."
        if not seed_problem(seed) and seed and (self.caption, int(seed)) == self._start:
            return "The walk starts there: change the description or the seed first."
        return seed_problem(seed)

    def focus_default(self) -> None:
        self.caption_entry.focus_set()
        self.caption_entry.selection_range(0, "end")
