"""Words that the painter does not know: underlined where they are written, and named in a sentence."""

import re
import tkinter as tk
from collections.abc import Collection, Mapping, Sequence

from app.theme import colour

TAG = "unknown"


class UnknownWords:
    """Marks words of a text, but not the one that is just being typed."""

    def __init__(self, text: tk.Text) -> None:
        self._text = text
        self._typing = False
        text.bind("<Key>", self._note_typing, add=True)
        text.bind("<FocusOut>", lambda _: self.stop_typing(), add=True)
        text.bind("<<ThemeChanged>>", lambda _: self._draw(), add=True)
        self._draw()

    def stop_typing(self) -> None:
        self._typing = False

    def mark(self, words: Collection[str]) -> list[str]:
        """Underline `words`, given in lower case; returns those that are marked, in order and once each."""
        text = self._text
        written = text.get("1.0", "end")
        cursor = len(text.get("1.0", "insert"))
        marked = []
        text.tag_remove(TAG, "1.0", "end")
        for found in re.finditer(r"\w+", written):
            half_typed = self._typing and found.end() == cursor
            if found[0].lower() in words and not half_typed:
                text.tag_add(TAG, f"1.0+{found.start()}c", f"1.0+{found.end()}c")
                marked.append(found[0].lower())
        return list(dict.fromkeys(marked))

    def _note_typing(self, event: "tk.Event[tk.Text]") -> None:
        self._typing = bool(event.char) and event.char.isprintable()

    def _draw(self) -> None:
        red = colour(self._text, "error")
        self._text.tag_configure(TAG, underline=True, underlinefg=red)


def will_not_paint(unknown: Mapping[str, Sequence[str]]) -> str:
    """A sentence that names what no model knows, one for each of those that know less than the others, or nothing.

    unknown: by what the model is called
    """
    first, *others = unknown.values()
    nowhere = tuple(word for word in first if all(word in words for words in others))
    models: dict[tuple[str, ...], list[str]] = {}
    for model, words in unknown.items():
        models.setdefault(tuple(word for word in words if word not in nowhere), []).append(model)
    tabs = {words: f"Under {_listed(names)} the painter" for words, names in models.items()}
    told = {nowhere: "The painter", **tabs}.items()
    return " ".join(f"{who} does not know {_listed(words)} and will paint without." for words, who in told if words)


def painted_without(words: Sequence[str]) -> str:
    """A sentence that names them, or nothing."""
    return f"The painter does not know {_listed(words)}, so it painted without." if words else ""


def _listed(words: Sequence[str]) -> str:
    """“one”, “two” and “three”."""
    *others, last = [f"“{word}”" for word in words]
    return f"{', '.join(others)} and {last}" if others else last
