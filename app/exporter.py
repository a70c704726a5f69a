"""Takes birds out of the program: asks where to, and writes off the Tk thread."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tkinter import filedialog, messagebox

from PIL import Image

from app.animation import save_animation, save_walk
from app.ask_file import PICTURES, ask_file
from app.background import Background
from app.bird import Bird, slug
from app.clipboard import NoClipboard, copy_picture
from app.contact_sheet import contact_sheet
from app.durable import write_file
from app.kept_bird import DamagedBird
from app.picture_text import save_png
from app.pictures import PaintedStage, together

Kinds = list[tuple[str, str]]
ANIMATED: Kinds = [("WebP", "*.webp"), ("GIF", "*.gif")]


@dataclass(frozen=True)
class Chosen:
    """What is to be exported: all samples, and the one that stands for them; read on the thread that writes."""

    bird: Bird
    sample: int
    birds: Callable[[], list[list[PaintedStage]]]
    walk: tuple[Image.Image, ...] = ()
    """The way to it from another bird."""


@dataclass(frozen=True)
class Way:
    """One kind of file: what it is called, and how it is written."""

    ending: str
    kinds: Kinds
    write: Callable[[Chosen, list[list[PaintedStage]], Path], None]

    def place(self, wanted: str, kind: str) -> Path:
        """With a suffix that says what is written: the kind that was chosen where the name does not say it."""
        path = Path(wanted)
        suffixes = {name: pattern.removeprefix("*") for name, pattern in self.kinds}
        if path.suffix.lower() in suffixes.values():
            return path
        return path.with_name(path.name + suffixes.get(kind, next(iter(suffixes.values()))))


def _write_picture(chosen: Chosen, birds: list[list[PaintedStage]], path: Path) -> None:
    save_png(birds[chosen.sample][-1].pictures[0], path, chosen.bird, chosen.sample)


def _write_animation(chosen: Chosen, birds: list[list[PaintedStage]], path: Path) -> None:
    save_animation(birds[chosen.sample], 0, path)


def _write_walk(chosen: Chosen, _: list[list[PaintedStage]], path: Path) -> None:
    save_walk(list(chosen.walk), path)


def _write_sheet(chosen: Chosen, birds: list[list[PaintedStage]], path: Path) -> None:
    save_png(contact_sheet(chosen.bird, together(birds)), path, chosen.bird, chosen.sample)


WAYS = {
    "<<SavePicture>>": Way("", [("PNG", "*.png")], _write_picture),
    "<<SaveAnimation>>": Way("", ANIMATED, _write_animation),
    "<<SaveWalk>>": Way("-walk", ANIMATED, _write_walk),
    "<<SaveSheet>>": Way("-sheet", [("PNG", "*.png")], _write_sheet),
}


class Exporter:
    def __init__(self, background: Background) -> None:
        self._background = background

    def connect(self, window: tk.Toplevel, say: Callable[[str], object], choose: Callable[[], Chosen | None]) -> None:
        """`choose` tells what the window shows or has selected at that moment; `say` is also called when it is gone."""

        def save(way: Way) -> None:
            chosen = choose()
            place = chosen and _ask(window, way, chosen)
            if chosen and place:
                self._save(way, chosen, place, say)

        def copy() -> None:
            chosen = choose()
            if chosen:
                self._copy(chosen, say)

        for event, way in WAYS.items():
            window.bind(event, lambda _, way=way: save(way))  # type: ignore[misc]
        window.bind("<<CopyPicture>>", lambda _: copy())

    def _save(self, way: Way, chosen: Chosen, place: Path, say: Callable[[str], object]) -> None:
        say("Saving …")
        self._background.run(
            lambda: write_file(place, lambda beside: way.write(chosen, chosen.birds(), beside)),
            lambda _: say(f"Saved {place}."),
            lambda error: say(f"{place.name} could not be saved: {reason(error)}."),
        )

    def _copy(self, chosen: Chosen, say: Callable[[str], object]) -> None:
        say("Copying …")
        self._background.run(
            lambda: copy_picture(chosen.birds()[chosen.sample][-1].pictures[0]),
            lambda _: say("The picture is on the clipboard."),
            lambda error: say(str(error) if isinstance(error, NoClipboard | DamagedBird) else f"{reason(error)}."),
        )


def reason(error: Exception) -> str:
    """Without a file name of our own making in it, and without a full stop."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return text.removesuffix(".")


def _ask(window: tk.Toplevel, way: Way, chosen: Chosen) -> Path | None:
    """Where to; Tk asks before a file is replaced, but not when the suffix is added afterwards."""
    place = chosen.bird.first_sample + chosen.sample
    number = f"-{place + 1}" if (place or chosen.bird.samples > 1) and not way.ending else ""
    kind = tk.StringVar(window)
    wanted = ask_file(
        PICTURES,
        filedialog.asksaveasfilename,
        parent=window,
        title="Save As",
        initialfile=f"{slug(chosen.bird.caption)}-seed-{chosen.bird.seed}{number}{way.ending}",
        filetypes=way.kinds,
        typevariable=kind,
    )
    if not wanted:
        return None
    path = way.place(wanted, kind.get())
    replaces = path != Path(wanted) and path.exists()
    if replaces and not messagebox.askyesno("Save As", f"{path.name} is there already. Replace it?", parent=window):
        return None
    return path
