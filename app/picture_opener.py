"""Brings back what a picture was painted from: its file is chosen, read off the Tk thread, and shown or explained."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

from app.ask_file import PICTURES, ask_file
from app.background import Background
from app.exporter import reason
from app.picture_text import Recipe, read_recipe


class PictureOpener:
    def __init__(
        self,
        root: tk.Tk,
        background: Background,
        show: Callable[[Recipe, str], object],
        fail: Callable[[str], object],
    ) -> None:
        """`show` gets what the picture says and a sentence about it; `fail` a sentence."""
        self._root, self._background, self._show, self._fail = root, background, show, fail

    def ask(self) -> None:
        wanted = ask_file(
            PICTURES,
            filedialog.askopenfilename,
            parent=self._root,
            title="Open a picture",
            filetypes=[("PNG", "*.png"), ("All files", "*")],
        )
        if wanted:
            self.open(Path(wanted))

    def open(self, path: Path) -> None:
        self._background.run(
            lambda: read_recipe(path),
            lambda recipe: self._show(recipe, describe(recipe, path.name)),
            lambda error: self._fail(f"{reason(error)}."),
        )


def describe(recipe: Recipe, name: str) -> str:
    if not recipe.weights:
        seed = "" if recipe.seed is None else " and its seed"
        return f"The description{seed} of {name}, which another program painted: this one will paint another picture."
    which = f"is bird {recipe.sample + 1} of {recipe.samples}, painted" if recipe.samples > 1 else "was painted"
    return f"{name} {which} by {recipe.weights} ({recipe.weights_hash[:10]})."


def judge(recipe: Recipe, here: str, tab: str) -> str:
    """Whether painting brings the picture back; here: the hash of the weights of that name, tab: theirs; or nothing."""
    if here == recipe.weights_hash:
        return (
            f"Paint brings it back, under “{tab}”." if tab else f"Choose {recipe.weights} in Models to paint it again."
        )
    why = f"The {recipe.weights} here are others ({here[:10]})" if here else "Those weights are not here"
    return f"{why}: the same words and seed will be another picture."
