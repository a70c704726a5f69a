"""How loud it is at this moment: a column that rises with the voice, and turns red where sound is cut off."""

import tkinter as tk

from app.theme import colour, px

TOO_LOUD = 0.99  # 0.6 dB under full scale


class LevelMeter(tk.Canvas):
    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent, height=px(parent, 30), width=px(parent, 8), highlightthickness=0, takefocus=False)
        self.level = 0.0
        self._scale = self.create_rectangle(0, 0, 0, 0, width=0)
        self._column = self.create_rectangle(0, 0, 0, 0, width=0)
        for event in ("<Configure>", "<<ThemeChanged>>"):
            self.bind(event, lambda _: self.show(self.level))

    def show(self, level: float) -> None:
        self.level = level
        width, height = self.winfo_width(), self.winfo_height()
        self.coords(self._scale, 0, 0, width, height)
        self.coords(self._column, 0, height * (1 - min(level, 1.0)), width, height)
        self.itemconfigure(self._scale, fill=colour(self, "faint"))
        self.itemconfigure(self._column, fill=colour(self, "error" if level >= TOO_LOUD else "accent"))
