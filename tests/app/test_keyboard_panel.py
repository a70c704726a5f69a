"""Writing a description: what makes sense is painted, what does not gets one clear sentence."""

import tkinter as tk
from tkinter import filedialog

import pytest

from app import theme
from app.application import Application
from app.keyboard_panel import KeyboardPanel
from app.settings import Settings
from tests.app.driving import CAPTION, paint, press, result_windows, text_of, wait_for, write


def test_an_empty_description_gets_one_sentence(app: Application) -> None:
    write(app, "  \n ")
    press(app, "Return")
    assert text_of(app.keyboard.status) == ("Describe the bird first, for example: a small red bird with white wings.")
    assert not result_windows(app)


def test_what_was_wrong_is_forgotten_when_the_description_changes(app: Application) -> None:
    write(app, " ")
    press(app, "Return")
    assert text_of(app.keyboard.status)
    write(app, CAPTION)
    wait_for(app.root, lambda: not text_of(app.keyboard.status), "the sentence to go")


@pytest.mark.parametrize(("seed", "ok"), [("7", True), ("", True), ("-1", False), ("two", False), ("9" * 12, False)])
def test_only_a_usable_seed_paints(app: Application, seed: str, ok: bool) -> None:
    write(app, CAPTION)
    app.keyboard.seed_entry.insert(0, seed)
    press(app, "Return")
    assert bool(result_windows(app)) == ok
    assert text_of(app.keyboard.status).startswith("The seed is a whole number") != ok


def test_the_seed_asked_for_is_the_seed_painted(app: Application) -> None:
    write(app, CAPTION)
    press(app, "Tab", "Tab", "Key-7", "Return")
    tab = result_windows(app)[0].current_tab
    wait_for(app.root, lambda: tab.result, "the pictures")
    assert tab.result is not None
    assert tab.result.seed == 7


@pytest.mark.usefixtures("home")
def test_a_seed_is_new_each_time_until_it_is_locked(app: Application) -> None:
    panel = app.keyboard
    write(app, CAPTION)

    def paint_again() -> int:
        panel.text.focus_force()
        app.root.update()
        press(app, "Return")
        assert panel.seed_entry.get() == str(result_windows(app)[-1].seed)
        return panel.seed

    first, second = paint_again(), paint_again()
    assert first != second
    assert Settings.load().seed is None
    panel.lock.invoke()
    assert [paint_again(), paint_again()] == [second, second]
    assert Settings.load().seed == second
    panel.seed_entry.delete(0, "end")  # asks for a new one
    assert paint_again() != second


def test_a_seed_that_was_locked_is_there_after_a_restart(root: tk.Tk) -> None:
    theme.install(root, "light", 1)
    Settings(seed=11).save()
    panel = KeyboardPanel(root, 1, Settings.load().seed)
    assert panel.seed == 11
    assert panel.locked


@pytest.mark.parametrize("key", ["Return", "KP_Enter", "Control-Return", "Alt-p"])
def test_keys_that_paint(app: Application, key: str) -> None:
    write(app, CAPTION)
    press(app, key)
    assert [window.caption for window in result_windows(app)] == [CAPTION]


@pytest.mark.usefixtures("home")
def test_the_number_of_samples_is_painted_and_remembered(app: Application) -> None:
    write(app, CAPTION)
    assert app.keyboard.samples == 2
    app.keyboard.samples_box.set("3")
    press(app, "Return")
    tab = result_windows(app)[0].current_tab
    wait_for(app.root, lambda: tab.result, "the pictures")
    assert [len(stages) for stages in tab.birds] == [4, 4, 4]
    assert Settings.load().samples == 3


def test_too_many_samples_are_refused_in_a_sentence(app: Application) -> None:
    write(app, CAPTION)
    app.keyboard.samples_box.set("1000")
    press(app, "Return")
    assert text_of(app.keyboard.status) == "The number of samples is a number from 1 to 16."
    assert not result_windows(app)


def test_tab_leaves_the_text_in_both_directions(app: Application) -> None:
    write(app, CAPTION)
    press(app, "Tab")
    assert app.root.focus_get() is app.keyboard.samples_box
    press(app, "<PrevWindow>")
    assert app.root.focus_get() is app.keyboard.text
    press(app, "Tab", "Tab", "Tab", "Tab")
    assert app.root.focus_get() is app.keyboard.paint
    assert app.keyboard.caption == CAPTION


def test_words_the_painter_does_not_know_are_named_afterwards(app: Application) -> None:
    window = paint(app, "a red bird with purple sunglasses")
    wait_for(app.root, lambda: window.current_tab.result, "the pictures")
    sentence = "The painter does not know “purple” and “sunglasses”, so it painted without."
    assert text_of(app.keyboard.status) == sentence
    assert sentence in text_of(window.current_tab.status)


def test_alternatives_stand_above_the_controls_and_all_is_inside_the_window(app: Application) -> None:
    write(app, "")
    panel = app.keyboard
    others = tuple(
        f"a small red bird number {number} that was said so indistinctly" for number in ["one", "two", "three"]
    )
    panel.show_heard(CAPTION, "Heard by PocketSphinx.", others)
    app.root.update()

    def top(widget: tk.Misc) -> int:
        return widget.winfo_rooty()

    def bottom(widget: tk.Misc) -> int:
        return widget.winfo_rooty() + widget.winfo_height()

    assert bottom(panel.heard) <= top(panel.alternatives)
    assert bottom(panel.alternatives) <= top(panel.samples_box)
    assert all(
        top(panel.alternatives) < bottom(button) <= bottom(panel.alternatives) for button in panel.alternatives.buttons
    )
    assert bottom(panel.samples_box) <= bottom(app.root)
    assert panel.text.winfo_height() > 40


def test_opening_a_picture_leaves_the_description_as_it_is(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def cancel(**_: object) -> str:
        asked.append("which picture")
        return ""

    monkeypatch.setattr(filedialog, "askopenfilename", cancel)
    write(app, "a red bird")
    app.keyboard.text.mark_set("insert", "1.4")
    press(app, "Control-o")
    assert asked == ["which picture"]
    assert app.keyboard.caption == "a red bird"
