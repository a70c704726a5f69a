"""A bird up close: words light up where they were listened to, places tell their words, stages blend."""

from __future__ import annotations

from pathlib import Path
from tkinter import filedialog

import numpy as np
import pytest
from PIL import Image, ImageTk

from app.application import Application
from app.explorer import Explorer
from app.palette_bar import PaletteBar
from app.picture_text import read_recipe
from app.sample_grid import fitting_shape
from app.word_chips import spoken_words
from model.pipeline import attention_overlay
from tests.app.conftest import Start
from tests.app.driving import Stepped, paint, press, text_of, wait_for

CAPTION = "a red bird with white wings and a zzyzx red beak"


def explore(app: Application, size: int = 512, map_number: int | None = None) -> Explorer:
    """Paint, press a picture of the first bird (or one of the maps under it), and give the window time to draw."""
    window = paint(app, CAPTION)
    wait_for(app.root, lambda: window.current_tab.result, "the bird")
    buttons = window.current_tab.cells[size].buttons
    buttons[0 if map_number is None else 1 + map_number].invoke()
    (explorer,) = window.explorers
    explorer.focus_force()
    wait_for(app.root, lambda: explorer.canvas.boxes, "the pictures")
    return explorer


def point(explorer: Explorer, stage: int, x: float, y: float) -> None:
    left, top, side = explorer.canvas.boxes[stage]
    explorer.canvas.event_generate("<Motion>", x=left + int(x * side), y=top + int(y * side))
    explorer.update()


def shown(explorer: Explorer, number: int = -1) -> np.ndarray:
    """The pixels of a picture on the canvas."""
    explorer.update()
    return np.asarray(ImageTk.getimage(explorer.canvas._photos[number]).convert("RGB"))


def fitted(explorer: Explorer, picture: Image.Image, number: int = -1) -> np.ndarray:
    side = explorer.canvas.boxes[number][2]
    return np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC))


def chip_colours(explorer: Explorer) -> list[str]:
    return [str(chip.cget("background")) for chip in explorer.chips.chips]


def scale_of(bar: PaletteBar) -> tuple[str, str]:
    return text_of(bar.low), text_of(bar.high)


def test_known_words_are_numbered_and_unknown_ones_stand_between_them() -> None:
    words = spoken_words(["a", "zzyzx", "red", "a", "beak"], ["a", "red", "a"])
    assert [(word.text, word.token) for word in words] == [
        ("a", 0),
        ("zzyzx", None),
        ("red", 1),
        ("a", 2),
        ("beak", None),
    ]


def test_the_stages_stand_side_by_side_at_true_relative_size(app: Application) -> None:
    explorer = explore(app)
    lefts, tops, sides = zip(*explorer.canvas.boxes, strict=True)
    assert [side / sides[0] for side in sides] == pytest.approx([1, 2, 4, 8], rel=0.03)
    assert lefts == tuple(sorted(lefts))
    assert len({top + side for top, side in zip(tops, sides, strict=True)}) == 1
    assert lefts[-1] + sides[-1] <= explorer.canvas.winfo_width()


def test_a_word_that_is_pointed_at_glows_at_every_stage_but_the_first(app: Application) -> None:
    explorer = explore(app)
    painted = explorer.painted
    explorer.chips.chips[1].event_generate("<Enter>")
    for number, stage in enumerate(painted):
        attention = stage.stage.attention
        picture = stage.pictures[0]
        if attention is not None:
            picture = attention_overlay(stage.stage.images[0], attention[0, 1])
        assert np.abs(shown(explorer, number) - fitted(explorer, picture, number).astype(float)).max() <= 1
    last = painted[-1].stage.attention
    assert last is not None
    assert scale_of(explorer.palette_bar) == (f"{last[0, 1].min():.1%}", f"{last[0, 1].max():.1%}")
    assert text_of(explorer.says).startswith(f"“red” had {last[0, 1].mean():.1%} of the attention")
    explorer.chips.chips[1].event_generate("<Leave>")
    assert (shown(explorer) == fitted(explorer, painted[-1].pictures[0])).all()
    assert scale_of(explorer.palette_bar) == ("", "")


