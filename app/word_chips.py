"""The description as words: each a chip, tinted by how much of the attention it has, to point at and to pin."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from dataclasses import dataclass
from tkinter import ttk

from app.keys import RETURN_KEYS
from app.theme import BODY, colour, px

GAP = 6
FAINTEST = 0.06  # of the accent colour, so that a word without attention is still a chip


@dataclass(frozen=True)
class SpokenWord:
    """token: its place in the painter's words; None for a word that the painter does not know."""

    text: str
    token: int | None


def spoken_words(words: Sequence[str], tokens: Sequence[str]) -> list[SpokenWord]:
    """Every word of a description, with those of `tokens` (the known ones, in order) numbered."""
    found: list[SpokenWord] = []
    known = 0
    for word in words:
        if known < len(tokens) and tokens[known] == word:
            found.append(SpokenWord(word, known))
            known += 1
        else:
            found.append(SpokenWord(word, None))
    return found


class WordChips(ttk.Frame):
    """Emits <<WordPointed>> whenever another word (or none) is pointed at or pinned: `chosen` tells which token."""

    def __init__(self, parent: tk.Misc, words: Sequence[SpokenWord]) -> None:
        super().__init__(parent)
        self.words = list(words)
        self._pointed: int | None = None
        self.pinned: int | None = None
        self._weights: Sequence[float] = ()
        self.chips = [self._add_chip(word) for word in self.words]
        self.bind("<Configure>", lambda event: self._lay_out(event.width))
        self.bind("<<ThemeChanged>>", lambda _: self.tint(self._weights))

    @property
    def chosen(self) -> int | None:
        """The token that is pointed at, else the pinned one."""
        return self._pointed if self._pointed is not None else self.pinned

    def pin(self, token: int | None) -> None:
        """Keep a word chosen until it is pinned again, or let go with None."""
        self.pinned = None if token == self.pinned else token
        self._change()

    def tint(self, weights: Sequence[float]) -> None:
        """weights: each token's share of the attention, 0..1; the strongest gets the full colour."""
        self._weights = weights
        background, accent = ttk.Style(self).lookup(".", "background"), colour(self, "accent")
        most = max(weights, default=0.0) or 1.0
        for word, chip in zip(self.words, self.chips, strict=True):
            if word.token is None:
                chip.configure(background=background, foreground=colour(self, "muted"))
                continue
            weight = weights[word.token] if word.token < len(weights) else 0.0
            share = FAINTEST + (1 - FAINTEST) * weight / most
            text = "on_accent" if share > 0.55 else "foreground"
            chip.configure(background=_mixed(self, background, accent, share), foreground=colour(self, text))
        self._mark_pinned()

    def _add_chip(self, word: SpokenWord) -> tk.Label:
        known = word.token is not None
        chip = tk.Label(
            self,
            text=word.text if known else f"{word.text}?",
            font=BODY,
            padx=px(self, 9),
            pady=px(self, 4),
            takefocus=known,
            cursor="hand2" if known else "",
            highlightthickness=px(self, 2),
        )
        if known:
            for event in ("<Enter>", "<FocusIn>"):
                chip.bind(event, lambda _: self._point(word.token))
            for event in ("<Leave>", "<FocusOut>"):
                chip.bind(event, lambda _: self._point(None))
            for event in ("<Button-1>", "<space>", *RETURN_KEYS):
                chip.bind(event, lambda _: self.pin(word.token))
        return chip

    def _point(self, token: int | None) -> None:
        self._pointed = token
        self._change()

    def _change(self) -> None:
        self._mark_pinned()
        self.event_generate("<<WordPointed>>")

    def _mark_pinned(self) -> None:
        background, marked = ttk.Style(self).lookup(".", "background"), colour(self, "foreground")
        for word, chip in zip(self.words, self.chips, strict=True):
            pinned = word.token is not None and word.token == self.pinned
            frame = marked if pinned else background
            chip.configure(highlightbackground=frame, highlightcolor=colour(self, "accent"))

    def _lay_out(self, width: int) -> None:
        """Words follow each other and go on in the next line, as in a text."""
        gap, x, y, line = px(self, GAP), 0, 0, 0
        for chip in self.chips:
            if x and x + chip.winfo_reqwidth() > width:
                x, y = 0, y + line + gap
            chip.place(x=x, y=y)
            x += chip.winfo_reqwidth() + gap
            line = chip.winfo_reqheight()
        self.configure(height=y + line)


def _mixed(widget: tk.Misc, first: str, second: str, share: float) -> str:
    """`share` (0..1) of the second colour in the first."""
    one, two = widget.winfo_rgb(first), widget.winfo_rgb(second)
    return "#" + "".join(f"{round(a + (b - a) * share) >> 8:02x}" for a, b in zip(one, two, strict=True))
