"""Another word in the same description, from the same noise: beside the original, and in its place while held."""

from pathlib import Path
from tkinter import filedialog

import numpy as np
import pytest
from PIL import Image, ImageTk

from app.application import Application
from app.explorer import Explorer
from app.picture_text import read_recipe
from app.variation import Variation
from app.variations import Variations
from app.word_kinds import KINDS, others_of_its_kind
from model.pipeline import TextToImagePipeline
from tests.app.driving import choose_sample, paint, press, text_of, wait_for, wait_for_birds

CAPTION = "a red bird with white wings"


def explore(app: Application) -> Explorer:
    window = paint(app, CAPTION)
    wait_for(app.root, lambda: window.current_tab.result, "the bird")
    choose_sample(window, 1)
    window.current_tab.cells[512].buttons[0].invoke()
    (explorer,) = window.explorers
    wait_for(app.root, lambda: explorer.canvas.boxes, "the pictures")
    return explorer


def keep(explorer: Explorer, word: str) -> None:
    explorer.chips.chips[explorer.words.index(word)].event_generate("<Button-1>")
    explorer.update()


def swap(explorer: Explorer, word: str) -> Variations:
    explorer.swapper.choice.set(word)
    explorer.swapper.choice.event_generate("<<ComboboxSelected>>")
    explorer.update()
    return next(child for child in explorer.winfo_children() if isinstance(child, Variations))


def shown(cell: Variation) -> np.ndarray:
    cell.update()
    assert cell._photo is not None
    return np.asarray(ImageTk.getimage(cell._photo).convert("RGB"))


def sized(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.resize((256, 256), Image.Resampling.BICUBIC))


def test_words_of_a_kind_stand_for_each_other_by_whatever_name() -> None:
    assert "blue" in others_of_its_kind("red")
    assert "red" not in others_of_its_kind("red")
    assert others_of_its_kind("bill") == others_of_its_kind("beak")
    assert others_of_its_kind("with") == ()


def test_the_shipped_painter_knows_every_word_that_is_offered() -> None:
    known = TextToImagePipeline.from_pretrained("birds-512", device="cpu").vocabulary.token_of
    assert [word for words in KINDS.values() for word in words if word not in known] == []


def test_a_word_that_is_kept_can_be_changed_into_others_of_its_kind(app: Application) -> None:
    explorer = explore(app)
    assert text_of(explorer.swapper.label) == "Press a word to change it."
    assert not explorer.swapper.choice.winfo_ismapped()
    keep(explorer, "red")
    assert text_of(explorer.swapper.label) == "Instead of “red”:"
    assert explorer.swapper.choice["values"] == others_of_its_kind("red")
    keep(explorer, "bird")
    assert not explorer.swapper.choice.winfo_ismapped()  # there is no list, but any word can be written
    assert explorer.swapper.entry.winfo_ismapped()


def test_variations_are_painted_from_the_same_noise_beside_the_original(app: Application) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    variations = swap(explorer, "blue")
    keep(explorer, "wings")
    assert swap(explorer, "tail") is variations
    original, blue, tail = variations.cells
    wait_for(app.root, lambda: text_of(tail.status).startswith("Painted in"), "both")
    assert original.picture is explorer.painted[-1].pictures[0]
    pipeline = app._painter._pipelines["birds-512"]
    seed = explorer.master.seed  # type: ignore[attr-defined]
    for cell, caption in ((blue, "a blue bird with white wings"), (tail, "a red bird with white tail")):
        expected = pipeline(caption, seed=seed, samples=2).stages[-1].images[1]
        assert (np.asarray(cell.picture) == expected).all()
        assert (shown(cell) == sized(Image.fromarray(expected))).all()
    gallery = wait_for_birds(app, 3)  # each variation is kept as a bird of its own
    assert [tile.kept.bird.caption.split()[1] for tile in gallery.tiles] == ["red", "blue", "red"]
    assert [tile.kept.bird.first_sample for tile in gallery.tiles] == [1, 1, 0]


@pytest.mark.parametrize(
    ("down", "up"), [("<ButtonPress-1>", "<ButtonRelease-1>"), ("<KeyPress-space>", "<KeyRelease-space>")]
)
def test_a_variation_shows_the_original_while_it_is_held(app: Application, down: str, up: str) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    cell = swap(explorer, "blue").cells[1]
    wait_for(app.root, lambda: text_of(cell.status).startswith("Painted in"), "the blue bird")
    assert cell.picture is not None
    cell.button.focus_force()
    cell.button.event_generate(down)
    assert (shown(cell) == sized(explorer.painted[-1].pictures[0])).all()
    cell.button.event_generate(up)
    assert (shown(cell) == sized(cell.picture)).all()


def test_typing_a_word_presses_no_other_keys(app: Application) -> None:
    explorer = explore(app)
    side_by_side = explorer.controls.side_by_side
    keep(explorer, "red")
    explorer.swapper.choice.focus_force()
    press(app, "m", "c", "Left")
    assert explorer.swapper.word == "mc"
    assert explorer.controls.side_by_side == side_by_side
    assert explorer.controls.position == 3
    keep(explorer, "red")  # and so let it go, with the keyboard still in the list
    press(app, "c")
    assert explorer.controls.side_by_side != side_by_side
    press(app, "Return")
    assert text_of(explorer.swapper.label) == "Press a word to change it."


def test_a_word_that_is_written_is_painted_and_an_unknown_one_paints_the_rest(app: Application) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    explorer.swapper.choice.set("zzyzx")
    explorer.swapper.choice.focus_force()
    press(app, "Return")
    (variations,) = (child for child in explorer.winfo_children() if isinstance(child, Variations))
    wait_for(app.root, lambda: text_of(variations.cells[1].status).startswith("Painted in"), "the rest")


