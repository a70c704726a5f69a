"""What is chosen in the preferences counts at once, and at the next start."""

import os
import tkinter as tk
from pathlib import Path

import pytest

from app import theme
from app.application import Application
from app.preferences import Preferences
from app.settings import Settings
from model.pipeline import TextToImagePipeline
from tests.app.conftest import Start
from tests.app.driving import PATIENCE_SECONDS, choose, press, text_of, wait_for


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop whose portal says what stands in this file."""
    says = tmp_path / "says"
    says.write_text("0")
    program = tmp_path / "bin" / "gdbus"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nread says < {says}\necho "(<<uint32 $says>>,)"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    return says


def open_preferences(app: Application) -> Preferences:
    press(app, "Control-comma")
    (window,) = [child for child in app.root.winfo_children() if isinstance(child, Preferences)]
    window.focus_force()
    app.root.update()
    return window


def test_the_theme_is_chosen_and_remembered(app: Application) -> None:
    window = open_preferences(app)
    choose(window.theme, "Dark")
    assert theme.current(app.root) == "dark"
    assert Settings.load().theme == "dark"
    assert app.menu.theme.get() == "dark"
    choose(window.theme, "Light")
    assert theme.current(app.root) == "light"
    press(app, "Escape")
    assert not window.winfo_exists()


def test_the_window_does_not_wait_for_the_desktop_and_follows_it(
    desktop: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.system_theme.PATIENCE_SECONDS", PATIENCE_SECONDS)
    Settings(desktop="dark").save()
    desktop.unlink()
    os.mkfifo(desktop)
    pipe = os.open(desktop, os.O_RDWR)  # the portal says nothing until this is written to
    app = start()
    assert app.main.speak.winfo_viewable()
    assert theme.current(app.root) == "dark"
    os.write(pipe, b"2\n")
    wait_for(app.root, lambda: theme.current(app.root) == "light", "daylight")
    os.close(pipe)
    desktop.unlink()
    desktop.write_text("1")
    app._theme._looked = 0.0  # long ago
    app.main.type.focus_force()
    wait_for(app.root, lambda: theme.current(app.root) == "dark", "the night")
    assert (Settings.load().theme, Settings.load().desktop) == ("system", "dark")


def test_who_listens_is_the_same_in_the_preferences_and_where_one_speaks(app: Application) -> None:
    app.main.speak.invoke()
    app.root.update()
    window = open_preferences(app)
    choose(window.speaking.engine, "PocketSphinx")
    assert Settings.load().engine == "sphinx"
    assert app.speech.panel.choices.engine.key == "sphinx"
    assert not app.speech.panel.choices.language.winfo_ismapped()


def test_what_paints_is_loaded_again_for_another_device(start: Start, weights: Path) -> None:
    loaded: list[str] = []

    def load(name: str) -> TextToImagePipeline:
        loaded.append(app.settings.device)
        return TextToImagePipeline.from_pretrained(weights / name, device="cpu")

    app = start(load)
    app.load()
    wait_for(app.root, lambda: "CPU" in text_of(app.main.status), "the painter")
    window = open_preferences(app)
    wait_for(app.root, lambda: "CPU" in window.device.labels, "the devices")
    choose(window.device, "CPU")
    wait_for(app.root, lambda: len(loaded) == 2 and "CPU" in text_of(app.main.status), "the painter")
    assert loaded == ["auto", "cpu"]
    assert Settings.load().device == "cpu"


def test_the_windows_come_back_as_they_were_left(start: Start, root: tk.Tk) -> None:
    Settings(places={"main": "900x600+40+30@1", "result": "1000x650+60+50@1"}, scale=1).save()
    app = start()
    assert (root.winfo_width(), root.winfo_height()) == (900, 600)
    first = app.results.open("a red bird", 1, 1)
    second = app.results.open("a red bird", 1, 1)
    root.update()
    assert (first.winfo_width(), first.winfo_height(), first.winfo_x()) == (1000, 650, 60)
    assert second.winfo_x() > first.winfo_x()
    second.geometry("1100x700+10+20")
    root.geometry("5000x620")
    root.update()
    app.close()
    places = Settings.load().places
    assert places["result"].startswith("1100x700+10+20@1")
    assert places["main"].startswith("5000x620")


def test_a_place_of_another_screen_is_brought_onto_this_one(start: Start, root: tk.Tk) -> None:
    Settings(places={"main": "5000x620+3000+-900@1"}, scale=2).save()
    start()
    assert root.winfo_width() <= root.winfo_screenwidth()
    assert 0 <= root.winfo_x() <= root.winfo_screenwidth() - root.winfo_width()
    assert root.winfo_y() >= 0
