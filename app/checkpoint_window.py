"""Which files a published AttnGAN checkpoint consists of, and what it is to be called."""

import tkinter as tk
from pathlib import Path
from tkinter import filedialog, ttk

from app import theme
from app.ask_file import WEIGHTS, ask_file
from app.keys import RETURN_KEYS, add_mnemonic
from app.panel_heading import wrapped_label
from app.progress_row import ProgressRow
from app.theme import px
from app.window_places import fitting

EXPLANATION = "A published AttnGAN checkpoint is three files. They are only read: nothing inside them is run."
PYTORCH, PICKLE, ANY = ("PyTorch", "*.pth *.pt"), ("Pickle", "*.pickle *.pkl"), ("All files", "*")


class CheckpointWindow(tk.Toplevel):
    """Emits <<Import>> when all fields are filled in."""

    def __init__(self, parent: tk.Misc) -> None:
        super().__init__(parent)
        self.title("Import a checkpoint")
        width, height = fitting(self, 680, 380)
        self.geometry(f"{width}x{height}")
        self.minsize(min(width, px(self, 520)), 1)
        self.columnconfigure(0, weight=1)
        gap = px(self, 16)
        ttk.Label(self, text="Import a checkpoint", font=theme.SUBTITLE).grid(sticky="w", padx=gap, pady=(gap, 0))
        explanation = wrapped_label(self)
        explanation.configure(text=EXPLANATION)
        explanation.grid(sticky="ew", padx=gap, pady=(0, gap // 2))
        self._fields = ttk.Frame(self)
        self._fields.columnconfigure(1, weight=1)
        self._fields.grid(sticky="ew", padx=gap)
        self.generator = self._add_file(0, "Generator", "g", PYTORCH)
        self.text_encoder = self._add_file(1, "Text encoder", "t", PYTORCH)
        self.vocabulary = self._add_file(2, "Vocabulary", "v", PICKLE)
        self.name = self._add_field(3, "Name", "n")
        self._add_buttons().grid(sticky="e", padx=gap, pady=gap // 2)
        self.progress = ProgressRow(self)
        self.progress.grid(sticky="ew", padx=gap, pady=(0, gap // 2))
        self.progress.end("")
        self.bind("<Escape>", lambda _: self.destroy())
        self.generator.focus_set()

    @property
    def files(self) -> tuple[Path, Path, Path]:
        generator, text_encoder, vocabulary = (
            Path(field.get().strip()).expanduser() for field in (self.generator, self.text_encoder, self.vocabulary)
        )
        return generator, text_encoder, vocabulary

    def _add_field(self, row: int, label: str, letter: str) -> ttk.Entry:
        ttk.Label(self._fields, text=label, underline=0).grid(row=row, column=0, sticky="w")
        field = ttk.Entry(self._fields)
        field.grid(row=row, column=1, sticky="ew", padx=px(self, 8), pady=px(self, 3))
        for key in RETURN_KEYS:
            field.bind(key, lambda _: self.begin.invoke())
        self.bind(f"<Alt-{letter}>", lambda _: field.focus_set())
        return field

    def _add_file(self, row: int, label: str, letter: str, kind: tuple[str, str]) -> ttk.Entry:
        field = self._add_field(row, label, letter)
        browse = ttk.Button(self._fields, text="Browse …", command=lambda: self._browse(field, label, kind))
        browse.grid(row=row, column=2)
        return field

    def _browse(self, field: ttk.Entry, label: str, kind: tuple[str, str]) -> None:
        wanted = ask_file(WEIGHTS, filedialog.askopenfilename, parent=self, title=label, filetypes=[kind, ANY])
        if not wanted:
            return
        _write(field, wanted)
        if field is self.generator and not self.name.get():
            _write(self.name, Path(wanted).stem)

    def _begin(self) -> None:
        for field, what in (
            (self.generator, "the generator's file"),
            (self.text_encoder, "the text encoder's file"),
            (self.vocabulary, "the vocabulary's file"),
            (self.name, "a name"),
        ):
            if not field.get().strip():
                self.progress.end(f"Give {what}.", "Error.TLabel")
                field.focus_set()
                return
        self.event_generate("<<Import>>")

    def _add_buttons(self) -> ttk.Frame:
        row = ttk.Frame(self)
        self.begin = ttk.Button(row, text="Import", style="Accent.TButton", command=self._begin)
        self.begin.grid(row=0, column=0, padx=px(self, 8))
        self.close = ttk.Button(row, text="Close", command=self.destroy)
        self.close.grid(row=0, column=1)
        add_mnemonic(self.begin, "i")
        add_mnemonic(self.close, "c")
        return row


def _write(field: ttk.Entry, text: str) -> None:
    field.delete(0, "end")
    field.insert(0, text)
    field.xview("end")
