"""Opens explorers, and paints what they ask for: their bird in other words or from another seed, and the way there."""

import random
import tkinter as tk
from dataclasses import dataclass

from app.bird import LARGEST_SEED
from app.explorer import Explorer
from app.keeping import Keeping
from app.model_tab import ModelTab
from app.painter import Painter, Painting, Request, WalkRequest
from app.result_window import ResultWindow
from app.variations import WALK_PICTURES, Variation, Variations


@dataclass(frozen=True)
class Original:
    """The bird that is varied: its words, seed and number among the seed's samples, and who painted it."""

    words: list[str]
    seed: int
    sample: int
    weights: str


class Exploring:
    """What is painted here is kept in the gallery too, each variation as a bird of its own."""

    def __init__(self, painter: Painter, keeping: Keeping) -> None:
        self._painter, self._keeping = painter, keeping

    def connect(self, window: ResultWindow) -> None:
        """A picture that is pressed opens an explorer of its bird."""
        for tab in window.tabs:
            tab.bind("<<Explore>>", lambda _, tab=tab: self._open(window, tab))  # type: ignore[misc]

    def _open(self, window: ResultWindow, tab: ModelTab) -> None:
        from model.pipeline import split_words  # there is a picture, so it was imported long ago

        explorer = Explorer(window, split_words(window.caption), tab.birds, tab.sample, *tab.pressed)
        opened: dict[int, Variations] = {}  # each sample's variations have a window of their own

        def swap(_: object) -> None:
            sample, place, word = explorer.variation
            original = Original(explorer.words, window.seed, window.first_sample + sample, tab.weights)
            variations = opened.get(sample)
            if variations is None or not variations.winfo_exists():
                variations = opened[sample] = self._open_variations(explorer, original)
            words = [*explorer.words[:place], word, *explorer.words[place + 1 :]]
            cell = variations.add(f"“{word}” for “{explorer.words[place]}”")
            self._paint(cell, original, " ".join(words), original.seed)

        explorer.bind("<<Swap>>", swap)

    def _open_variations(self, explorer: Explorer, original: Original) -> Variations:
        picture = explorer.painted[-1].pictures[0]
        variations = Variations(explorer, original.words, picture)

        def reseed(_: object) -> None:
            seed = random.randint(0, LARGEST_SEED)
            self._paint(variations.add(f"Seed {seed}"), original, " ".join(original.words), seed)

        variations.bind("<<AnotherSeed>>", reseed)
        return variations

    def _paint(self, cell: Variation, original: Original, caption: str, seed: int) -> None:
        request = Request(caption, seed, 1, original.weights, original.sample)
        paintings = [self._painter.paint(request, cell)]

        def walk(_: object) -> None:
            start = " ".join(original.words), original.seed
            way = WalkRequest(start, (caption, seed), WALK_PICTURES, original.sample, original.weights)
            paintings.append(self._painter.walk(way, cell))

        def cancel(_: object) -> None:
            self._stop(paintings)
            cell.show_cancelled()

        def forget(event: "tk.Event[tk.Misc]") -> None:
            if event.widget is cell:
                self._stop(paintings)

        cell.offer_to_cancel()
        cell.bind("<<Walk>>", walk)
        cell.bind("<<Cancel>>", cancel)
        cell.bind("<Destroy>", forget)
        self._keeping.watch(cell, b"", cell.say)

    def _stop(self, paintings: list[Painting]) -> None:
        for painting in paintings:
            self._painter.stop(painting)
