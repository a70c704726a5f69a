"""Opens result windows and connects them with the painter and the gallery."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

from app.ask_file import PICTURES, ask_file
from app.background import Background
from app.bird_tile import day_and_time
from app.exploring import Exploring
from app.exporter import Chosen, Exporter, reason
from app.gallery import Gallery
from app.keeping import Keeping
from app.kept_bird import KeptBird, as_result, read_stages
from app.model_tab import ModelTab
from app.painter import Painter, Request
from app.picture_folder import new_bird_folder, save_pictures
from app.pictures import PaintedStage, apart, snapshot, together
from app.result_window import ResultWindow
from app.series import Series
from app.unknown_words import painted_without


class Results:
    def __init__(
        self,
        root: tk.Tk,
        background: Background,
        painter: Painter,
        gallery: Gallery,
        note: Callable[[str], object],
        models: Callable[[], list[str]],
    ) -> None:
        """`models` tells which weight sets paint, the first at once."""
        self._root, self._background, self._painter, self._note = root, background, painter, note
        self._keeping = Keeping(root, background, gallery)
        self._exporter = Exporter(background)
        self._exploring = Exploring(painter, self._keeping, self._exporter)
        self._models = models
        self._paintings: dict[ModelTab, Series] = {}
        root.bind("<<ModelsChosen>>", lambda _: self._offer_models(), add=True)

    def open(self, caption: str, seed: int, samples: int, recording: bytes = b"") -> ResultWindow:
        window = ResultWindow(self._root, caption, seed, samples, self._models())
        for tab in window.tabs:
            self._let_paint(window, tab, recording)
        return self._start(window)

    def open_kept(self, wanted: KeptBird, others: list[KeptBird]) -> ResultWindow:
        """Shows what is kept; what another model made of the same bird is among `others`, or painted when asked for."""
        bird = wanted.bird
        window = ResultWindow(
            self._root, bird.caption, bird.seed, bird.samples, self._models(), bird.weights, bird.first_sample
        )
        kept = {other.bird.weights: other for other in [*others, wanted]}
        for tab in window.tabs:
            if tab.weights in kept:
                self._let_read(tab, kept[tab.weights])
            else:
                self._let_paint(window, tab, b"")
        self._start(window)
        window.say(f"From the gallery, painted on {day_and_time(wanted.painted_at)}. {_told(wanted)}")
        return window

    def _start(self, window: ResultWindow) -> ResultWindow:
        window.bind("<<SaveAll>>", lambda _: self._save_all(window))
        self._exploring.connect(window)
        self._exporter.connect(window, window.say, lambda: _chosen(window))
        window.start()
        return window

    def _offer_models(self) -> None:
        """Open windows gain a tab for each weight set that was chosen since; none of theirs goes."""
        for window in self._root.winfo_children():
            if isinstance(window, ResultWindow):
                there = [tab.weights for tab in window.tabs]
                for weights in self._models():
                    if weights not in there:
                        self._let_paint(window, window.add_tab(weights), b"")
                self._exploring.connect(window)

    def _let_paint(self, window: ResultWindow, tab: ModelTab, recording: bytes) -> None:
        def paint(_: object) -> None:
            request = Request(window.caption, window.seed, window.samples, tab.weights, window.first_sample)
            self._paintings[tab] = Series(self._painter, request, tab)

        def cancel(_: object) -> None:
            self._paintings[tab].stop()
            tab.show_cancelled()

        def note_unknown_words(_: object) -> None:
            if tab.result is not None and tab is window.tabs[0]:
                self._note(painted_without(tab.result.unknown_words))

        def forget(_: object) -> None:
            if tab in self._paintings:
                self._paintings.pop(tab).stop()

        tab.bind("<<PaintingWanted>>", paint)
        tab.bind("<<Cancel>>", cancel)
        tab.bind("<<Painted>>", note_unknown_words, add=True)
        tab.bind("<Destroy>", forget)
        self._keeping.watch(tab, recording, window.say)

    def _let_read(self, tab: ModelTab, kept: KeptBird) -> None:
        def show(birds: list[list[PaintedStage]]) -> None:
            if not tab.winfo_exists():
                return
            tab.show_painting(kept.bird)
            for sample, stages in enumerate(birds):
                for stage in stages:
                    tab.show_stage(stage, sample)
            if len(birds[-1]) == len(kept.bird.sizes):
                tab.show_finished(as_result(kept.bird, birds[-1]))
            else:
                tab.show_cancelled()

        def fail(error: Exception) -> None:
            if tab.winfo_exists():
                tab.show_failure(str(error))

        def read(_: object) -> None:
            tab.cancel.grid_remove()
            self._background.run(lambda: apart(read_stages(kept)), show, fail)

        tab.bind("<<PaintingWanted>>", read)

    def _save_all(self, window: ResultWindow) -> None:
        wanted = ask_file(
            PICTURES, filedialog.askdirectory, parent=window, title="Where the pictures go", mustexist=False
        )
        if not wanted:
            return
        parent, folders = Path(wanted), window.folders
        caption, seed = window.caption, window.seed
        painted = [(tab.weights, tab.bird, snapshot(tab.birds)) for tab in window.tabs if tab.bird and tab.birds[0]]

        def work() -> int:
            if parent not in folders:
                folders[parent] = new_bird_folder(parent, caption, seed)
            return sum(save_pictures(bird, together(birds), folders[parent] / name) for name, bird, birds in painted)

        window.say("Saving …")
        self._background.run(
            work,
            lambda count: window.say(f"Saved {count} pictures in {folders[parent]}."),
            lambda error: window.say(f"The pictures could not be saved: {reason(error)}."),
        )


def _told(kept: KeptBird) -> str:
    bird = kept.bird
    seed = f"Seed {bird.seed}, its bird {bird.first_sample + 1}." if bird.first_sample else f"Seed {bird.seed}."
    return seed if kept.recording is None else f"{seed} What was said is in {kept.recording}."


def _chosen(window: ResultWindow) -> Chosen | None:
    tab = window.current_tab
    birds = snapshot(tab.birds)
    return Chosen(tab.bird, tab.sample, lambda: birds) if tab.bird and tab.painted else None
