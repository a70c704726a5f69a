"""One bird up close: its stages beside each other or blended, and what every word did to every place."""

from __future__ import annotations

import tkinter as tk
from collections.abc import Sequence
from tkinter import ttk

from PIL import Image

from app import shortcuts, stage_walk, theme
from app.explorer_controls import ExplorerControls
from app.palette_bar import PaletteBar
from app.panel_heading import wrapped_label
from app.pictures import PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.stage_canvas import StageCanvas
from app.stage_walk import Glow
from app.theme import px
from app.window_places import put_in_place
from app.word_chips import WordChips, spoken_words
from app.word_ranking import WordRanking
from app.word_swapper import WordSwapper

RANKING_WIDTH = 190
LEAST_HEIGHT = 200  # of the pictures; where that leaves no room for the rest, the window scrolls


class Explorer(tk.Toplevel):
    """Shows what was computed when the birds were painted; `refresh` when a further stage has come.

    Emits <<Swap>> when the same bird is wanted with another word, `swapped` tells which; <<WalkTo>> when the way to
    another bird is wanted; <<SavePicture>> and <<CopyPicture>> of the `picture` that is shown.
    """

    def __init__(
        self,
        parent: tk.Misc,
        words: Sequence[str],
        birds: list[list[PaintedStage]],
        sample: int,
        size: int,
        token: int | None = None,
    ) -> None:
        """words: of the description, in order; birds: of each sample the stages so far, lists that may grow."""
        super().__init__(parent)
        self.words, self._birds = list(words), birds
        self._drawing = ""
        gap = px(self, 12)
        self.title(f"Up close: {' '.join(words)}")
        put_in_place(self, "explorer", 1240, 700)
        self.configure(background=ttk.Style(self).lookup(".", "background"))
        self._scrolled = ScrolledFrame(self)
        self._scrolled.pack(fill="both", expand=True)
        self._scrolled.fill_width()
        inside = self._scrolled.inside
        inside.columnconfigure(0, weight=1)
        self.chips = WordChips(inside, spoken_words(words, birds[sample][0].tokens))
        self.chips.grid(columnspan=2, sticky="ew", padx=gap, pady=gap)
        self.canvas = StageCanvas(inside)
        self.canvas.grid(row=1, column=0, sticky="nsew", padx=gap)
        self._add_side(inside).grid(row=1, column=1, sticky="ns", padx=(0, gap))
        self._add_sentence(inside).grid(columnspan=2, sticky="ew", padx=gap, pady=(gap // 2, 0))
        self.controls = ExplorerControls(inside, self._sizes(), sample, size)
        self.controls.grid(columnspan=2, sticky="ew", padx=gap, pady=gap)
        self.status = wrapped_label(inside)
        self.status.grid(columnspan=2, sticky="ew", padx=gap, pady=(0, gap))
        self.status.grid_remove()
        for frame in (self._scrolled, inside):
            frame.bind("<Configure>", lambda _: self._fit_pictures(), add=True)
        self.chips.bind("<<WordPointed>>", lambda _: self._offer_words())
        for widget, event in (
            (self.chips, "<<WordPointed>>"),
            (self.canvas, "<Configure>"),
            (self.controls, "<<Changed>>"),
        ):
            widget.bind(event, lambda _: self._draw_soon(), add=True)
        self.canvas.bind("<<PlacePointed>>", lambda _: self._draw_words())
        self.bind("<Escape>", lambda _: self.destroy())
        self.bind("<<ThemeChanged>>", lambda _: self._draw_soon(), add=True)
        self.bind("<FocusIn>", self._follow_focus)
        for event in ("<<SavePicture>>", "<<CopyPicture>>"):
            shortcuts.bind(self, event, lambda event=event: self.event_generate(event))  # type: ignore[misc]
        self.chips.pin(token)
        self.focus_set()

    @property
    def swapped(self) -> tuple[int, str]:
        """The place of the pinned word in the description, and the word that is wanted there."""
        place = next(i for i, word in enumerate(self.chips.words) if word.token == self.chips.pinned)
        return place, self.swapper.word

    @property
    def painted(self) -> list[PaintedStage]:
        """The stages of the sample that is shown."""
        return self._birds[self.controls.sample]

    @property
    def picture(self) -> Image.Image:
        """As it is seen, glow and all; the last one where several are."""
        position = float(len(self.painted) - 1) if self.controls.side_by_side else self.controls.position
        if position.is_integer():
            return stage_walk.seen(self.painted[int(position)], self._glow)
        return stage_walk.blended(self.painted, position, self._glow)

    def tell(self, sentence: str) -> None:
        """What became of the picture; does nothing once the window is closed."""
        if self.winfo_exists():
            self.status.configure(text=sentence)
            self.status.grid()
            self.update_idletasks()
            self._scrolled.see(self.status)

    def refresh(self) -> None:
        self.controls.set_sizes(self._sizes())
        self._draw_soon()

    def _sizes(self) -> list[list[int]]:
        return [[painted.size for painted in stages] for stages in self._birds if stages]

    def _fit_pictures(self) -> None:
        """They get the room that everything else leaves."""
        others = self._scrolled.inside.winfo_reqheight() - self.canvas.winfo_reqheight()
        height = max(self._scrolled.winfo_height() - others, px(self, LEAST_HEIGHT))
        self.canvas.configure(height=height)

    def _follow_focus(self, event: tk.Event[tk.Misc]) -> None:
        if isinstance(event.widget, tk.Misc) and event.widget is not self:
            self._scrolled.see(event.widget)

    def _add_sentence(self, parent: ttk.Frame) -> ttk.Frame:
        row = ttk.Frame(parent)
        row.columnconfigure(0, weight=1)
        self.says = wrapped_label(row)
        self.says.configure(font=theme.BODY)
        self.says.grid(row=0, column=0, sticky="ew")
        self.swapper = WordSwapper(row)
        self.swapper.grid(row=0, column=1, sticky="e")
        return row

    def _add_side(self, parent: ttk.Frame) -> ttk.Frame:
        """As high as the pictures."""
        width = px(self, RANKING_WIDTH)
        side = ttk.Frame(parent, width=width, height=1)
        side.pack_propagate(False)
        self.ranking = WordRanking(side, width)
        self.palette_bar = PaletteBar(side, width)
        self.palette_bar.pack(side="bottom", fill="x")  # first, so that the ranking leaves it room
        self.ranking.pack(fill="both", expand=True)
        return side

    def _offer_words(self) -> None:
        """At once, for whoever types faster than pictures are drawn."""
        pinned = self.chips.pinned
        self.swapper.offer("" if pinned is None else self.painted[0].tokens[pinned])

    def _draw_soon(self) -> None:
        """Once for everything that changes at a time."""
        if not self._drawing:
            self._drawing = self.after_idle(self._draw)

    def _draw(self) -> None:
        self._drawing = ""
        if self.canvas.winfo_width() > 1:
            self._draw_pictures()
            self._draw_words()

    @property
    def _glow(self) -> Glow:
        return Glow(self.chips.chosen, self.controls.palette, self.controls.strength)

    @property
    def _stage(self) -> PaintedStage:
        """The one whose words are shown: that which is pointed at, else the one that the slider is nearest to."""
        place = self.canvas.pointed
        if self.controls.side_by_side and place is not None and place.picture < len(self.painted):
            return self.painted[place.picture]
        return self.painted[round(self.controls.position)]

    def _draw_pictures(self) -> None:
        glow = self._glow
        pictures: list[Image.Image]
        if self.controls.side_by_side:
            pictures = [stage_walk.seen(stage, glow) for stage in self.painted]
            labels = [f"{stage.size} × {stage.size}   {stage.stage.seconds:.1f} s" for stage in self.painted]
        else:
            pictures = [stage_walk.blended(self.painted, self.controls.position, glow)]
            labels = [self._label(self.controls.position)]
        self.canvas.show(pictures, labels)

    def _label(self, position: float) -> str:
        first, share = int(position), position - int(position)
        size = f"{self.painted[first].size} × {self.painted[first].size}"
        if share < 0.01:
            return f"{size}   {self.painted[first].stage.seconds:.1f} s"
        after = self.painted[first + 1].size
        return f"{size}, {share:.0%} of the way to {after} × {after}"

    def _draw_words(self) -> None:
        stage = self._stage
        place = self.canvas.pointed
        weights = stage_walk.weights(stage, place and (place.x, place.y))
        where = "where you point" if place else "the whole picture"
        in_where = where if place else f"in {where}"
        ranked = sorted(zip(stage.tokens, weights, strict=False), key=lambda pair: -pair[1])
        self.chips.tint(weights)
        self.ranking.show(f"{stage.size} × {stage.size}, {where}", ranked)
        attention = stage_walk.attention_of(stage)
        token = self.chips.chosen
        if attention is None:
            self.palette_bar.clear()
            self._say("The first stage paints from the sentence as a whole; the later ones attend to single words.")
        elif token is None:
            self.palette_bar.clear()
            self._say("Point at a word to see where it was listened to, or at the picture to see which words it heard.")
        else:
            low, high = float(attention[token].min()), float(attention[token].max())
            self.palette_bar.show(self.controls.palette, low, high)
            keep = "" if token == self.chips.pinned else " Press the word to keep it."
            self._say(
                f"“{stage.tokens[token]}” had {weights[token]:.1%} of the attention {in_where}; in the map, "
                f"{low:.1%} to {high:.1%}.{keep}"
            )

    def _say(self, sentence: str) -> None:
        self.says.configure(text=sentence)
