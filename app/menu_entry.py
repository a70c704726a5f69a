"""An entry of any menu: its title, the shortcut that does the same, and room around it."""

import tkinter as tk
from collections.abc import Callable

from app import shortcuts
from app.theme import px


def make_room(menu: tk.Misc) -> tk.PhotoImage:
    """An empty picture that keeps entries apart; whoever owns the menu has to keep it."""
    return tk.PhotoImage(master=menu, width=px(menu, 6), height=px(menu, 26))


def add_entry(
    menu: tk.Menu, title: str, event: str, room: tk.PhotoImage, do: Callable[[], object], letter: int = -1
) -> None:
    """letter: the place of the underlined one in the title."""
    accelerator = f"{shortcuts.label(event)}  " if event in shortcuts.SHORTCUTS else ""
    menu.add_command(label=title, underline=letter, accelerator=accelerator, image=room, compound="left", command=do)
