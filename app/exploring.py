"""Opens explorers, and paints what they ask for: their bird in other words or from another seed, and the way there."""

import dataclasses
import random

from app.bird import LARGEST_SEED
from app.explorer import Explorer
from app.exporter import Chosen, Exporter
from app.keeping import Keeping
from app.model_tab import ModelTab
from app.painter import Painter, Painting, Request, WalkRequest
from app.pictures import snapshot
from app.result_window import ResultWindow
from app.variation import WALK_PICTURES, Variation
from app.variations import HINT, Variations


class Exploring:
    """What is painted here is kept in the gallery too, each variation as a bird of its own."""

    def __init__(self, painter: Painter, keeping: Keeping, exporter: Exporter) -> None:
        self._painter, self._keeping, self._exporter = painter, keeping, exporter

    def connect(self, window: ResultWindow) -> None:
        """A picture that is pressed opens an explorer of its bird."""
        for tab in window.tabs:
            tab.bind("<<Explore>>", lambda _, tab=tab: self._open(window, tab))  # type: ignore[misc]

    def _open(self, window: ResultWindow, tab: ModelTab) -> None:
        from model.pipeline import split_words  # there is a picture, so it was imported long ago

        explorer = Explorer(window, split_words(window.caption), tab.birds, tab.sample, *tab.pressed)
        opened: dict[int, Variations] = {}  # each sample's variations have a window of their own

        def variations() -> Variations:
            sample = explorer.controls.sample
            if sample not in opened or not opened[sample].winfo_exists():
                opened[sample] = self._open_variations(explorer, tab)
            return opened[sample]

        def swap(_: object) -> None:
            place, word = explorer.swapped
            words = [*explorer.words[:place], word, *explorer.words[place + 1 :]]
            self._paint(variations(), f"“{word}” for “{explorer.words[place]}”", " ".join(words))

        def walk(_: object) -> None:
            window = variations()
            window.deiconify()
            window.lift()
            window.goal.focus_default()

        explorer.bind("<<Swap>>", swap)
        explorer.bind("<<WalkTo>>", walk)
        self._exporter.connect(explorer, explorer.tell, lambda: _shown(explorer, tab))

    def _open_variations(self, explorer: Explorer, tab: ModelTab) -> Variations:
        assert tab.bird is not None  # there is a picture of it
        number = tab.bird.first_sample + explorer.controls.sample
        original = dataclasses.replace(tab.bird, samples=1, first_sample=number)
        variations = Variations(explorer, original, list(explorer.painted))

        def reseed(_: object) -> None:
            seed = random.randint(0, LARGEST_SEED)
            self._paint(variations, f"Seed {seed}", original.caption, seed)

        variations.bind("<<AnotherSeed>>", reseed)
        variations.bind("<<WalkThere>>", lambda _: self._walk_to_goal(variations))
        self._exporter.connect(variations, variations.say, lambda: _chosen(variations))
        return variations

    def _walk_to_goal(self, variations: Variations) -> None:
        goal, start = variations.goal, variations.original
        if goal.problem:
            variations.say(goal.problem, "Error.TLabel")
            return
        variations.say(HINT)
        caption, seed = goal.caption, goal.seed
        different = [f"“{caption}”"] if caption != start.caption else []
        different += [f"Seed {seed}"] if seed != start.seed else []
        self._paint(variations, ", ".join(different), caption, seed).walks_at_once = True

    def _paint(self, variations: Variations, heading: str, caption: str, seed: int | None = None) -> Variation:
        """seed: that of the original where None"""
        original = variations.original
        cell = variations.add(heading)
        goal = caption, original.seed if seed is None else seed
        request = Request(*goal, 1, original.weights, original.first_sample)
        paintings = [self._painter.paint(request, cell)]

        def walk(_: object) -> None:
            start = original.caption, original.seed
            way = WalkRequest(start, goal, WALK_PICTURES, original.first_sample, original.weights)
            paintings.append(self._painter.walk(way, cell))

        def cancel(_: object) -> None:
            self._stop(paintings)
            cell.show_cancelled()

        cell.offer_to_cancel()
        cell.bind("<<Walk>>", walk)
        cell.bind("<<Cancel>>", cancel)
        cell.bind("<Destroy>", lambda _: self._stop(paintings))
        self._keeping.watch(cell, b"", cell.say)
        return cell

    def _stop(self, paintings: list[Painting]) -> None:
        for painting in paintings:
            self._painter.stop(painting)


def _shown(explorer: Explorer, tab: ModelTab) -> Chosen | None:
    """The bird, with the picture as it is seen."""
    sample, birds = explorer.controls.sample, snapshot(tab.birds)
    birds[sample][-1] = dataclasses.replace(birds[sample][-1], pictures=[explorer.picture])
    return Chosen(tab.bird, sample, lambda: birds) if tab.bird else None


def _chosen(variations: Variations) -> Chosen | None:
    cell = variations.chosen
    birds = snapshot(cell.birds)
    if cell.bird is None or not birds[0]:
        variations.say("Nothing is painted there yet.", "Error.TLabel")
        return None
    return Chosen(cell.bird, 0, lambda: birds, cell.way)
