"""The button with all the ways a bird leaves the program."""

import tkinter as tk
from functools import partial
from tkinter import ttk

from app import shortcuts
from app.keys import RETURN_KEYS
from app.menu_entry import add_entry, make_room

ENTRIES = {
    "Picture …": "<<SavePicture>>",
    "Animation …": "<<SaveAnimation>>",
    "Contact sheet …": "<<SaveSheet>>",
    "Copy picture": "<<CopyPicture>>",
}
ALL_PICTURES = {"All pictures …": "<<SaveAll>>"}


class ExportMenu(ttk.Menubutton):
    """Emits what `entries` say, on its window."""

    def __init__(self, parent: tk.Misc, entries: dict[str, str]) -> None:
        super().__init__(parent, text="Export", underline=0, width=7)
        window = self.winfo_toplevel()
        self.menu = tk.Menu(self, tearoff=False, relief="flat", activeborderwidth=0)
        self._room = make_room(self)
        for title, event in entries.items():
            add_entry(self.menu, title, event, self._room, partial(window.event_generate, event))
        self.configure(menu=self.menu)
        for event in ("<<SavePicture>>", "<<CopyPicture>>"):
            shortcuts.bind(window, event, lambda event=event: self._emit(event))  # type: ignore[misc]
        window.bind("<Alt-e>", lambda _: self._post(), add=True)
        for key in RETURN_KEYS:
            self.bind(key, lambda _: self._post())

    def _emit(self, event: str) -> None:
        if not self.instate(["disabled"]):
            self.winfo_toplevel().event_generate(event)

    def _post(self) -> None:
        if not self.instate(["disabled"]):
            self.tk.call("ttk::menubutton::Popdown", str(self))
