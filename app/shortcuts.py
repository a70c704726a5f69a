"""What every key does: the one table from which keys are bound, menus labelled and the list of shortcuts is written."""

import sys
import tkinter as tk
from collections.abc import Callable
from dataclasses import dataclass
from tkinter import ttk

EVERYWHERE, PICTURES, GALLERY, WRITING, EXPLORING = (
    "Everywhere",
    "With pictures",
    "In the gallery",
    "Writing and speaking",
    "Exploring a bird",
)
ON_A_MAC = sys.platform == "darwin"
SIGNS = {
    "Control": "⌘" if ON_A_MAC else "Ctrl",
    "Alt": "⌥" if ON_A_MAC else "Alt",
    "comma": ",",
    "question": "?",
    "Escape": "Esc",
    "Prior": "PgUp",
    "Next": "PgDn",
    "space": "Space",
}


@dataclass(frozen=True)
class Shortcut:
    where: str
    does: str
    keys: tuple[str, ...] = ()  # as Tk names them; Control stands for Command on a Mac
    unless_writing: tuple[str, ...] = ()  # more keys, for which a text that is being written has its own use

    @property
    def all_keys(self) -> tuple[str, ...]:
        return (*self.keys, *self.unless_writing)


SHORTCUTS = {
    "<<NewBird>>": Shortcut(EVERYWHERE, "Describe a new bird", ("Control-n",)),
    "<<OpenPicture>>": Shortcut(EVERYWHERE, "Open a picture", ("Control-o",)),
    "<<Gallery>>": Shortcut(EVERYWHERE, "Your birds", ("Control-g",)),
    "<<Preferences>>": Shortcut(EVERYWHERE, "Preferences", ("Control-comma",)),
    "<<Shortcuts>>": Shortcut(EVERYWHERE, "This list", ("F1",), ("question",)),
    "<<Quit>>": Shortcut(EVERYWHERE, "Quit", ("Control-q",)),
    "<<SavePicture>>": Shortcut(PICTURES, "Save the picture", ("Control-s",)),
    "<<CopyPicture>>": Shortcut(PICTURES, "Copy the picture", (), ("Control-c",)),
    "<<UndoDelete>>": Shortcut(GALLERY, "Undo delete", ("Control-z",)),
    "<<Search>>": Shortcut(GALLERY, "Search", ("Control-f",)),
}
HANDLED_BY_WIDGETS = (
    Shortcut(EVERYWHERE, "Back, or close this window", ("Escape",)),
    Shortcut(EVERYWHERE, "Menus of the first window", ("F10",)),
    Shortcut(EVERYWHERE, "A button's underlined letter", ("Alt-letter",)),
    Shortcut(GALLERY, "Delete the selected bird", ("Delete",)),
    Shortcut(WRITING, "Paint, or show what was said", ("Return",)),
    Shortcut(WRITING, "Start and stop recording", ("space",)),
    Shortcut(WRITING, "Select all of a text", ("Control-a",)),
    Shortcut(WRITING, "Undo in a text", ("Control-z",)),
    Shortcut(EXPLORING, "Through the stages", ("Left", "Right")),
    Shortcut(EXPLORING, "Through the birds", ("Prior", "Next")),
    Shortcut(EXPLORING, "Side by side, or one at a time", ("M",)),
    Shortcut(EXPLORING, "Hold to compare with before", ("C",)),
)


def install(root: tk.Tk) -> None:
    """Shortcuts that work everywhere emit their event on the root, whichever window has the focus."""
    for name, shortcut in SHORTCUTS.items():
        if shortcut.where == EVERYWHERE:
            _bind(root.bind_all, shortcut, lambda name=name: root.event_generate(name))  # type: ignore[misc]
            for key in shortcut.keys:  # Tk's texts have Emacs' keys, which nobody expects here
                root.tk.call("bind", "Text", _sequence(key), "# nothing of its own")
    root.event_delete("<<LineStart>>", "<Control-a>")  # Emacs' too
    root.event_add("<<SelectAll>>", _sequence("Control-a"))


def bind(window: tk.Misc, name: str, action: Callable[[], object]) -> None:
    """Do it when the keys are pressed in the window."""
    _bind(window.bind, SHORTCUTS[name], action)


def _bind(bind: Callable[..., object], shortcut: Shortcut, action: Callable[[], object]) -> None:
    for key in shortcut.keys:
        bind(_sequence(key), lambda event: None if _is_under_dialog(event) else action(), add=True)
    for key in shortcut.unless_writing:
        bind(_sequence(key), lambda event: None if _is_under_dialog(event) or is_writing(event) else action(), add=True)


def _is_under_dialog(event: "tk.Event[tk.Misc]") -> bool:
    """A dialog or an open list has all keys for itself."""
    return not isinstance(event.widget, tk.Misc) or bool(event.widget.tk.call("grab", "current"))


def is_writing(event: "tk.Event[tk.Misc]") -> bool:
    """Whether the key was pressed in a text, or in a field in which letters can be typed."""
    if isinstance(event.widget, ttk.Entry):
        return not event.widget.instate(["readonly"])
    return isinstance(event.widget, tk.Text)


def label(name: str) -> str:
    """The first of its keys, for people: `Ctrl+S`."""
    return described(SHORTCUTS[name].all_keys[0])


def described(key: str) -> str:
    parts = [SIGNS.get(part, part.upper() if len(part) == 1 else part) for part in key.split("-")]
    return ("" if ON_A_MAC else "+").join(parts)


def _sequence(key: str) -> str:
    return f"<{key.replace('Control', 'Command') if ON_A_MAC else key}>"
