"""One of several things, under its title: a list that opens."""

import tkinter as tk
from collections.abc import Callable, Mapping
from tkinter import ttk

from app import theme
from app.theme import px

WHEEL = ("<MouseWheel>", "<Button-4>", "<Button-5>")


class Choice(ttk.Frame):
    """`opened` is called before the list opens, `chosen` after another thing was chosen."""

    def __init__(
        self,
        parent: tk.Misc,
        title: str,
        chosen: Callable[[], object],
        opened: Callable[[], object] = lambda: None,
        style: str = "TCombobox",
    ) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        ttk.Label(self, text=title, font=theme.CAPTION, style="Muted.TLabel").pack(anchor="w")
        self._opened = opened
        self.box = ttk.Combobox(self, state="readonly", width=8, style=style, postcommand=self._open)
        self.box.pack(fill="x", pady=(px(self, 2), 0))
        self.box.bind("<<ComboboxSelected>>", lambda _: self._tell(chosen))
        for event in WHEEL:  # would choose, unasked, whatever comes next
            self.box.bind(event, lambda _: "break")

    def _tell(self, chosen: Callable[[], object]) -> None:
        self.box.selection_clear()
        chosen()

    @property
    def key(self) -> str:
        return self._keys[self.box.current()]

    @property
    def labels(self) -> list[str]:
        return list(self.box.cget("values"))

    def offer(self, options: Mapping[str, str], chosen: str) -> None:
        """The label of each key; a list that is open just now changes too."""
        self._keys = list(options)
        labels = list(options.values())
        if labels != self.labels:
            self.box.configure(values=labels)
            self._change_open_list()
        self.box.current(self._keys.index(chosen))

    def choose(self, key: str) -> None:
        self.box.current(self._keys.index(key))

    def enable(self, enabled: bool) -> None:
        self.box.state(["!disabled" if enabled else "disabled"])

    def _open(self) -> None:
        """The list is a plain Tk one, which knows of no theme."""
        colours = {"-selectbackground": "accent", "-selectforeground": "on_accent", "-background": "field"}
        for option, name in (colours | {"-foreground": "foreground"}).items():
            self.tk.call(f"{self._popdown}.f.l", "configure", option, theme.colour(self, name))
        self.tk.call(f"{self._popdown}.f.l", "configure", "-borderwidth", 0, "-activestyle", "none")
        self._opened()

    @property
    def _popdown(self) -> str:
        return str(self.tk.call("ttk::combobox::PopdownWindow", self.box))

    def _change_open_list(self) -> None:
        """Tk fills the list when it opens, and has no public word for filling it again."""
        popdown = self._popdown
        if self.tk.call("winfo", "ismapped", popdown):
            self.tk.call("ttk::combobox::ConfigureListbox", self.box)
            self.tk.call("ttk::combobox::PlacePopdown", self.box, popdown)
