"""Everything that was painted, newest first: to look for, to open again, to delete and to bring back."""

import tkinter as tk
from tkinter import ttk

from app import shortcuts, theme
from app.bird_tile import BirdTile
from app.export_menu import ENTRIES, ExportMenu
from app.gallery import search
from app.kept_bird import KeptBird
from app.keys import add_mnemonic, has_focus
from app.panel_heading import wrapped_label
from app.scrolled_frame import ScrolledFrame
from app.theme import px
from app.window_places import put_in_place

PAGE = 60
TILE_GAP = 7
ARROWS = {"<Left>": -1, "<Right>": 1, "<Up>": None, "<Down>": None}
NOTHING_YET = "Nothing has been painted yet. Every bird that you describe will be kept here."


class GalleryWindow(tk.Toplevel):
    """Emits <<OpenBird>>, <<PaintAgain>>, <<DeleteBird>>, <<UndoDelete>>, <<ThumbnailsWanted>>, what the menu says."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.title("Your birds")
        put_in_place(self, "gallery", 920, 680)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        self.selected: KeptBird | None = None
        self.tiles: list[BirdTile] = []
        self._birds: list[KeptBird] = []
        self._shown = PAGE
        self._columns = 1
        gap = px(self, 16)
        self._add_heading().grid(sticky="ew", padx=gap, pady=(gap, gap // 2))
        self._scrolled = ScrolledFrame(self)
        self._scrolled.grid(sticky="nsew", padx=(gap, gap // 2))
        self._empty = ttk.Label(self._scrolled.inside, style="Muted.TLabel", font=theme.LARGE)
        self.more = ttk.Button(self._scrolled.inside, text="Show more", command=self._show_more)
        self._scrolled.bind("<Configure>", lambda _: self._lay_out())
        self._add_footer().grid(sticky="ew", padx=gap, pady=(gap // 2, gap))
        self.bind("<Escape>", lambda _: self.destroy())
        shortcuts.bind(self, "<<UndoDelete>>", self.undo.invoke)
        shortcuts.bind(self, "<<Search>>", self.search.focus_set)
        self.bind("<Alt-s>", lambda _: self.search.focus_set())
        self.search.focus_set()

    def show(self, birds: list[KeptBird], can_undo: bool) -> None:
        self._birds = birds
        self.undo.state(["!disabled" if can_undo else "disabled"])
        self._fill()

    def say(self, sentence: str, style: str = "Muted.TLabel") -> None:
        """Does nothing once the window is closed."""
        if self.winfo_exists():
            self.status.configure(text=sentence, style=style)

    def _add_heading(self) -> ttk.Frame:
        row = ttk.Frame(self)
        row.columnconfigure(1, weight=1)
        ttk.Label(row, text="Your birds", font=theme.TITLE).grid(row=0, column=0)
        self.count = ttk.Label(row, style="Muted.TLabel")
        self.count.grid(row=0, column=1, sticky="sw", padx=px(self, 12), pady=(0, px(self, 5)))
        ttk.Label(row, text="Search", underline=0).grid(row=0, column=2, padx=px(self, 8))
        self._words = tk.StringVar(self)
        self._words.trace_add("write", lambda *_: self._search())
        self.search = ttk.Entry(row, textvariable=self._words, width=24)
        self.search.grid(row=0, column=3)
        self.search.bind("<Down>", lambda _: self.tiles[0].focus_set() if self.tiles else None)
        return row

    def _add_footer(self) -> ttk.Frame:
        row = ttk.Frame(self)
        row.columnconfigure(2, weight=1)
        gap = px(self, 8)
        self.status = wrapped_label(row)
        self.status.grid(row=0, columnspan=5, sticky="ew", pady=(0, gap))
        self.undo = self._button(row, 0, "Undo delete", "u", "<<UndoDelete>>")
        self.delete = self._button(row, 1, "Delete", "d", "<<DeleteBird>>")
        self.which = ttk.Combobox(row, state="readonly", width=11)
        self.which.grid(row=0, column=5, columnspan=2, sticky="e", pady=(0, gap))
        self.which.bind("<<ComboboxSelected>>", lambda _: self._choose_sample())
        self.export = ExportMenu(row, ENTRIES)
        self.export.grid(row=1, column=4, padx=(0, gap))
        self.again = self._button(row, 5, "Paint again", "p", "<<PaintAgain>>")
        self.open = self._button(row, 6, "Open", "o", "<<OpenBird>>")
        self.open.configure(style="Accent.TButton")
        self.open.grid(padx=0)
        self._select(None)
        return row

    def _button(self, row: ttk.Frame, column: int, text: str, letter: str, event: str) -> ttk.Button:
        button = ttk.Button(row, text=text, command=lambda: self.event_generate(event))
        button.grid(row=1, column=column, padx=(0, px(self, 8)))
        add_mnemonic(button, letter)
        return button

    def _search(self) -> None:
        self._shown = PAGE
        self._fill()

    def _show_more(self) -> None:
        self._shown += PAGE
        self._fill()

    def _fill(self) -> None:
        """Tiles for what is found; those that are there already keep their pictures."""
        found = search(self._birds, self._words.get())
        there = {tile.kept.folder: tile for tile in self.tiles}
        place = next((i for i, tile in enumerate(self.tiles) if tile.kept == self.selected), 0)
        self.tiles = [
            there.pop(kept.folder) if kept.folder in there else self._add_tile(kept) for kept in found[: self._shown]
        ]
        had_focus = has_focus(self, *there.values())
        for tile in there.values():
            tile.destroy()
        birds = f"{len(self._birds)} birds" if len(self._birds) != 1 else "1 bird"
        self.count.configure(text=birds if len(found) == len(self._birds) else f"{len(found)} of {birds}")
        self._empty.configure(text=f"No bird for “{self._words.get()}”." if self._birds else NOTHING_YET)
        if self.selected not in found:
            self._select(None)
            if had_focus and self.tiles:
                self.tiles[min(place, len(self.tiles) - 1)].focus_set()
        self._columns = 0
        self._lay_out()
        if len(found) > self._shown:
            self.more.grid(row=len(self.tiles), column=0, columnspan=self._columns, pady=px(self, 12))
        else:
            self.more.grid_remove()
        self.event_generate("<<ThumbnailsWanted>>")

    def _add_tile(self, kept: KeptBird) -> BirdTile:
        tile = BirdTile(self._scrolled.inside, kept)
        self._scrolled.follow_focus(tile)
        tile.bind("<<Select>>", lambda _: self._select(kept))
        tile.bind("<<Open>>", lambda _: self.open.invoke())
        tile.bind("<<Delete>>", lambda _: self.delete.invoke())
        for key in ARROWS:
            tile.bind(key, lambda _, key=key: self._move(tile, ARROWS[key] or self._columns * (1, -1)[key == "<Up>"]))  # type: ignore[misc]
        return tile

    def _move(self, tile: BirdTile, steps: int) -> None:
        place = self.tiles.index(tile) + steps
        if 0 <= place < len(self.tiles):
            self.tiles[place].focus_set()

    def _select(self, kept: KeptBird | None) -> None:
        self.selected = kept
        for tile in self.tiles:
            tile.mark(tile.kept == kept)
        for button in (self.delete, self.export, self.again, self.open):
            button.state(["!disabled" if kept else "disabled"])
        self._offer_samples()

    @property
    def sample(self) -> int:
        """Which of the selected bird's samples is meant."""
        return max(self.which.current(), 0)

    @property
    def _tile(self) -> BirdTile | None:
        return next((tile for tile in self.tiles if tile.kept == self.selected), None)

    def _offer_samples(self) -> None:
        count = self.selected.bird.samples if self.selected else 1
        self.which.configure(values=[f"Bird {number} of {count}" for number in range(1, count + 1)])
        self.which.current(self._tile.sample if self._tile else 0)
        if count > 1:
            self.which.grid()
        else:
            self.which.grid_remove()

    def _choose_sample(self) -> None:
        self.which.selection_clear()
        if self._tile:
            self._tile.sample, self._tile.asked = self.sample, False
            self.event_generate("<<ThumbnailsWanted>>")

    def _lay_out(self) -> None:
        """As many tiles in a row as fit."""
        gap = px(self, TILE_GAP)
        width = max((tile.winfo_reqwidth() for tile in self.tiles), default=self.winfo_width()) + 2 * gap
        columns = max(self._scrolled.winfo_width() // width, 1)
        self._empty.configure(wraplength=max(self._scrolled.winfo_width() - px(self, 64), 1))
        if columns == self._columns:
            return
        self._columns = columns
        for number, tile in enumerate(self.tiles):
            row, column = divmod(number, columns)
            tile.grid(row=row, column=column, padx=gap, pady=gap, sticky="n")
        if self.tiles:
            self._empty.grid_remove()
        else:
            self._empty.grid(row=0, column=0, padx=px(self, 24), pady=px(self, 48))
