"""A frame larger than its window: scrolls by wheel and bar, and follows the keyboard focus."""

import tkinter as tk
from tkinter import ttk

from app.theme import px


class ScrolledFrame(ttk.Frame):
    """Children go into `inside`; call `follow_focus` for those that take the focus."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.grid_propagate(False)  # or Tk would not give back the room of a bar that goes
        self.rowconfigure(0, weight=1)
        self.columnconfigure(0, weight=1)
        self._canvas = tk.Canvas(self, highlightthickness=0, width=1, height=1, takefocus=False)
        self._canvas.grid(sticky="nsew")
        self.inside = ttk.Frame(self._canvas)
        self._window = self._canvas.create_window(0, 0, window=self.inside, anchor="nw")
        self._bars: dict[str, ttk.Scrollbar] = {}
        self._add_bar("vertical", "y", row=0, column=1, sticky="ns")
        self._add_bar("horizontal", "x", row=1, column=0, sticky="ew")
        self.inside.bind("<Configure>", lambda _: self._canvas.configure(scrollregion=self._canvas.bbox("all")))
        self._listen_to_wheel()

    def fill_width(self) -> None:
        """Keep `inside` as wide as what is seen of it, for sentences that break there."""
        self._canvas.bind("<Configure>", lambda event: self._canvas.itemconfigure(self._window, width=event.width))

    def show_whole_width(self) -> None:
        """Be as wide as `inside`: there is nothing to scroll sideways."""
        bar = self._bars["vertical"].winfo_reqwidth()
        self.inside.bind("<Configure>", lambda event: self.configure(width=event.width + bar), add=True)

    def fill(self, page: ttk.Frame) -> None:
        """Keep `page`, the one child of `inside`, also at least as high as what is seen of it."""
        self.fill_width()
        page.pack(side="left", fill="both", expand=True)
        strut = ttk.Frame(self.inside, width=0)
        strut.pack(side="left")
        self._canvas.bind("<Configure>", lambda event: strut.configure(height=event.height), add=True)

    def follow_focus(self, widget: tk.Misc, part: tk.Misc | None = None) -> None:
        """part: what is to be seen together with it"""
        widget.bind("<FocusIn>", lambda _: self.see(part or widget), add=True)

    def see(self, widget: tk.Misc) -> None:
        x, y = (
            widget.winfo_rootx() - self.inside.winfo_rootx(),
            widget.winfo_rooty() - self.inside.winfo_rooty(),
        )
        for view, at, length, shown, whole in (
            ("xview", x, widget.winfo_width(), self._canvas.winfo_width(), self.inside.winfo_width()),
            ("yview", y, widget.winfo_height(), self._canvas.winfo_height(), self.inside.winfo_height()),
        ):
            first = getattr(self._canvas, view)()[0] * whole
            wanted = min(max(first, at + length - shown), at)
            if wanted != first:
                getattr(self._canvas, f"{view}_moveto")(wanted / whole)

    def _add_bar(self, orient: str, axis: str, **place: object) -> None:
        view = getattr(self._canvas, f"{axis}view")
        bar = ttk.Scrollbar(self, orient=orient, command=view)  # type: ignore[arg-type]
        bar.grid(**place)  # type: ignore[arg-type]
        self._bars[orient] = bar

        def set_bar(first: str, last: str) -> None:
            bar.set(float(first), float(last))
            everything_shows = float(first) <= 0 and float(last) >= 1
            bar.grid_remove() if everything_shows else bar.grid()

        self._canvas.configure({f"{axis}scrollcommand": set_bar})

    def _listen_to_wheel(self) -> None:
        """Bound to the window, which it dies with: several windows each have their own."""
        window = self.winfo_toplevel()
        for event, steps in (("<Button-4>", -1), ("<Button-5>", 1)):
            window.bind(event, lambda event, steps=steps: self._scroll(event, steps), add=True)  # type: ignore[misc]
        window.bind("<MouseWheel>", lambda event: self._scroll(event, -1 if event.delta > 0 else 1), add=True)

    def _scroll(self, event: "tk.Event[tk.Misc]", steps: int) -> None:
        """With the pointer over it."""
        if self.winfo_viewable() and f"{event.widget}.".startswith(f"{self}."):
            first = self._canvas.yview()[0] + steps * px(self, 60) / self.inside.winfo_height()
            self._canvas.yview_moveto(first)
