"""Keeps the main panel's row of recent birds the same as the gallery."""

import tkinter as tk
from pathlib import Path

from PIL import Image

from app.background import Background
from app.gallery import Gallery
from app.kept_bird import DamagedBird, KeptBird
from app.main_panel import MainPanel
from app.recent_birds import MOST, SIDE
from app.theme import px


class Recent:
    def __init__(self, root: tk.Tk, background: Background, gallery: Gallery, panel: MainPanel) -> None:
        self._background, self._gallery, self._panel = background, gallery, panel
        self._readings = 0
        for event in ("<<BirdKept>>", "<<GalleryChanged>>"):
            root.bind(event, lambda _: self.refresh(), add=True)

    def refresh(self) -> None:
        """Read off the Tk thread; a bird that cannot be read is left out, and the gallery tells of it."""
        self._readings += 1
        number, gallery, shown = self._readings, self._gallery, set(self._panel.recent.tiles)
        side = px(self._panel, SIDE)

        def read() -> tuple[list[KeptBird], dict[Path, Image.Image]]:
            birds, pictures = [], {}
            for kept in gallery.newest(MOST):
                try:
                    if kept.folder not in shown:
                        pictures[kept.folder] = kept.picture().resize((side, side), Image.Resampling.LANCZOS)
                except DamagedBird:
                    continue
                birds.append(kept)
            return birds, pictures

        def show(found: tuple[list[KeptBird], dict[Path, Image.Image]]) -> None:
            if number == self._readings:  # else a later reading knows more
                self._panel.show_recent(*found)

        self._background.run(read, show, lambda _: None)
