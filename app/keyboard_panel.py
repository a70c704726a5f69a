"""Write the description, or correct what was heard, and have it painted."""

import secrets
import tkinter as tk
from tkinter import ttk

from app import theme
from app.alternatives import Alternatives
from app.bird import LARGEST_SEED, seed_problem
from app.keys import RETURN_KEYS, add_mnemonic, leave_with_tab
from app.panel_heading import PanelHeading, wrapped_label
from app.settings import MAXIMUM_SAMPLES
from app.theme import px
from app.tooltip import Tooltip
from app.unknown_words import UnknownWords, will_not_paint


class KeyboardPanel(ttk.Frame):
    """Emits <<Paint>> when description, samples and seed make sense, <<Edited>> and <<Back>>."""

    def __init__(self, parent: tk.Misc, samples: int, seed: int | None) -> None:
        """seed: the one that is locked, if any."""
        super().__init__(parent, padding=px(parent, 24))
        gap = px(self, 12)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        PanelHeading(self, "Describe your bird").grid(sticky="w", pady=(0, gap))
        self._add_text().grid(sticky="nsew", pady=(0, gap // 2))
        self.unknown = wrapped_label(self)
        self.unknown.grid(sticky="ew")
        self.heard = wrapped_label(self)
        self.heard.grid(sticky="ew")
        self.alternatives = Alternatives(self, self._choose)
        self.alternatives.grid(sticky="ew")
        self._add_controls(samples, seed).grid(sticky="ew", pady=(gap, 0))
        self.status = wrapped_label(self)
        self.status.grid(sticky="ew", pady=(gap // 2, 0))
        # not before: a row left empty would be given to the next widget
        self.alternatives.show(())
        self.unknown.grid_remove()
        self.status.grid_remove()
        for key in (*RETURN_KEYS, "<Control-Return>"):
            for field in (self.text, self.samples_box, self.seed_entry):
                field.bind(key, self._paint_with_key)

    @property
    def caption(self) -> str:
        return " ".join(self.text.get("1.0", "end").split())

    @property
    def samples(self) -> int:
        return int(self.samples_box.get())

    @property
    def seed(self) -> int:
        """The one that is shown; a painting that wants a new one has it shown first."""
        return int(self._seed.get())

    @property
    def locked(self) -> bool:
        """Whether the next painting gets the same seed again."""
        return self._locked.get()

    @property
    def note(self) -> str:
        return str(self.status.cget("text"))

    def focus_default(self) -> None:
        self.text.focus_set()

    def show_heard(self, text: str, sentence: str, alternatives: tuple[str, ...] = ()) -> None:
        self._write(text)
        self.alternatives.show(alternatives)
        self.heard.configure(text=f"{sentence.strip()} Or did you say:" if alternatives else sentence)
        self.show_note("")

    def show_recipe(self, text: str, seed: int | None, samples: int, sentence: str) -> None:
        """What paints a bird again."""
        self.show_heard(text, "")
        self._seed.set("" if seed is None else str(seed))
        self._locked.set(seed is not None)
        self.samples_box.set(min(samples, MAXIMUM_SAMPLES))
        self.show_note(sentence)

    def mark_unknown(self, unknown: dict[str, list[str]]) -> None:
        """What each model that paints does not know of the description."""
        marked = self._unknown_words.mark(set().union(*unknown.values()))
        told = {model: [word for word in marked if word in words] for model, words in unknown.items()}
        _say(self.unknown, will_not_paint(told), "Muted.TLabel")

    def _choose(self, text: str) -> None:
        """What stood there is offered in its place."""
        others = [button.cget("text") for button in self.alternatives.buttons]
        others[others.index(text)] = self.caption
        self._write(text)
        self.alternatives.show(tuple(others))
        self.text.focus_set()

    def _write(self, text: str) -> None:
        self._unknown_words.stop_typing()
        self.text.delete("1.0", "end")
        self.text.insert("1.0", text)

    def show_note(self, sentence: str) -> None:
        _say(self.status, sentence, "Muted.TLabel")

    def show_failure(self, sentence: str) -> None:
        _say(self.status, sentence, "Error.TLabel")

    def _add_text(self) -> ttk.Frame:
        field = ttk.Frame(self, style="Field.TFrame", padding=px(self, 4))
        self.text = tk.Text(
            field,
            height=4,
            width=44,
            font=theme.LARGE,
            wrap="word",
            undo=True,
            relief="flat",
            highlightthickness=0,
            borderwidth=0,
            padx=px(self, 6),
            pady=px(self, 4),
        )
        self.text.pack(fill="both", expand=True)
        self.text.bind("<FocusIn>", lambda _: self._draw_field(field, focused=True))
        self.text.bind("<FocusOut>", lambda _: self._draw_field(field, focused=False))
        self.text.bind("<<ThemeChanged>>", lambda _: self._draw_field(field, field.instate(["focus"])))
        leave_with_tab(self.text)
        self._unknown_words = UnknownWords(self.text)
        for event in ("<<Modified>>", "<KeyRelease>", "<FocusOut>"):
            self.text.bind(event, lambda _: self._tell_of_edit(), add=True)
        return field

    def _tell_of_edit(self) -> None:
        if self.text.edit_modified() and str(self.status.cget("style")) == "Error.TLabel":
            self.show_note("")  # what was wrong may no longer be
        self.text.edit_modified(False)
        self.event_generate("<<Edited>>")

    def _draw_field(self, field: ttk.Frame, focused: bool) -> None:
        field.state(["focus" if focused else "!focus"])
        self.text.configure(background=theme.colour(self, "focused_field" if focused else "field"))

    def _add_controls(self, samples: int, seed: int | None) -> ttk.Frame:
        row = ttk.Frame(self)
        ttk.Label(row, text="Samples").pack(side="left")
        self.samples_box = ttk.Spinbox(row, from_=1, to=MAXIMUM_SAMPLES, width=3)
        self.samples_box.set(samples)
        self.samples_box.pack(side="left", padx=(px(self, 8), px(self, 16)))
        ttk.Label(row, text="Seed").pack(side="left")
        self._seed = tk.StringVar(self, "" if seed is None else str(seed))
        self._locked = tk.BooleanVar(self, seed is not None)
        self._drawn = ""
        self._seed.trace_add("write", lambda *_: self._lock_what_is_written())
        self.seed_entry = ttk.Entry(row, width=11, textvariable=self._seed)
        self.seed_entry.pack(side="left", padx=px(self, 8))
        self.lock = ttk.Checkbutton(row, text="Locked", variable=self._locked)
        self.lock.pack(side="left", padx=(0, px(self, 8)))
        Tooltip(self.samples_box, "How many birds are painted from the description.")
        Tooltip(self.seed_entry, "The same description and seed paint the same bird.")
        Tooltip(self.lock, "The same seed again and again; without the lock, every painting gets a new one.")
        self.paint = ttk.Button(row, text="Paint", width=10, style="Accent.TButton", command=self._paint)
        self.paint.pack(side="right")
        add_mnemonic(self.paint, "p")
        return row

    def _paint_with_key(self, _: "tk.Event[tk.Misc]") -> str:
        self._paint()
        return "break"

    def _paint(self) -> None:
        problem = self._problem()
        if problem:
            self.show_failure(problem)
        else:
            self.show_note("")
            if not self.locked or not self._seed.get().strip():
                self._drawn = str(secrets.randbelow(LARGEST_SEED))
                self._seed.set(self._drawn)
            self.event_generate("<<Paint>>")

    def _lock_what_is_written(self) -> None:
        """Who writes a seed wants that one, who empties the field a new one; one that was drawn is only shown."""
        seed = self._seed.get().strip()
        if seed != self._drawn:
            self._locked.set(bool(seed))

    def _problem(self) -> str:
        if not self.caption:
            return "Describe the bird first, for example: a small red bird with white wings."
        if not (self.samples_box.get().isdecimal() and 1 <= self.samples <= MAXIMUM_SAMPLES):
            return f"The number of samples is a number from 1 to {MAXIMUM_SAMPLES}."
        return seed_problem(self._seed.get().strip()) if self.locked else ""


def _say(label: ttk.Label, sentence: str, style: str) -> None:
    """An empty label takes no room."""
    label.configure(text=sentence, style=style)
    if sentence:
        label.grid()
    else:
        label.grid_remove()
