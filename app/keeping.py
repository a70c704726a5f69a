"""Puts every painting into the gallery once it ends, however it ends."""

import dataclasses
import tkinter as tk
from collections.abc import Callable

from app.background import Background
from app.exporter import reason
from app.gallery import Gallery
from app.kept_bird import KeptBird
from app.model_tab import ModelTab
from app.pictures import snapshot, together
from app.variation import Variation


class Keeping:
    """A painting that was cancelled, or whose window was closed, is kept as far as it came."""

    def __init__(self, root: tk.Tk, background: Background, gallery: Gallery) -> None:
        self._root, self._background, self._gallery = root, background, gallery
        self._kept: set[ModelTab | Variation] = set()

    def watch(self, tab: ModelTab | Variation, recording: bytes, say: Callable[[str], object]) -> None:
        """Emits <<BirdKept>> on the root once the bird is on the disk, and <<RecordingKept>> if it was spoken."""

        def keep(_: object) -> None:
            self._keep(tab, recording, say)

        def keep_and_forget(_: object) -> None:
            self._keep(tab, recording, say)
            self._kept.discard(tab)

        tab.bind("<<Painted>>", keep, add=True)
        tab.bind("<<Cancel>>", keep, add=True)
        tab.bind("<Destroy>", keep_and_forget, add=True)

    def _keep(self, tab: ModelTab | Variation, recording: bytes, say: Callable[[str], object]) -> None:
        bird, birds, gallery = tab.bird, snapshot(tab.birds), self._gallery
        if bird is None or not birds[0] or tab in self._kept:
            return
        self._kept.add(tab)

        def work() -> KeptBird:
            painted = together(birds)
            there = dataclasses.replace(bird, samples=len(painted[0].pictures))
            return gallery.keep(there, painted, recording)

        def done(_: KeptBird) -> None:
            self._root.event_generate("<<BirdKept>>")
            if recording:
                self._root.event_generate("<<RecordingKept>>")

        def failed(error: Exception) -> None:
            self._kept.discard(tab)  # closing the window is another chance
            say(f"This bird could not be kept in the gallery: {reason(error)}. It stays here; save it elsewhere.")

        self._background.keep(work, done, failed)
