"""What is shown of a bird, and how: which sample, which stage, side by side or blended, in which colours."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from typing import TypeVar

from app.choice import WHEEL
from app.keys import add_mnemonic
from app.theme import px
from app.tooltip import Tooltip

RELEASE_MILLISECONDS = 60  # a held key is reported as pressed and released again and again
GAP = 16  # between groups
CONTROL_OR_ALT = 0x4 | 0x8  # of Tk's modifier bits
Widget = TypeVar("Widget", bound=ttk.Widget)


class ExplorerControls(ttk.Frame):
    """Emits <<Changed>>, and <<WalkTo>> on its window.

    Left and right walk through the stages, Page Up and Page Down through the samples, M changes between side by side
    and one at a time, and C, while held, shows the stage before.
    """

    def __init__(self, parent: tk.Misc, sizes: list[list[int]], sample: int, size: int) -> None:
        """sizes: for each sample those of its stages."""
        from model.pipeline import GLOWING

        super().__init__(parent)
        self.sample, self._sizes = sample, sizes
        self._comparing, self._released = False, ""
        self._mode = tk.StringVar(self, "side by side")
        self._position = tk.DoubleVar(self, sizes[sample].index(size))
        self._strength = tk.DoubleVar(self, GLOWING)
        self._groups = [ttk.Frame(self) for _ in range(4)]
        views, ways, stages, colours = self._groups
        self._add_samples(views)
        self._add_modes(views)
        self._add_ways(ways)
        self._add_stages(stages)
        self._add_colours(colours)
        self.bind("<Configure>", lambda event: self._lay_out(event.width))
        self._listen_to_keys(self.winfo_toplevel())
        self._update()

    @property
    def side_by_side(self) -> bool:
        return self._mode.get() == "side by side" and not self._comparing

    @property
    def position(self) -> float:
        """Which stage is shown, from 0; between two when blended; the stage before while comparing."""
        return min(max(self._position.get() - self._comparing, 0.0), self._last)

    @property
    def palette(self) -> str:
        return self.colours.get()

    @property
    def strength(self) -> float:
        """How much of the palette's colour is mixed in, 0..1."""
        return self._strength.get()

    def set_sizes(self, sizes: list[list[int]]) -> None:
        """Further stages have come, or further samples."""
        self._sizes = sizes
        self._update()

    def walk(self, steps: int) -> None:
        """To the next whole stage, or some further."""
        here = min(self._position.get(), self._last)
        start = int(here) if steps > 0 or here == int(here) else int(here) + 1
        self._position.set(min(max(start + steps, 0), self._last))
        self._change()

    def choose_sample(self, steps: int) -> None:
        self.sample = min(max(self.sample + steps, 0), len(self._sizes) - 1)
        self._change()

    def change_mode(self) -> None:
        self._mode.set("one" if self.side_by_side else "side by side")
        self._change()

    def compare(self, comparing: bool) -> None:
        """Show the stage before for a while."""
        if self._released:
            self.after_cancel(self._released)
            self._released = ""
        if comparing != self._comparing:
            self._comparing = comparing
            self._change()

    @property
    def _last(self) -> int:
        """The place of the sample's last stage so far."""
        return len(self._sizes[self.sample]) - 1

    def _change(self) -> None:
        self._update()
        self.event_generate("<<Changed>>")

    def _update(self) -> None:
        self.which.configure(text=f"Bird {self.sample + 1} of {len(self._sizes)}")
        self.before.state(["disabled" if self.sample == 0 else "!disabled"])
        self.after_it.state(["disabled" if self.sample == len(self._sizes) - 1 else "!disabled"])
        self.slider.configure(to=self._last)
        self.slider.state(["disabled" if self.side_by_side else "!disabled"])

    def _lay_out(self, width: int) -> None:
        """Groups beside each other, and below where the window is too narrow."""
        x, y, line = 0, 0, 0
        for group in self._groups:
            if x and x + group.winfo_reqwidth() > width:
                x, y = 0, y + line
            group.place(x=x, y=y)
            x += group.winfo_reqwidth() + px(self, GAP)
            line = group.winfo_reqheight()
        self.configure(height=y + line)

    def _add_samples(self, group: ttk.Frame) -> None:
        self.before = self._add(ttk.Button(group, text="‹", width=2, command=lambda: self.choose_sample(-1)))
        self.which = self._add(ttk.Label(group))
        self.after_it = self._add(ttk.Button(group, text="›", width=2, command=lambda: self.choose_sample(1)))

    def _add_modes(self, group: ttk.Frame) -> None:
        for text, mode in (("Side by side", "side by side"), ("One at a time", "one")):
            self._add(ttk.Radiobutton(group, text=text, value=mode, variable=self._mode, command=self._change))

    def _add_ways(self, group: ttk.Frame) -> None:
        window = self.winfo_toplevel()
        self.walk_to = self._add(
            ttk.Button(group, text="Walk to …", command=lambda: window.event_generate("<<WalkTo>>"))
        )
        add_mnemonic(self.walk_to, "w")
        Tooltip(self.walk_to, "Any other description or seed, and the way there from this bird.")

    def _add_stages(self, group: ttk.Frame) -> None:
        self.slider = self._add(
            ttk.Scale(group, variable=self._position, length=px(self, 140), command=lambda _: self._change())
        )
        self.compare_button = self._add(ttk.Button(group, text="Hold to compare"))
        self.compare_button.bind("<ButtonPress-1>", lambda _: self.compare(True))
        self.compare_button.bind("<ButtonRelease-1>", lambda _: self.compare(False))

    def _add_colours(self, group: ttk.Frame) -> None:
        from model.pipeline import PALETTES

        self.colours = self._add(ttk.Combobox(group, values=list(PALETTES), state="readonly", width=9))
        self.colours.current(0)
        self.colours.bind("<<ComboboxSelected>>", lambda _: self._change())
        for event in WHEEL:  # which is for the window
            self.colours.bind(event, lambda _: "break")
        self._add(ttk.Label(group, text="Glow"))
        glow = ttk.Scale(group, variable=self._strength, length=px(self, 90), command=lambda _: self._change())
        self.glow = self._add(glow)

    def _add(self, widget: Widget) -> Widget:
        widget.pack(side="left", padx=px(self, 4), pady=px(self, 2))
        return widget

    def _listen_to_keys(self, window: tk.Toplevel | tk.Tk) -> None:
        actions: dict[str, Callable[[], object]] = {
            "<Left>": lambda: self.walk(-1),
            "<Right>": lambda: self.walk(1),
            "<Prior>": lambda: self.choose_sample(-1),
            "<Next>": lambda: self.choose_sample(1),
            "<m>": self.change_mode,
            "<M>": self.change_mode,
            "<KeyPress-c>": lambda: self.compare(True),
            "<KeyPress-C>": lambda: self.compare(True),
            "<KeyRelease-c>": self._let_go,
            "<KeyRelease-C>": self._let_go,
        }
        for key, action in actions.items():
            window.bind(key, lambda event, action=action: self._act(event, action))  # type: ignore[misc]

    def _act(self, event: tk.Event[tk.Misc], action: Callable[[], object]) -> None:
        """Sliders and fields keep their keys for themselves, and a letter with Ctrl or Alt is another key."""
        if not isinstance(event.widget, (ttk.Scale, ttk.Entry)) and not int(event.state) & CONTROL_OR_ALT:
            action()

    def _let_go(self) -> None:
        self._released = self.after(RELEASE_MILLISECONDS, self.compare, False)
