"""The top of every panel but the first: the way back, and what the panel is for."""

import tkinter as tk
from tkinter import ttk

from app.keys import add_mnemonic
from app.theme import TITLE, px


class PanelHeading(ttk.Frame):
    """Emits <<Back>> on the panel it stands in."""

    def __init__(self, panel: ttk.Frame, title: str) -> None:
        super().__init__(panel)
        self.back = ttk.Button(self, text="Back", command=lambda: panel.event_generate("<<Back>>"))
        self.back.pack(side="left", padx=(0, px(self, 16)))
        add_mnemonic(self.back, "b")
        ttk.Label(self, text=title, font=TITLE).pack(side="left")


def wrapped_label(parent: tk.Misc) -> ttk.Label:
    """A sentence that breaks where its place ends; to be laid out with sticky="ew"."""
    label = ttk.Label(parent, style="Muted.TLabel", anchor="w")
    label.bind("<Configure>", lambda event: label.configure(wraplength=event.width))
    return label
