"""A row that shows as many of its widgets as there is room for, from the first."""

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk


class FittingRow(ttk.Frame):
    """To be laid out with fill="x"; asks for the height of its widgets and for no width."""

    def __init__(self, parent: tk.Misc, gap: int) -> None:
        super().__init__(parent, width=1)
        self.grid_propagate(False)
        self._gap = gap
        self._widgets: Sequence[ttk.Widget] = ()
        self.bind("<Configure>", lambda _: self._lay_out())

    def show(self, widgets: Sequence[ttk.Widget]) -> None:
        """Children of this row, in order."""
        self._widgets = widgets
        self.configure(height=max((widget.winfo_reqheight() for widget in widgets), default=1))
        self._lay_out()

    def _lay_out(self) -> None:
        right = 0
        for column, widget in enumerate(self._widgets):
            right += widget.winfo_reqwidth()
            if right <= self.winfo_width():
                widget.grid(row=0, column=column, padx=(0, self._gap))
            else:
                widget.grid_forget()
            right += self._gap