def test_a_place_that_is_pointed_at_ranks_the_words_it_was_painted_from(app: Application) -> None:
    explorer = explore(app)
    stage = explorer.painted[2]
    assert stage.stage.attention is not None
    point(explorer, 2, 0.3, 0.8)
    side = stage.stage.attention.shape[-1]
    width = explorer.canvas.boxes[2][2]
    column, row = (int(int(share * width) / width * side) for share in (0.3, 0.8))
    weights = stage.stage.attention[0, :, row, column]
    assert explorer.ranking.words == [stage.tokens[i] for i in np.argsort(-weights, kind="stable")[:8]]
    assert text_of(explorer.ranking.heading) == "256 × 256, where you point"
    strongest = chip_colours(explorer)[[word.token for word in explorer.chips.words].index(int(weights.argmax()))]
    explorer.canvas.event_generate("<Leave>")
    explorer.update()
    assert text_of(explorer.ranking.heading) == "512 × 512, the whole picture"
    assert strongest in chip_colours(explorer)  # the full colour marks the most attended word of either


def test_the_first_stage_says_that_it_attends_to_no_word(app: Application) -> None:
    explorer = explore(app)
    point(explorer, 0, 0.5, 0.5)
    assert explorer.ranking.words == []
    assert "sentence as a whole" in text_of(explorer.says)


def test_a_word_is_kept_with_the_keyboard_alone_and_let_go_again(app: Application) -> None:
    explorer = explore(app)
    explorer.chips.chips[2].focus_force()
    press(app, "Return")
    explorer.chips.chips[3].focus_force()
    app.root.update()
    assert explorer.chips.chosen == 3  # where the focus is
    explorer.canvas.focus_force()
    app.root.update()
    assert explorer.chips.chosen == 2
    explorer.chips.chips[2].event_generate("<Button-1>")
    explorer.chips.chips[2].event_generate("<Leave>")
    assert explorer.chips.chosen is None


def test_an_unknown_word_is_marked_and_takes_no_focus(app: Application) -> None:
    explorer = explore(app)
    unknown = explorer.chips.chips[CAPTION.split().index("zzyzx")]
    assert text_of(unknown) == "zzyzx?"
    assert not int(unknown.cget("takefocus"))
    unknown.event_generate("<Enter>")
    assert explorer.chips.chosen is None


def test_a_map_that_is_pressed_is_the_one_that_glows(app: Application) -> None:
    explorer = explore(app, 128, map_number=0)
    attention = explorer.painted[1].stage.attention
    assert attention is not None
    assert explorer.chips.chosen == int(attention[0].mean((1, 2)).argmax())


def test_arrow_keys_walk_through_the_stages_and_the_slider_blends_them(app: Application) -> None:
    explorer = explore(app, 128)
    press(app, "m")
    small, large = (stage.pictures[0].resize((512, 512), Image.Resampling.BICUBIC) for stage in explorer.painted[1:3])
    assert (shown(explorer) == fitted(explorer, small)).all()
    explorer.controls.slider.set(1.5)
    assert np.abs(shown(explorer) - fitted(explorer, Image.blend(small, large, 0.5)).astype(float)).max() <= 1
    press(app, "Right")
    assert (shown(explorer) == fitted(explorer, large)).all()
    press(app, "Right", "Right", "Right")
    assert (shown(explorer) == fitted(explorer, explorer.painted[3].pictures[0])).all()
    press(app, "Left")
    assert (shown(explorer) == fitted(explorer, large)).all()


def test_holding_shows_the_stage_before_until_it_is_let_go(app: Application) -> None:
    explorer = explore(app)
    press(app, "m")
    before, after = (stage.pictures[0].resize((512, 512), Image.Resampling.BICUBIC) for stage in explorer.painted[2:])
    explorer.controls.compare_button.event_generate("<ButtonPress-1>")
    assert (shown(explorer) == fitted(explorer, before)).all()
    explorer.controls.compare_button.event_generate("<ButtonRelease-1>")
    assert (shown(explorer) == fitted(explorer, after)).all()
    press(app, "KeyPress-c")
    assert (shown(explorer) == fitted(explorer, before)).all()
    press(app, "KeyRelease-c")
    wait_for(app.root, lambda: (shown(explorer) == fitted(explorer, after)).all(), "the later stage")


