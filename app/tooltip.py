"""A few more words about a control, shown when it is pointed at, or reached with the keyboard, for a moment."""

import tkinter as tk
from tkinter import ttk

from app import theme
from app.theme import px

MOMENT_MILLISECONDS = 600
WIDEST = 320


class Tooltip:
    """It goes when the pointer or the focus leaves, and with any press."""

    def __init__(self, widget: tk.Misc, text: str) -> None:
        self._widget, self._text = widget, text
        self._timer = ""
        self._window: tk.Toplevel | None = None
        for event in ("<Enter>", "<<TraverseIn>>"):  # the latter comes with Tab only
            widget.bind(event, lambda _: self._show_soon(), add=True)
        for event in ("<Leave>", "<FocusOut>", "<KeyPress>", "<ButtonPress>", "<Unmap>", "<Destroy>"):
            widget.bind(event, lambda _: self._hide(), add=True)

    def _show_soon(self) -> None:
        self._hide()
        self._timer = self._widget.after(MOMENT_MILLISECONDS, self._show)

    def _hide(self) -> None:
        if self._timer:
            self._widget.after_cancel(self._timer)
            self._timer = ""
        if self._window is not None:
            self._window.destroy()
            self._window = None

    def _show(self) -> None:
        self._timer = ""
        widget = self._widget
        window = self._window = tk.Toplevel(widget, background=theme.colour(widget, "muted"))
        window.withdraw()
        window.overrideredirect(True)
        if window.tk.call("tk", "windowingsystem") == "aqua":  # or it takes the focus
            window.tk.call("::tk::unsupported::MacWindowStyle", "style", window, "help", "noActivates")
        ttk.Label(
            window, text=self._text, font=theme.CAPTION, wraplength=px(widget, WIDEST), padding=px(widget, 6)
        ).pack(padx=1, pady=1)
        window.update_idletasks()
        width, height = window.winfo_reqwidth(), window.winfo_reqheight()
        below = widget.winfo_rooty() + widget.winfo_height() + px(widget, 4)
        above = widget.winfo_rooty() - height - px(widget, 4)
        x = max(min(widget.winfo_rootx(), widget.winfo_screenwidth() - width), 0)
        window.geometry(f"+{x}+{below if below + height <= widget.winfo_screenheight() else above}")
        window.deiconify()
        window.lift()
