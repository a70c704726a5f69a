"""Opens result windows and connects them with the painter; keeps their pictures where the user wants them."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

from app.background import Background
from app.exploring import Exploring
from app.gallery import new_bird_folder, save_pictures
from app.model_tab import ModelTab, unknown_sentence
from app.painter import Painter, Painting, Request
from app.result_window import ResultWindow


class Results:
    def __init__(self, root: tk.Tk, background: Background, painter: Painter, note: Callable[[str], object]) -> None:
        self._root, self._background, self._painter, self._note = root, background, painter, note
        self._exploring = Exploring(painter)
        self._paintings: dict[ModelTab, Painting] = {}

    def open(self, caption: str, seed: int, samples: int) -> ResultWindow:
        window = ResultWindow(self._root, caption, seed, samples)
        window.bind("<<Save>>", lambda _: self._save(window))
        for tab in window.tabs:
            self._connect(window, tab)
        self._exploring.connect(window)
        window.start()
        return window

    def _connect(self, window: ResultWindow, tab: ModelTab) -> None:
        def paint(_: object) -> None:
            request = Request(window.caption, window.seed, window.samples, tab.weights)
            self._paintings[tab] = self._painter.paint(request, tab)

        def cancel(_: object) -> None:
            self._painter.stop(self._paintings[tab])
            tab.show_cancelled()

        def note_unknown_words(_: object) -> None:
            if tab.result is not None:
                self._note(unknown_sentence(tab.result))

        def forget(_: object) -> None:
            if tab in self._paintings:
                self._painter.stop(self._paintings.pop(tab))

        tab.bind("<<PaintingWanted>>", paint)
        tab.bind("<<Cancel>>", cancel)
        tab.bind("<<Painted>>", note_unknown_words, add=True)
        tab.bind("<Destroy>", forget)

    def _save(self, window: ResultWindow) -> None:
        wanted = filedialog.askdirectory(parent=window, title="Where the pictures go", mustexist=False)
        if not wanted:
            return
        parent, folders = Path(wanted), window.folders
        caption, seed = window.caption, window.seed
        painted = {tab.weights: list(tab.painted) for tab in window.tabs if tab.painted}

        def work() -> int:
            if parent not in folders:
                folders[parent] = new_bird_folder(parent, caption, seed)
            return sum(save_pictures(stages, folders[parent] / weights) for weights, stages in painted.items())

        def say(sentence: str) -> None:
            if window.winfo_exists():
                window.say(sentence)

        window.say("Saving …")
        self._background.run(
            work,
            lambda count: say(f"Saved {count} pictures in {folders[parent]}."),
            lambda error: say(f"The pictures could not be saved: {error}."),
        )
