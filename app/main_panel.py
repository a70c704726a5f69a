"""The first thing a person sees: speak or type, what to say for example, the last birds, and what will paint."""

import tkinter as tk
from pathlib import Path
from tkinter import ttk

from PIL import Image, ImageTk

from app import theme
from app.assets import load_photo
from app.examples import Examples
from app.kept_bird import KeptBird
from app.keys import add_mnemonic
from app.panel_heading import wrapped_label
from app.recent_birds import RecentBirds
from app.scrolled_frame import ScrolledFrame
from app.theme import px
from app.tooltip import Tooltip

PADDING = 22
GAP = 14


class MainPanel(ttk.Frame):
    """Emits <<Speak>>, <<Type>>, <<Gallery>>, <<OpenPicture>>, <<Preferences>> and <<Quit>>.

    Also <<ExampleChosen>> and <<BirdChosen>>: `example` and `bird` tell which.
    """

    example: str = ""
    bird: KeptBird

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self._icons: list[ImageTk.PhotoImage] = []
        self.columnconfigure(0, weight=1)
        self.rowconfigure(0, weight=1)
        self._scrolled = ScrolledFrame(self)
        self._scrolled.grid(sticky="nsew")
        padding, gap = px(self, PADDING), px(self, GAP)
        page = ttk.Frame(self._scrolled.inside, padding=(padding, padding, padding, gap // 2))
        self._scrolled.fill(page)
        self._fill(page)
        self._add_footer().grid(sticky="ew", padx=padding, pady=(gap // 2, padding))
        self.recent.grid_remove()
        self.bind("<<ThemeChanged>>", lambda _: self._draw_icons())

    def show_recent(self, birds: list[KeptBird], pictures: dict[Path, Image.Image]) -> None:
        there = set(self.recent.tiles.values())
        self.recent.show(birds, pictures)
        for tile in set(self.recent.tiles.values()) - there:
            self._scrolled.follow_focus(tile, self.recent)
        if birds:
            self.recent.grid()
        else:
            self.recent.grid_remove()

    def _choose_example(self, sentence: str) -> None:
        self.example = sentence
        self.event_generate("<<ExampleChosen>>")

    def _choose_bird(self, kept: KeptBird) -> None:
        self.bird = kept
        self.event_generate("<<BirdChosen>>")

    def focus_default(self) -> None:
        self.speak.focus_set()

    def show_loading(self, sentence: str) -> None:
        self.status.configure(text=sentence, style="Muted.TLabel")
        self._loading.grid()
        self._loading.start(15)

    def show_ready(self, sentence: str) -> None:
        self._finish_loading(sentence, "Muted.TLabel")

    def show_failure(self, sentence: str) -> None:
        self._finish_loading(sentence, "Error.TLabel")

    def _finish_loading(self, sentence: str, style: str) -> None:
        self._loading.stop()
        self._loading.grid_remove()
        self.status.configure(text=sentence, style=style)

    def _fill(self, page: ttk.Frame) -> None:
        """The invitation in the middle of the room that the examples and the recent birds leave."""
        page.columnconfigure(1, weight=1)
        page.rowconfigure(0, weight=1)
        self._picture = load_photo(self, "bird", min(px(self, 210), self.winfo_screenheight() * 2 // 5))
        ttk.Label(page, image=self._picture).grid(row=0, column=0, padx=(0, px(self, 28)))
        invitation = self._add_invitation(page)
        invitation.grid(row=0, column=1, sticky="ew")
        self.examples, self.recent = Examples(page, self._choose_example), RecentBirds(page, self._choose_bird)
        for part in (self.examples, self.recent):
            part.grid(column=0, columnspan=2, sticky="ew", pady=(px(self, GAP), 0))
        for button in (self.speak, self.type, self.gallery, self.open):
            self._scrolled.follow_focus(button, invitation)
        for button in self.examples.buttons:
            self._scrolled.follow_focus(button, self.examples)

    def _add_invitation(self, page: ttk.Frame) -> ttk.Frame:
        frame = ttk.Frame(page)
        ttk.Label(frame, text="Let's get your bird!", font=theme.TITLE).pack(anchor="w")
        promise = wrapped_label(frame)
        promise.configure(
            text="Describe a bird in your own words and watch it being painted, stage by stage.",
            font=theme.LARGE,
        )
        promise.pack(fill="x", pady=(px(self, 8), px(self, 22)))
        buttons = ttk.Frame(frame)
        buttons.pack(anchor="w")
        self.speak = self._big_button(buttons, "Speak", "s", "<<Speak>>", "Big.Accent.TButton")
        self.type = self._big_button(buttons, "Type", "t", "<<Type>>", "Big.TButton")
        more = ttk.Frame(frame)
        more.pack(anchor="w", pady=(px(self, 14), 0))
        self.gallery = self._small_button(more, "Gallery", "g", "<<Gallery>>")
        self.open = self._small_button(more, "Open a picture …", "o", "<<OpenPicture>>")
        Tooltip(self.open, "A picture saved here, or by another generator, brings back what it was painted from.")
        self._draw_icons()
        return frame

    def _small_button(self, parent: ttk.Frame, text: str, letter: str, event: str) -> ttk.Button:
        button = ttk.Button(parent, text=text, command=lambda: self.event_generate(event))
        button.pack(side="left", padx=(0, px(self, 12)))
        add_mnemonic(button, letter)
        return button

    def _big_button(self, parent: ttk.Frame, text: str, letter: str, event: str, style: str) -> ttk.Button:
        button = ttk.Button(parent, text=text, style=style, compound="left", command=lambda: self.event_generate(event))
        button.pack(side="left", padx=(0, px(self, 12)))
        add_mnemonic(button, letter)
        return button

    def _draw_icons(self) -> None:
        side = px(self, 24)
        self._icons = [
            load_photo(self, "microphone", side, theme.colour(self, "on_accent")),
            load_photo(self, "keyboard", side, theme.colour(self, "foreground")),
        ]
        for button, icon in zip((self.speak, self.type), self._icons, strict=True):
            button.configure(image=icon)

    def _add_footer(self) -> ttk.Frame:
        footer = ttk.Frame(self)
        footer.columnconfigure(1, weight=1)
        self._loading = ttk.Progressbar(footer, mode="indeterminate", length=px(self, 90))
        self._loading.grid(row=0, column=0, padx=(0, px(self, 12)))
        self._loading.grid_remove()
        self.status = wrapped_label(footer)
        self.status.grid(row=0, column=1, sticky="ew")
        self.preferences = ttk.Button(
            footer, text="Preferences …", command=lambda: self.event_generate("<<Preferences>>")
        )
        self.preferences.grid(row=0, column=2, padx=px(self, 12))
        add_mnemonic(self.preferences, "p")
        self.quit_button = ttk.Button(footer, text="Quit", command=lambda: self.event_generate("<<Quit>>"))
        self.quit_button.grid(row=0, column=3)
        add_mnemonic(self.quit_button, "q")
        return footer
