"""What is going on, how far it is, and a button that stops it; afterwards how it ended."""

import tkinter as tk
from tkinter import ttk

from app.panel_heading import wrapped_label
from app.theme import px


class ProgressRow(ttk.Frame):
    """Emits <<Cancel>>. Without anything to say it takes no room."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.columnconfigure(0, weight=1)
        self.status = wrapped_label(self)
        self.status.grid(row=0, column=0, sticky="ew")
        self.bar = ttk.Progressbar(self, length=px(self, 140), maximum=1.0)
        self.bar.grid(row=0, column=1, padx=px(self, 12))
        self.cancel = ttk.Button(self, text="Cancel", command=lambda: self.event_generate("<<Cancel>>"))
        self.cancel.grid(row=0, column=2)
        self.rowconfigure(0, minsize=self.cancel.winfo_reqheight())  # nothing moves when the button comes and goes
        self.bar.grid_remove()
        self.cancel.grid_remove()

    def show(self, what: str, share: float) -> None:
        self.status.configure(text=what, style="Muted.TLabel")
        self.bar.configure(value=share)
        self.bar.grid()
        self.cancel.grid()
        self.grid()

    def end(self, sentence: str, style: str = "Muted.TLabel") -> None:
        self.status.configure(text=sentence, style=style)
        self.bar.grid_remove()
        self.cancel.grid_remove()
        if sentence:
            self.grid()
        else:
            self.grid_remove()
