"""The keyboard reaches everything: Return presses, Tab leaves a text, Alt and a letter jump to a button."""

import tkinter as tk
from tkinter import ttk

RETURN_KEYS = ("<Return>", "<KP_Enter>")


def has_focus(root: tk.Misc, *widgets: tk.Misc) -> bool:
    """Whether one of the widgets has the focus; tkinter's own focus_get fails while an open list or dialog has it."""
    return str(root.tk.call("focus")) in map(str, widgets)


def press_with_return(root: tk.Tk) -> None:
    """ttk answers only to the space bar; people expect Return as well."""
    for kind in ("TButton", "TCheckbutton", "TRadiobutton"):
        for key in RETURN_KEYS:
            root.bind_class(kind, key, lambda event: event.widget.invoke())


def leave_with_tab(text: tk.Text) -> None:
    """In a one-paragraph text Tab moves on, as it does everywhere else."""

    def move(following: tk.Misc | None) -> str:
        if following is not None:
            following.focus_set()
        return "break"

    text.bind("<<NextWindow>>", lambda _: move(text.tk_focusNext()))
    text.bind("<<PrevWindow>>", lambda _: move(text.tk_focusPrev()))


def add_mnemonic(button: ttk.Button, letter: str) -> None:
    """Underline the letter; Alt with it presses the button while it can be seen."""
    button.configure(underline=str(button.cget("text")).lower().index(letter))

    def press(_: "tk.Event[tk.Misc]") -> str:
        if not button.winfo_viewable():
            return ""
        button.invoke()
        return "break"  # or a menu would open as well

    button.winfo_toplevel().bind(f"<Alt-{letter}>", press, add=True)
