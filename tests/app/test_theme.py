"""The look: it grows with the screen's scale, and nothing is cut off on a small screen."""

import tkinter as tk
from collections.abc import Iterator
from pathlib import Path
from tkinter import font, ttk
from types import SimpleNamespace

import pytest

from app import theme
from app.application import Application
from app.examples import SENTENCES
from app.gallery import Gallery
from tests.app.conftest import Start
from tests.app.driving import CAPTION, paint, press, text_of, wait_for
from tests.app.test_gallery import painted_by

LONG_SENTENCE = (
    "Google could not be reached, and PocketSphinx understood nothing; "
    "please say it again, a little closer to the microphone."
)


def visible(widget: tk.Misc) -> Iterator[tk.Misc]:
    for child in widget.winfo_children():
        if child.winfo_viewable():
            yield child
            yield from visible(child)


def cut_off(window: tk.Tk | tk.Toplevel) -> list[str]:
    """The widgets that want more room than they have, or reach over the edge of their window and do not scroll."""
    right, bottom = window.winfo_rootx() + window.winfo_width(), window.winfo_rooty() + window.winfo_height()
    return [
        f"{widget} {widget.winfo_class()}"
        for widget in visible(window)
        if widget.winfo_rootx() + widget.winfo_width() > right
        or (widget.winfo_rooty() + widget.winfo_height() > bottom and ".!canvas." not in str(widget))
        or (isinstance(widget, ttk.Label | ttk.Button) and widget.winfo_width() < widget.winfo_reqwidth())
        or (isinstance(widget, ttk.Label | ttk.Button) and widget.winfo_height() < widget.winfo_reqheight())
    ]


def reached_with_tab(app: Application) -> list[str]:
    """All controls of the panel, each of which is wholly to be seen while it has the focus."""
    reached: list[tk.Misc] = []
    while (focused := app.root.focus_get()) not in reached:
        assert focused is not None
        reached.append(focused)
        for x in (1, focused.winfo_width() - 2):
            for y in (1, focused.winfo_height() - 2):
                corner = focused.winfo_rootx() + x, focused.winfo_rooty() + y
                assert app.root.winfo_containing(*corner) is focused
        press(app, "Tab")
    return [text_of(widget) for widget in reached]


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_no_panel_is_cut_off_on_a_small_screen(
    start: Start, weights: Path, monkeypatch: pytest.MonkeyPatch, scale: str
) -> None:
    monkeypatch.setenv("SPEAK_OUT_SCALE", scale)
    Gallery().keep(*painted_by(weights / "birds-512"))
    app = start()
    app.root.geometry(f"{min(app.root.winfo_width(), 1260)}x{min(app.root.winfo_height(), 680)}")
    app.load()
    wait_for(app.root, lambda: "CPU" in text_of(app.main.status) and app.main.recent.tiles, "the painter and the bird")
    assert cut_off(app.root) == []
    assert {"Speak", SENTENCES[0], CAPTION, "Quit"} <= set(reached_with_tab(app))
    app.main.speak.invoke()
    app.root.update()
    assert cut_off(app.root) == []
    speech = app.speech.panel
    speech.choices.language.choose("de-DE")
    speech.choices.choose_engine("google")
    for show in (lambda: speech.show_failure(LONG_SENTENCE, recorded=True), speech.ask_about_google):
        show()
        app.root.update()
        assert cut_off(app.root) == []
        assert speech.sound.winfo_height() >= theme.px(app.root, 40)
    app.show(app.keyboard)
    app.keyboard.show_heard("a red bird with purple sunglasses", LONG_SENTENCE, ("a red bird", "a bird", "the bird"))
    app.root.update()
    assert cut_off(app.root) == []
    assert app.keyboard.text.winfo_height() >= theme.px(app.root, 26)
    gallery = app.curator.open()
    gallery.update()
    gallery.geometry(f"{min(gallery.winfo_width(), 1260)}x{min(gallery.winfo_height(), 680)}")
    wait_for(app.root, lambda: gallery.count.cget("text"), "the gallery")
    assert cut_off(gallery) == []


@pytest.mark.parametrize(("width", "height", "side"), [(1280, 720, 135), (1600, 1000, 165)])
def test_all_samples_fit_the_screen_without_scrolling(
    app: Application, monkeypatch: pytest.MonkeyPatch, width: int, height: int, side: int
) -> None:
    monkeypatch.setattr(tk.Misc, "winfo_screenwidth", lambda _: width)
    monkeypatch.setattr(tk.Misc, "winfo_screenheight", lambda _: height)
    app.keyboard.samples_box.set("16")
    window = paint(app)
    wait_for(app.root, lambda: window.current_tab.cells, "the empty places")
    assert not [bar for bar in visible(window) if isinstance(bar, ttk.Scrollbar)]
    assert window.winfo_width() <= width
    assert window.winfo_height() <= height
    assert window.current_tab.cells[64].winfo_width() >= side


def test_everything_grows_with_the_scale(root: tk.Tk) -> None:
    theme.install(root, "light", 2)
    assert abs(font.nametofont(theme.BODY, root).cget("size")) == 28
    assert theme.px(root, 10) == 20
    switch = ttk.Checkbutton(root, style="Switch.TCheckbutton")
    assert switch.winfo_reqheight() >= 40


def test_a_windows_that_was_told_already_does_not_keep_the_app_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    def told_already(_: int) -> None:
        raise PermissionError("Access is denied")

    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("ctypes.OleDLL", lambda _: SimpleNamespace(SetProcessDpiAwareness=told_already), raising=False)
    theme.be_told_the_real_dpi()
