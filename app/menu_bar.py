"""The menus of the first window: what the shortcuts do, to be found without knowing them."""

import tkinter as tk
from functools import partial

from app.menu_entry import add_entry, make_room
from app.settings import THEMES

FILE = (
    ("New bird", 0, "<<NewBird>>"),
    ("Open a picture …", 0, "<<OpenPicture>>"),
    ("Gallery", 0, "<<Gallery>>"),
    ("Models …", 0, "<<Models>>"),
    None,
    ("Quit", 0, "<<Quit>>"),
)
TEXT = (
    ("Undo", 0, "<<Undo>>"),
    ("Redo", 0, "<<Redo>>"),
    None,
    ("Cut", 2, "<<Cut>>"),
    ("Copy", 0, "<<Copy>>"),
    ("Paste", 0, "<<Paste>>"),
    ("Select all", 7, "<<SelectAll>>"),
    None,
)
SETTING = (("Preferences …", 1, "<<Preferences>>"),)
HELP = (("Keyboard shortcuts", 0, "<<Shortcuts>>"),)


class MenuBar(tk.Menu):
    """Emits on the root what its entries say, and <<ThemeChosen>>; entries for texts go to the one with the focus."""

    def __init__(self, root: tk.Tk, theme: str) -> None:
        super().__init__(root, tearoff=False, relief="flat", borderwidth=0, activeborderwidth=0)
        self.menus: dict[str, tk.Menu] = {}
        self.theme = tk.StringVar(self, theme)
        self._room = make_room(self)
        self._fill(self._add_menu("File"), FILE)
        edit = self._add_menu("Edit")
        self._fill(edit, TEXT, to_text=True)
        self._fill(edit, SETTING)
        view = self._add_menu("View")
        for name, title in THEMES.items():
            view.add_radiobutton(
                label=title,
                underline=0,
                value=name,
                variable=self.theme,
                command=lambda: root.event_generate("<<ThemeChosen>>"),
            )
        self._fill(self._add_menu("Help"), HELP)
        root.configure(menu=self)

    def _add_menu(self, title: str) -> tk.Menu:
        menu = self.menus[title] = tk.Menu(self, tearoff=False, relief="flat", activeborderwidth=0)
        self.add_cascade(label=title, menu=menu, underline=0)
        return menu

    def _fill(self, menu: tk.Menu, entries: tuple[tuple[str, int, str] | None, ...], to_text: bool = False) -> None:
        for entry in entries:
            if entry is None:
                menu.add_separator()
                continue
            title, underline, event = entry
            add_entry(menu, title, event, self._room, partial(self._emit, event, to_text), underline)

    def _emit(self, event: str, to_text: bool) -> None:
        self.tk.call("event", "generate", (self.tk.call("focus") if to_text else "") or ".", event)
