"""The keys that people expect, from every window, and never in the way of writing."""

import tkinter as tk

from app import shortcuts
from app.application import Application
from app.gallery_window import GalleryWindow
from app.shortcut_list import ShortcutList
from app.tooltip import Tooltip
from tests.app.driving import press, text_of, wait_for, write


def windows(app: Application, kind: type[tk.Misc]) -> list[tk.Misc]:
    return [child for child in app.root.winfo_children() if isinstance(child, kind)]


def all_texts(widget: tk.Misc) -> list[str]:
    own = [text_of(widget)] if "text" in widget.keys() else []  # noqa: SIM118
    return own + [text for child in widget.winfo_children() for text in all_texts(child)]


def test_a_question_mark_lists_every_key_but_is_written_in_a_text(app: Application) -> None:
    write(app, "is it a bird")
    press(app, "question")
    assert app.keyboard.caption == "is it a bird?"
    assert not windows(app, ShortcutList)
    press(app, "F1")
    (listed,) = windows(app, ShortcutList)
    texts = all_texts(listed)
    for shortcut in (*shortcuts.SHORTCUTS.values(), *shortcuts.HANDLED_BY_WIDGETS):
        assert shortcut.does in texts
    assert {"Ctrl+S", "Ctrl+,", "F1 or ?", "PgUp or PgDn"} <= set(texts)
    listed.focus_force()
    app.root.update()
    press(app, "Escape")
    app.show(app.main)
    app.root.focus_force()
    app.root.update()
    press(app, "question")
    assert windows(app, ShortcutList)


def test_shortcuts_work_while_writing_and_from_another_window(app: Application) -> None:
    write(app, "a red bird")
    app.keyboard.seed_entry.insert(0, "7")
    press(app, "Control-g")
    (gallery,) = windows(app, GalleryWindow)
    gallery.focus_force()
    app.root.update()
    assert app.keyboard.text.get("1.0", "end-1c") == "a red bird"
    press(app, "Control-n")
    assert (app.keyboard.caption, app.keyboard.seed_entry.get()) == ("", "")
    assert app.root.focus_get() is app.keyboard.text


def test_no_shortcut_acts_under_a_dialog(app: Application) -> None:
    dialog = tk.Toplevel(app.root)
    dialog.update()
    dialog.grab_set()
    dialog.focus_force()
    app.root.update()
    press(app, "Control-n")
    assert app.panel is app.main


def test_f10_opens_the_menus_and_they_do_what_the_keys_do(app: Application) -> None:
    write(app, "a red bird")
    app.menu.menus["Edit"].invoke("Select all")
    assert app.keyboard.text.tag_ranges("sel")
    press(app, "F10")
    focused = app.root.tk.call("focus")
    assert "menubar" in str(focused)
    app.root.tk.call("event", "generate", focused, "<Escape>")
    assert app.root.focus_get() is app.keyboard.text
    app.menu.menus["File"].invoke("New bird")
    assert app.keyboard.caption == ""


def test_a_tooltip_comes_with_the_pointer_or_tab_and_goes_with_a_key(app: Application) -> None:
    Tooltip(app.main.type, "Write it down")

    def shown() -> list[str]:
        return [text for window in app.main.type.winfo_children() for text in all_texts(window)]

    press(app, "Tab")
    assert app.root.focus_get() is app.main.type
    wait_for(app.root, shown, "the tooltip")
    assert shown() == ["Write it down"]
    press(app, "Shift_L")
    assert shown() == []
    app.main.type.event_generate("<Enter>")
    wait_for(app.root, shown, "the tooltip")
    app.main.type.event_generate("<Leave>")
    app.root.update()
    assert shown() == []
