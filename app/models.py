"""Opens the window of models, and connects it with the disk, the painter and what is remembered."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog, messagebox
from typing import TYPE_CHECKING

from app.adding import Adding, Progress
from app.ask_file import WEIGHTS, ask_file
from app.background import Background
from app.checkpoint_window import CheckpointWindow
from app.exporter import reason
from app.model_choice import full_title, still_there
from app.models_window import ModelsWindow
from app.only_window import find_window, lift_window
from app.painter import Painter
from app.settings import Settings

if TYPE_CHECKING:
    from model.weight_sets import WeightSet


class Models:
    """Emits <<ModelsChosen>> on the root when other weight sets are to paint, or in another order."""

    def __init__(
        self,
        root: tk.Tk,
        background: Background,
        painter: Painter,
        settings: Settings,
        remember: Callable[..., None],
    ) -> None:
        self._root, self._background, self._painter = root, background, painter
        self._settings, self._remember = settings, remember
        self._adding = Adding(background)
        self._names: list[str] = []

    @property
    def chosen(self) -> list[str]:
        """The weight sets that paint, the first at once."""
        return still_there(self._settings.models)

    @property
    def missed(self) -> str:
        """A sentence about the first one where it was chosen and is gone, or nothing."""
        wanted = self._settings.models[0]
        return "" if wanted == self.chosen[0] else f"The model {full_title(wanted)} is gone. "

    def open(self) -> ModelsWindow:
        return lift_window(self._root, ModelsWindow) or self._open()

    def _open(self) -> ModelsWindow:
        window = ModelsWindow(self._root, self.chosen)
        window.bind("<<Chosen>>", lambda _: self._choose(window.chosen))
        window.bind("<<Remove>>", lambda _: self._ask_to_remove(window, window.to_remove))
        window.bind("<<AddFolder>>", lambda _: self._add_folder(window))
        window.bind("<<AddCheckpoint>>", lambda _: self._ask_for_checkpoint(window))
        self._refresh()
        return window

    def _choose(self, chosen: list[str]) -> None:
        self._remember(models=chosen)
        self._root.event_generate("<<ModelsChosen>>")

    def _refresh(self) -> None:
        window = find_window(self._root, ModelsWindow)

        def read() -> list[WeightSet]:
            from model.weight_sets import weight_sets

            return weight_sets()

        def show(found: list[WeightSet]) -> None:
            self._names = [weights.name for weights in found]
            if window is not None and window.winfo_exists():
                window.choose(self.chosen)
                window.show(found)

        def fail(error: Exception) -> None:
            if window is not None and window.winfo_exists():
                window.say(f"The models cannot be listed: {reason(error)}.", "Error.TLabel")

        self._background.run(read, show, fail)

    def _add_folder(self, window: ModelsWindow) -> None:
        wanted = ask_file(
            WEIGHTS, filedialog.askdirectory, parent=window, title="The folder of a weight set", mustexist=True
        )
        if not wanted:
            return
        source = Path(wanted)

        def work(progress: Progress) -> str:
            from model.added_weights import add_folder  # imports torch: never on the Tk thread

            return add_folder(source, progress)

        self._adding.start(work, window.progress, lambda name: self._welcome(name, source.name))

    def _ask_for_checkpoint(self, window: ModelsWindow) -> None:
        if not lift_window(window, CheckpointWindow):
            dialog = CheckpointWindow(window)
            dialog.bind("<<Import>>", lambda _: self._import(dialog))

    def _import(self, dialog: CheckpointWindow) -> None:
        files, wanted = dialog.files, dialog.name.get().strip()

        def work(progress: Progress) -> str:
            from model.added_weights import add_published  # imports torch: never on the Tk thread

            return add_published(*files, wanted, progress)

        def added(name: str) -> None:
            if dialog.winfo_exists():
                dialog.destroy()
            self._welcome(name, wanted)

        self._adding.start(work, dialog.progress, added)

    def _welcome(self, name: str, wanted: str) -> None:
        """A new set paints too: that is what it was added for."""
        taken = f", since another model is called {wanted}" if wanted in self._names else ""
        self._choose([*self.chosen, name])
        window = find_window(self._root, ModelsWindow)
        if window is not None:
            window.say(f"Added {name}{taken}. It paints in a tab of its own.")
        self._refresh()

    def _ask_to_remove(self, window: ModelsWindow, found: WeightSet) -> None:
        name, sure = found.name, f"Remove {found.name} from this computer? Its folder is deleted: {found.folder}"
        if not messagebox.askyesno("Remove a model", sure, parent=window):
            return

        def work() -> None:
            from model.added_weights import remove_weights

            remove_weights(name)

        def done(_: None) -> None:
            self._painter.forget(name)
            self._choose(self.chosen)
            if window.winfo_exists():
                window.say(f"Removed {name}. The birds that it painted stay in the gallery.")
            self._refresh()

        def fail(error: Exception) -> None:
            if window.winfo_exists():
                window.say(f"{name} could not be removed: {reason(error)}.", "Error.TLabel")

        self._background.keep(work, done, fail)
