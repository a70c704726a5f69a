"""The first thing a person sees: speak or type, and what will paint."""

import tkinter as tk
from tkinter import ttk

from PIL import ImageTk

from app import theme
from app.assets import load_photo
from app.keys import add_mnemonic
from app.panel_heading import wrapped_label
from app.theme import px


class MainPanel(ttk.Frame):
    """Emits <<Speak>>, <<Type>>, <<Gallery>>, <<OpenPicture>>, <<ThemeChosen>> and <<Quit>>."""

    def __init__(self, parent: tk.Misc, dark: bool) -> None:
        super().__init__(parent, padding=px(parent, 24))
        self._bird = load_photo(self, "bird", min(px(self, 240), self.winfo_screenheight() * 2 // 5))
        self._icons: list[ImageTk.PhotoImage] = []
        self._dark = tk.BooleanVar(self, dark)
        self.columnconfigure(1, weight=1)
        self.rowconfigure(0, weight=1)
        ttk.Label(self, image=self._bird).grid(row=0, column=0, padx=(0, px(self, 28)))
        self._add_invitation().grid(row=0, column=1, sticky="ew")
        self._add_footer().grid(row=1, column=0, columnspan=2, sticky="ew", pady=(px(self, 20), 0))
        self.bind("<<ThemeChanged>>", lambda _: self._draw_icons())

    @property
    def theme_name(self) -> str:
        return "dark" if self._dark.get() else "light"

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

    def _add_invitation(self) -> ttk.Frame:
        frame = ttk.Frame(self)
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
        self.dark = ttk.Checkbutton(
            footer,
            text="Dark",
            style="Switch.TCheckbutton",
            variable=self._dark,
            command=lambda: self.event_generate("<<ThemeChosen>>"),
        )
        self.dark.grid(row=0, column=2, padx=px(self, 12))
        self.quit_button = ttk.Button(footer, text="Quit", command=lambda: self.event_generate("<<Quit>>"))
        self.quit_button.grid(row=0, column=3)
        add_mnemonic(self.quit_button, "q")
        return footer
