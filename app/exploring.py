"""Opens explorers, and paints what they ask for in other words: with the seed and the weights of their bird."""

import tkinter as tk

from app.explorer import Explorer
from app.model_tab import ModelTab
from app.painter import Painter, Request
from app.result_window import ResultWindow
from app.variations import Variations


class Exploring:
    def __init__(self, painter: Painter) -> None:
        self._painter = painter

    def connect(self, window: ResultWindow) -> None:
        """A picture that is pressed opens an explorer of its bird."""
        for tab in window.tabs:
            tab.bind("<<Explore>>", lambda _, tab=tab: self._open(window, tab))  # type: ignore[misc]

    def _open(self, window: ResultWindow, tab: ModelTab) -> None:
        from model.pipeline import split_words  # there is a picture, so it was imported long ago

        explorer = Explorer(window, split_words(window.caption), tab.painted, *tab.pressed)
        windows: dict[int, Variations] = {}  # each sample's variations have one of their own
        explorer.bind("<<Swap>>", lambda _: self._vary(explorer, windows, window.seed, tab.weights))

    def _vary(self, explorer: Explorer, windows: dict[int, Variations], seed: int, weights: str) -> None:
        sample, place, word = explorer.variation
        variations = windows.get(sample)
        if variations is None or not variations.winfo_exists():
            original = explorer.painted[-1].pictures[sample]
            variations = windows[sample] = Variations(explorer, explorer.words, sample, original)
        cell = variations.add(place, word)
        caption = " ".join([*explorer.words[:place], word, *explorer.words[place + 1 :]])
        painting = self._painter.paint(Request(caption, seed, sample + 1, weights), cell)

        def forget(event: "tk.Event[tk.Misc]") -> None:
            if event.widget is cell:
                self._painter.stop(painting)

        cell.bind("<Destroy>", forget)
