"""Asked before anything is sent to Google for the first time."""

from tkinter import ttk

from app.keys import add_mnemonic
from app.panel_heading import wrapped_label
from app.theme import px

QUESTION = (
    "May your recordings be sent to Google, over https, to be turned into text? "
    "If not, PocketSphinx listens, and nothing leaves this computer. You are asked only once."
)


class GoogleQuestion(ttk.Frame):
    """Emits <<SendToGoogle>> or <<ListenHere>> on the panel it stands in."""

    def __init__(self, panel: ttk.Frame) -> None:
        super().__init__(panel)
        self.columnconfigure(2, weight=1)
        self.question = wrapped_label(self)
        self.question.configure(text=QUESTION, style="TLabel")
        self.question.grid(columnspan=3, sticky="ew", pady=(0, px(self, 8)))
        self.here = ttk.Button(
            self, text="Listen on this computer", command=lambda: panel.event_generate("<<ListenHere>>")
        )
        self.here.grid(row=1, column=0, padx=(0, px(self, 8)))
        self.to_google = ttk.Button(
            self, text="Send to Google", command=lambda: panel.event_generate("<<SendToGoogle>>")
        )
        self.to_google.grid(row=1, column=1)
        add_mnemonic(self.here, "l")
        add_mnemonic(self.to_google, "g")
