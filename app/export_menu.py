"""The button with all the ways a bird leaves the program."""

import tkinter as tk
from tkinter import ttk

from app.keys import RETURN_KEYS
from app.theme import px

ENTRIES = {
    "Picture …": ("<<SavePicture>>", "Ctrl+S"),
    "Animation …": ("<<SaveAnimation>>", ""),
    "Contact sheet …": ("<<SaveSheet>>", ""),
    "Copy picture": ("<<CopyPicture>>", "Ctrl+C"),
}
ALL_PICTURES = {"All pictures …": ("<<SaveAll>>", "")}


class ExportMenu(ttk.Menubutton):
    """Emits what `entries` say, on its window."""

    def __init__(self, parent: tk.Misc, entries: dict[str, tuple[str, str]]) -> None:
        super().__init__(parent, text="Export", underline=0, width=7)
        self.menu = tk.Menu(self, tearoff=False, relief="flat", activeborderwidth=0)
        self._height = tk.PhotoImage(master=self, width=px(self, 6), height=px(self, 26))  # room around each entry
        for label, (event, key) in entries.items():
            self.menu.add_command(
                label=label,
                accelerator=f"{key}  " if key else "",
                image=self._height,
                compound="left",
                command=lambda event=event: self.winfo_toplevel().event_generate(event),  # type: ignore[misc]
            )
        self.configure(menu=self.menu)
        window = self.winfo_toplevel()
        for key, event in (("<Control-s>", "<<SavePicture>>"), ("<Control-c>", "<<CopyPicture>>")):
            window.bind(key, lambda pressed, event=event: self._press(pressed, event), add=True)  # type: ignore[misc]
        window.bind("<Alt-e>", lambda _: self._post(), add=True)
        for key in RETURN_KEYS:
            self.bind(key, lambda _: self._post())

    def _press(self, pressed: "tk.Event[tk.Misc]", event: str) -> None:
        """A field copies its own text."""
        if not self.instate(["disabled"]) and not isinstance(pressed.widget, ttk.Entry):
            self.winfo_toplevel().event_generate(event)

    def _post(self) -> None:
        if not self.instate(["disabled"]):
            self.tk.call("ttk::menubutton::Popdown", str(self))