def test_closing_the_window_stops_what_it_paints(app: Application) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    variations = swap(explorer, "blue")
    swap(explorer, "green")
    variations.focus_force()
    press(app, "Escape")
    assert not any(isinstance(easel, Variation) for easel in app._painter._easels.values())
    assert explorer.winfo_exists()


def test_the_same_words_from_another_seed(app: Application) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    variations = swap(explorer, "blue")
    variations.another_seed.invoke()
    cell = variations.cells[2]
    wait_for(app.root, lambda: text_of(cell.status).startswith("Painted in"), "the other bird")
    seed = int(text_of(cell.winfo_children()[0]).removeprefix("Seed "))
    expected = app._painter._pipelines["birds-512"](CAPTION, seed=seed, samples=2).stages[-1].images[1]
    assert (np.asarray(cell.picture) == expected).all()


def test_a_variation_and_a_walk_can_be_cancelled(app: Application) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    cancelled = swap(explorer, "yellow").cells[1]
    cancelled.walk.invoke()
    assert text_of(cancelled.status) == "Cancelled."
    cell = swap(explorer, "blue").cells[2]
    wait_for(app.root, lambda: text_of(cell.status).startswith("Painted in"), "the blue bird")
    assert not cancelled.walk.winfo_ismapped()  # there is no whole bird to walk to
    cell.walk.invoke()
    assert text_of(cell.walk) == "Cancel"
    cell.walk.invoke()
    assert text_of(cell.status) == "Cancelled."
    assert text_of(cell.walk) == "Walk there"
    assert cell.picture is not None
    assert (shown(cell) == sized(cell.picture)).all()


def walk_to(explorer: Explorer, app: Application, caption: str, seed: str) -> Variations:
    """By keyboard alone, from the explorer or from the window that it opened."""
    if app.root.focus_get() is explorer:
        press(app, "Alt-w")
    variations = next(child for child in explorer.winfo_children() if isinstance(child, Variations))
    for entry, text in ((variations.goal.seed_entry, seed), (variations.goal.caption_entry, caption)):
        entry.focus_force()
        entry.delete(0, "end")
        entry.insert(0, text)
    press(app, "Return")
    return variations


def test_a_walk_goes_to_any_description_and_seed_and_is_saved(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = explore(app)
    explorer.focus_force()
    app.root.update()
    for caption, seed, sentence in (
        (" ", "7", "Describe the bird to walk to"),
        ("a blue bird", "many", "The seed is a whole number"),
        (CAPTION, str(explorer.master.seed), "The walk starts there"),  # type: ignore[attr-defined]
    ):
        variations = walk_to(explorer, app, caption, seed)
        assert text_of(variations.status).startswith(sentence)
    assert len(variations.cells) == 1
    walk_to(explorer, app, "a blue bird with a zzyzx black tail", "7")
    original, cell = variations.cells
    wait_for(app.root, lambda: text_of(cell.walk) == "Stop", "the walk")
    assert "“zzyzx”" in text_of(cell.status)
    expected = app._painter._pipelines["birds-512"]("a blue bird with a black tail", seed=7, samples=2)
    for step, picture in ((0, np.asarray(original.picture)), (-1, expected.stages[-1].images[1])):
        assert np.abs(np.asarray(cell.steps[step]).astype(int) - picture).max() <= 1
    saved = tmp_path / "walk.webp"
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_: str(saved))
    cell.save_walk.invoke()
    wait_for(app.root, lambda: text_of(variations.status) == f"Saved {saved}.", "the file")
    with Image.open(saved) as file:
        assert (file.format, file.size) == ("WEBP", (512, 512))


def test_the_chosen_variation_is_saved_and_copied(
    app: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    variations = swap(explorer, "blue")
    blue = variations.cells[1]
    wait_for(app.root, lambda: text_of(blue.status).startswith("Painted in"), "the blue bird")
    saved = tmp_path / "bird.png"
    monkeypatch.setattr(filedialog, "asksaveasfilename", lambda **_: str(saved))
    for cell, caption in ((blue, CAPTION.replace("red", "blue")), (variations.cells[0], CAPTION)):
        cell.button.focus_force()
        app.root.update()
        press(app, "Control-s")
        wait_for(app.root, lambda: text_of(variations.status) == f"Saved {saved}.", "the file")
        variations.say("")
        with Image.open(saved) as file:
            assert (np.asarray(file) == np.asarray(cell.picture)).all()
        recipe = read_recipe(saved)
        assert (recipe.caption, recipe.sample) == (caption, 1)
    press(app, "Control-c")
    wait_for(app.root, lambda: text_of(variations.status) == "The picture is on the clipboard.", "the picture")


def test_the_way_from_the_original_is_walked_to_and_fro_until_it_is_stopped(app: Application) -> None:
    explorer = explore(app)
    keep(explorer, "red")
    cell = swap(explorer, "blue").cells[1]
    wait_for(app.root, lambda: text_of(cell.status).startswith("Painted in"), "the blue bird")
    assert cell.picture is not None
    cell.walk.invoke()
    wait_for(app.root, lambda: text_of(cell.walk) == "Stop", "the walk")
    first, last = (np.asarray(cell.steps[i]).astype(int) for i in (0, -1))
    assert np.abs(first - np.asarray(explorer.painted[-1].pictures[0])).max() <= 1
    assert np.abs(last - np.asarray(cell.picture)).max() <= 1
    seen: set[bytes] = set()

    def all_seen() -> bool:
        seen.add(shown(cell).tobytes())
        return seen >= {sized(picture).tobytes() for picture in cell.steps}

    wait_for(app.root, all_seen, "every step")
    cell.walk.invoke()
    assert text_of(cell.walk) == "Walk there"
    assert (shown(cell) == sized(cell.picture)).all()
