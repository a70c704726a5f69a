"""The window that lists every key, under where it works."""

import tkinter as tk
from tkinter import ttk

from app import theme
from app.keys import add_mnemonic
from app.shortcuts import EVERYWHERE, EXPLORING, GALLERY, HANDLED_BY_WIDGETS, PICTURES, SHORTCUTS, WRITING, described
from app.theme import px

COLUMNS = (EVERYWHERE, PICTURES), (GALLERY, WRITING, EXPLORING)


class ShortcutList(tk.Toplevel):
    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.title("Keyboard shortcuts")
        self.transient(parent.winfo_toplevel())
        self.resizable(False, False)
        gap = px(self, 10)
        for number, places in enumerate(COLUMNS):
            column = ttk.Frame(self)
            column.grid(row=0, column=number, sticky="n", padx=gap, pady=(gap, 0))
            for where in places:
                self._add_table(column, where).pack(fill="x", pady=(0, px(self, 10)))
        close = ttk.Button(self, text="Close", command=self.destroy)
        close.grid(row=1, column=1, sticky="e", padx=gap, pady=(0, gap))
        add_mnemonic(close, "c")
        self.bind("<Escape>", lambda _: self.destroy())
        close.focus_set()

    def _add_table(self, parent: ttk.Frame, where: str) -> ttk.Frame:
        table = ttk.Frame(parent)
        table.columnconfigure(0, weight=1)
        ttk.Label(table, text=where, font=theme.STRONG).grid(columnspan=2, sticky="w", pady=(0, px(self, 2)))
        for shortcut in (*SHORTCUTS.values(), *HANDLED_BY_WIDGETS):
            if shortcut.where == where:
                keys = " or ".join(map(described, shortcut.all_keys))
                ttk.Label(table, text=shortcut.does).grid(sticky="w", padx=(0, px(self, 16)))
                ttk.Label(table, text=keys, style="Muted.TLabel").grid(
                    row=table.grid_size()[1] - 1, column=1, sticky="e"
                )
        return table
