"""Opens the gallery's window and connects it with what is kept on disk."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PIL import Image

from app.background import Background
from app.bird_tile import THUMBNAIL, BirdTile
from app.exporter import Chosen, Exporter, reason
from app.gallery import TRASH_DAYS, Gallery, describe_damage
from app.gallery_window import GalleryWindow
from app.kept_bird import DamagedBird, KeptBird, read_stages
from app.only_window import find_window, lift_window
from app.picture_opener import describe
from app.picture_text import Recipe, recipe_of
from app.pictures import apart
from app.results import Results
from app.shortcuts import label
from app.theme import px

T = TypeVar("T")
PAINTED_FROM = ("caption", "seed", "first_sample", "samples")


class Curator:
    """One window, which follows what is painted while it is open."""

    def __init__(
        self,
        root: tk.Tk,
        background: Background,
        gallery: Gallery,
        results: Results,
        show_recipe: Callable[[Recipe, str], object],
    ) -> None:
        """`show_recipe` gets what a bird is to be painted again from, and a sentence about it."""
        self._root, self._background, self._gallery, self._results = root, background, gallery, results
        self._show_recipe = show_recipe
        self._exporter = Exporter(background)
        self._birds: list[KeptBird] = []
        self._damaged: list[Path] = []
        self._readings = 0
        root.bind("<<BirdKept>>", lambda _: self._refresh(), add=True)

    def open(self) -> GalleryWindow:
        return lift_window(self._root, GalleryWindow) or self._open()

    def _open(self) -> GalleryWindow:
        window = GalleryWindow(self._root)
        window.bind("<<OpenBird>>", lambda _: self._open_bird(window))
        window.bind("<<PaintAgain>>", lambda _: self._paint_again(window))
        window.bind("<<DeleteBird>>", lambda _: self._delete(window))
        window.bind("<<UndoDelete>>", lambda _: self._undo(window))
        window.bind("<<ThumbnailsWanted>>", lambda _: self._load_thumbnails(window))
        self._exporter.connect(window, window.say, lambda: _chosen(window))
        self._refresh()
        return window

    def show(self, wanted: KeptBird) -> None:
        """Open a bird as the gallery does, without the gallery's window."""
        self._background.run(
            self._gallery.birds, lambda found: self._show(wanted, found[0]), lambda _: self._show(wanted, [])
        )

    def _refresh(self, sentence: str = "") -> None:
        """Read the folder anew, and then say the sentence or what is damaged."""
        window = find_window(self._root, GalleryWindow)
        if window is None:
            return

        self._readings += 1
        number = self._readings

        def read() -> tuple[list[KeptBird], list[Path], bool]:
            return (*self._gallery.birds(), self._gallery.can_restore())

        def show(found: tuple[list[KeptBird], list[Path], bool]) -> None:
            if number != self._readings or not window.winfo_exists():
                return  # a later reading knows more
            self._birds, self._damaged, can_undo = found
            window.show(self._birds, can_undo)
            window.say(sentence or describe_damage(self._damaged))

        self._run(window, self._background.run, read, show, "The gallery cannot be read")

    def _delete(self, window: GalleryWindow) -> None:
        kept, gallery = window.selected, self._gallery
        if kept is None:
            return
        sentence = f"Deleted. {label('<<UndoDelete>>')} brings it back; after {TRASH_DAYS} days it is gone for good."
        self._run(
            window,
            self._background.keep,
            lambda: gallery.delete(kept),
            lambda _: self._tell(sentence),
            "The bird could not be deleted",
        )

    def _undo(self, window: GalleryWindow) -> None:
        gallery = self._gallery

        def restore() -> str:
            try:
                kept = gallery.restore()
            except DamagedBird as error:
                return f"A deleted bird is back, but cannot be shown. {error}"
            return f"“{kept.bird.caption}” is back." if kept else ""

        self._run(window, self._background.keep, restore, self._tell, "The bird could not be brought back")

    def _tell(self, sentence: str) -> None:
        self._root.event_generate("<<GalleryChanged>>")
        self._refresh(sentence)

    def _open_bird(self, window: GalleryWindow) -> None:
        if window.selected is not None:
            self._show(window.selected, self._birds)

    def _show(self, wanted: KeptBird, birds: list[KeptBird]) -> None:
        self._results.open_kept(wanted, [kept for kept in reversed(birds) if _is_the_same(kept, wanted)])

    def _paint_again(self, window: GalleryWindow) -> None:
        if window.selected is not None:
            recipe = recipe_of(window.selected.bird, window.sample)
            self._show_recipe(recipe, describe(recipe, "This bird"))

    def _load_thumbnails(self, window: GalleryWindow) -> None:
        side = px(window, THUMBNAIL)
        for tile in window.tiles:
            if not tile.asked:
                tile.asked = True
                self._load_thumbnail(window, tile, side)

    def _load_thumbnail(self, window: GalleryWindow, tile: BirdTile, side: int) -> None:
        kept, sample = tile.kept, tile.sample

        def read() -> Image.Image:
            return kept.picture(sample).resize((side, side), Image.Resampling.LANCZOS)

        def show(picture: Image.Image) -> None:
            if tile.winfo_exists() and tile.sample == sample:
                tile.show(picture)

        def fail(_: Exception) -> None:
            self._damaged.append(kept.folder)
            window.say(describe_damage(self._damaged))

        self._background.run(read, show, fail)

    def _run(
        self,
        window: GalleryWindow,
        run: Callable[[Callable[[], T], Callable[[T], object], Callable[[Exception], object]], None],
        work: Callable[[], T],
        done: Callable[[T], object],
        failure: str,
    ) -> None:
        def fail(error: Exception) -> None:
            window.say(f"{failure}: {reason(error)}.", "Error.TLabel")

        run(work, done, fail)


def _is_the_same(kept: KeptBird, wanted: KeptBird) -> bool:
    """Whether both came from one description and one noise, painted perhaps by different weights."""
    return all(getattr(kept.bird, name) == getattr(wanted.bird, name) for name in PAINTED_FROM)


def _chosen(window: GalleryWindow) -> Chosen | None:
    kept = window.selected
    return Chosen(kept.bird, window.sample, lambda: apart(read_stages(kept))) if kept else None
