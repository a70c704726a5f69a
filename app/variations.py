"""A bird in other words or from other noise beside the original (AttnGAN's Figure 4), and the way to any other bird."""

import tkinter as tk
from tkinter import ttk

from app import theme
from app.bird import Bird
from app.export_menu import ENTRIES, ExportMenu
from app.keys import add_mnemonic
from app.panel_heading import wrapped_label
from app.pictures import PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.theme import px
from app.variation import Variation
from app.walk_goal import WalkGoal
from app.window_places import fitting

SIDE, SMALLEST_SIDE = 256, 136
BUTTONS = 176  # their width
ACROSS = 4
NOT_PICTURES = 330  # of the window's height
HINT = "Hold a picture to see the original in its place."


class Variations(tk.Toplevel):
    """The original first, then every variation that is added, in the order they were asked for.

    Emits <<AnotherSeed>> when the same words are wanted from another noise, <<WalkThere>> when the way to what `goal`
    says is wanted, and what its export menu says.
    """

    def __init__(self, parent: tk.Misc, original: Bird, stages: list[PaintedStage]) -> None:
        """original: of one sample; stages: of its picture"""
        super().__init__(parent)
        self.original = original
        gap = px(self, 12)
        self.title(f"In other words: {original.caption}")
        width, height = fitting(self, ACROSS * (SIDE + 24) + 4 * 12, SIDE + NOT_PICTURES)
        self._side = max(min(px(self, SIDE), height - px(self, NOT_PICTURES)), px(self, SMALLEST_SIDE))
        self.geometry(f"{width}x{height}")
        self.configure(background=ttk.Style(self).lookup(".", "background"))
        self._across = max((width - 2 * gap) // (max(self._side, px(self, BUTTONS)) + 2 * gap), 1)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._scrolled = ScrolledFrame(self)
        self._scrolled.grid(sticky="nsew", padx=gap, pady=(gap, 0))
        heading = ttk.Label(
            self._scrolled.inside, text=f"“{original.caption}”", font=theme.STRONG, wraplength=width - 4 * gap
        )
        heading.pack(anchor="w", pady=(0, gap // 2))
        self._easels = ttk.Frame(self._scrolled.inside)
        self._easels.pack(anchor="w")
        self.goal = WalkGoal(self, original.caption, original.seed)
        self.goal.grid(sticky="ew", padx=gap, pady=(gap, 0))
        self._add_footer().grid(sticky="ew", padx=gap, pady=gap)
        self.cells: list[Variation] = []
        first = self.chosen = self._add("As described")
        first.bird, first.birds = original, [stages]
        first.show_picture(stages[-1].pictures[0])
        self._choose(first)
        self.bind("<Escape>", lambda _: self.destroy())
        self.focus_set()

    def add(self, heading: str) -> Variation:
        """A cell for another painting; the heading says what is different."""
        cell = self._add(heading)
        cell.original = self.cells[0].picture
        self._choose(cell)
        cell.bind("<Configure>", lambda _: self._see(cell))
        return cell

    def _see(self, cell: Variation) -> None:
        """Also what is told below its picture later."""
        if cell is self.chosen:
            self._scrolled.see(cell)

    def say(self, sentence: str, style: str = "Muted.TLabel") -> None:
        """Does nothing once the window is closed."""
        if self.winfo_exists():
            self.status.configure(text=sentence, style=style)

    def _add(self, heading: str) -> Variation:
        row, column = divmod(len(self.cells), self._across)
        cell = Variation(self._easels, self._scrolled, heading, self._side)
        cell.grid(row=row, column=column, sticky="nw", padx=px(self, 6), pady=px(self, 6))
        cell.bind("<<Chosen>>", lambda _: self._choose(cell))
        self.cells.append(cell)
        return cell

    def _choose(self, chosen: Variation) -> None:
        """The one that is exported."""
        self.chosen = chosen
        for cell in self.cells:
            cell.mark(cell is chosen)

    def _add_footer(self) -> ttk.Frame:
        row, gap = ttk.Frame(self), px(self, 8)
        row.columnconfigure(0, weight=1)
        self.status = wrapped_label(row)
        self.status.grid(row=0, column=0, sticky="ew")
        self.say(HINT)
        self.export = ExportMenu(row, ENTRIES)
        self.another_seed = ttk.Button(row, text="Another seed")
        self.walk_there = ttk.Button(row, text="Walk there", style="Accent.TButton")
        for column, button in enumerate((self.export, self.another_seed, self.walk_there), start=1):
            button.grid(row=0, column=column, padx=(gap, 0))
        self.another_seed.configure(command=lambda: self.event_generate("<<AnotherSeed>>"))
        self.walk_there.configure(command=lambda: self.event_generate("<<WalkThere>>"))
        add_mnemonic(self.another_seed, "a")
        add_mnemonic(self.walk_there, "w")
        return row