def test_the_other_birds_are_a_key_away(app: Application) -> None:
    explorer = explore(app)
    assert text_of(explorer.controls.which) == "Bird 1 of 2"
    press(app, "Next")
    assert text_of(explorer.controls.which) == "Bird 2 of 2"
    assert explorer.painted is explorer.master.current_tab.birds[1]  # type: ignore[attr-defined]
    assert (shown(explorer) == fitted(explorer, explorer.painted[-1].pictures[0])).all()
    press(app, "Next", "Prior")
    assert text_of(explorer.controls.which) == "Bird 1 of 2"


def test_colours_and_their_strength_can_be_chosen(app: Application) -> None:
    explorer = explore(app)
    explorer.chips.pin(1)
    explorer.controls.colours.set("cividis")
    explorer.controls.colours.event_generate("<<ComboboxSelected>>")
    stage = explorer.painted[-1].stage
    assert stage.attention is not None
    expected = attention_overlay(stage.images[0], stage.attention[0, 1], "cividis")
    assert (shown(explorer) == fitted(explorer, expected)).all()
    explorer.controls.glow.set(0)
    assert np.abs(shown(explorer) - fitted(explorer, explorer.painted[-1].pictures[0]).astype(float)).max() <= 1


def test_stages_join_while_they_are_painted(start: Start, weights: Path) -> None:
    pipeline = Stepped(weights / "birds-512")
    app = start(lambda _: pipeline)
    window = paint(app, CAPTION)
    tab = window.current_tab
    pipeline.step(2)
    wait_for(app.root, lambda: len(tab.painted) == 2, "two stages")
    tab.cells[64].buttons[0].invoke()
    (explorer,) = window.explorers
    wait_for(app.root, lambda: len(explorer.canvas.boxes) == 2, "both")
    pipeline.step(2)
    wait_for(app.root, lambda: len(explorer.canvas.boxes) == 4, "all four")
    assert text_of(explorer.controls.which) == "Bird 1 of 1"
    pipeline.step()
    wait_for(app.root, lambda: text_of(explorer.controls.which) == "Bird 1 of 2", "the other bird")
    explorer.focus_force()
    press(app, "Next")
    wait_for(app.root, lambda: len(explorer.canvas.boxes) == 1, "its first stage")
    pipeline.step(3)


def test_escape_closes_it_and_leaves_the_result(app: Application) -> None:
    explorer = explore(app)
    press(app, "Escape")
    assert not explorer.winfo_exists()
    assert app.root.winfo_exists()


def test_what_is_seen_is_saved_and_copied(app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    explorer = explore(app)
    saved = tmp_path / "map.png"
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_: str(saved))
    press(app, "Next", "m", "Left")
    explorer.chips.pin(1)
    press(app, "Control-s")
    wait_for(app.root, lambda: text_of(explorer.status) == f"Saved {saved}.", "the file")
    stage = explorer.painted[2].stage
    assert stage.attention is not None
    with Image.open(saved) as file:
        assert (np.asarray(file) == np.asarray(attention_overlay(stage.images[0], stage.attention[0, 1]))).all()
    assert (read_recipe(saved).caption, read_recipe(saved).sample) == (CAPTION, 1)
    press(app, "Control-c")
    wait_for(app.root, lambda: text_of(explorer.status) == "The picture is on the clipboard.", "the picture")


def test_on_a_small_screen_of_large_letters_the_pictures_keep_their_room(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEAK_OUT_SCALE", "2")
    app = start()
    explorer = explore(app)
    explorer.geometry("1260x680")
    wait_for(app.root, lambda: explorer.winfo_height() == 680, "the size")
    assert explorer.canvas.boxes[-1][2] > 250
    assert explorer.ranking.words
    bar, ranking = explorer.palette_bar, explorer.ranking
    assert ranking.winfo_rooty() + ranking.winfo_height() <= bar.winfo_rooty()
    last = [child for child in ranking.winfo_children() if child.winfo_ismapped()][-1]
    assert last.winfo_y() + last.winfo_height() <= ranking.winfo_height()
    bottom = explorer.winfo_rooty() + explorer.winfo_height()
    glow = explorer.controls.glow
    assert glow.winfo_rooty() > bottom  # it has to be scrolled to
    glow.focus_force()
    app.root.update()
    assert glow.winfo_rooty() + glow.winfo_height() <= bottom
    thumbnails = fitting_shape(app.root, 16, 260)
    assert thumbnails.side >= 120
