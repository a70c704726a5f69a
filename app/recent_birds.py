"""The last birds of the gallery in a row: as many as fit, each opened by a press."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk

from PIL import Image, ImageTk

from app import theme
from app.bird_tile import day_and_time
from app.fitting_row import FittingRow
from app.kept_bird import KeptBird
from app.theme import px
from app.tooltip import Tooltip

MOST = 12
SIDE = 72


class RecentBirds(ttk.Frame):
    def __init__(self, parent: tk.Misc, chosen: Callable[[KeptBird], object]) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self.tiles: dict[Path, ttk.Button] = {}
        """By the folder of the bird, newest first."""
        self._photos: dict[Path, ImageTk.PhotoImage] = {}
        ttk.Label(self, text="Your last birds", font=theme.STRONG).pack(anchor="w", pady=(0, px(self, 4)))
        self._row = FittingRow(self, px(self, 6))
        self._row.pack(fill="x")

    def show(self, birds: list[KeptBird], pictures: dict[Path, Image.Image]) -> None:
        """Newest first; `pictures` are of those that were not shown before."""
        there = self.tiles
        self.tiles = {
            kept.folder: there.pop(kept.folder) if kept.folder in there else self._add_tile(kept, pictures[kept.folder])
            for kept in birds
        }
        for folder, tile in there.items():
            tile.destroy()
            del self._photos[folder]
        self._row.show(list(self.tiles.values()))

    def _add_tile(self, kept: KeptBird, picture: Image.Image) -> ttk.Button:
        photo = self._photos[kept.folder] = ImageTk.PhotoImage(picture, master=self)
        tile = ttk.Button(
            self._row,
            text=kept.bird.caption,
            image=photo,
            compound="image",
            style="Picture.TButton",
            command=lambda: self._chosen(kept),
        )
        Tooltip(tile, f"{kept.bird.caption}\n{day_and_time(kept.painted_at)}")
        return tile
