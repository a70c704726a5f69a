"""One bird in other words or from other noise beside the original (AttnGAN's Figure 4), and the way between them."""

from __future__ import annotations

import tkinter as tk
from tkinter import ttk
from typing import TYPE_CHECKING

from PIL import Image, ImageTk

from app import theme
from app.bird import Bird
from app.keys import add_mnemonic
from app.panel_heading import wrapped_label
from app.pictures import PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.theme import px
from app.unknown_words import painted_without

if TYPE_CHECKING:
    from model.pipeline import Result

SIDE = 256
ACROSS = 4
WALK_PICTURES = 12
STEP_MILLISECONDS = 90
HINT = "Hold a picture to see the original in its place; walk to see how one becomes the other."


class Variation(ttk.Frame):
    """An easel: one picture and what it was painted from; while it is held, it shows the original.

    Emits <<Walk>> when the way there from the original is wanted, <<Cancel>> when what is painted is not wanted any
    more, and <<Painted>> when the picture is done.
    """

    def __init__(self, parent: tk.Misc, scrolled: ScrolledFrame, heading: str) -> None:
        super().__init__(parent)
        self._side = px(self, SIDE)
        self.bird: Bird | None = None
        """Once the painter has begun."""
        self.birds: list[list[PaintedStage]] = [[]]
        """One sample, and of it the stages there are."""
        self.picture: Image.Image | None = None
        self.original: Image.Image | None = None
        self._photo: ImageTk.PhotoImage | None = None
        self.steps: list[Image.Image] = []
        self._playing, self._is_painting, self._is_whole = "", False, False
        ttk.Label(self, text=heading, font=theme.STRONG).grid(sticky="w")
        self._empty = ttk.Frame(self, style="Card.TFrame", width=self._side, height=self._side)
        self._empty.grid(row=1)
        self.button = ttk.Button(self, style="Picture.TButton", cursor="hand2")
        self.status = ttk.Label(self, style="Muted.TLabel", wraplength=self._side)
        self.status.grid(row=2, sticky="w")
        self.walk = ttk.Button(self, text="Walk there", command=self._walk)
        for pressed, let_go in (("<ButtonPress-1>", "<ButtonRelease-1>"), ("<KeyPress-space>", "<KeyRelease-space>")):
            self.button.bind(pressed, lambda _: self._draw(self.original or self.picture), add=True)
            self.button.bind(let_go, lambda _: self._draw(self.picture), add=True)
        scrolled.follow_focus(self.button)

    def show_picture(self, picture: Image.Image) -> None:
        self.picture = picture
        self._empty.destroy()
        self.button.grid(row=1)
        self._draw(picture)

    def show_loading(self, weights: str) -> None:
        self.say(f"Loading {weights} …")

    def offer_to_cancel(self) -> None:
        """While something is painted for it."""
        self._is_painting = True
        self.walk.configure(text="Cancel")
        self.walk.grid(row=3, sticky="w", pady=px(self, 4))

    def show_cancelled(self) -> None:
        """As far as it came."""
        self._leave_off()
        self.say("Cancelled.")
        self._draw(self.picture)

    def show_painting(self, bird: Bird) -> None:
        self.bird = bird
        self.say(f"Painting on {bird.device} …")

    def show_stage(self, painted: PaintedStage) -> None:
        self.birds[0].append(painted)
        self.show_picture(painted.pictures[0])
        self.say(f"{painted.size} × {painted.size} …")

    def show_finished(self, result: Result) -> None:
        seconds = sum(stage.seconds for stage in result.stages)
        self.say(f"Painted in {seconds:.1f} s. {painted_without(result.unknown_words)}".strip())
        self._is_whole = True
        self._leave_off()
        self.event_generate("<<Painted>>")

    def show_failure(self, sentence: str) -> None:
        self._leave_off()
        self.say(sentence, "Error.TLabel")

    def _leave_off(self) -> None:
        """Nothing is painted any more: a whole picture can be walked to."""
        self._is_painting = False
        self.steps.clear()
        self.walk.configure(text="Walk there")
        if not self._is_whole:
            self.walk.grid_remove()

    def show_step(self, picture: Image.Image) -> None:
        """The next picture on the way from the original; with the last one it is played, to and fro."""
        self.steps.append(picture)
        self._draw(picture)
        self.say(f"Step {len(self.steps)} of {WALK_PICTURES} …")
        if len(self.steps) == WALK_PICTURES:
            self.say("")
            self._is_painting = False
            self._play(0)

    def _walk(self) -> None:
        """Begin, cancel or stop; the pictures are painted once."""
        if self._is_painting:
            self.event_generate("<<Cancel>>")
        elif self._playing:
            self.after_cancel(self._playing)
            self._playing = ""
            self.walk.configure(text="Walk there")
            self._draw(self.picture)
        elif self.steps:
            self._play(0)
        else:
            self.offer_to_cancel()
            self.event_generate("<<Walk>>")

    def _play(self, moment: int) -> None:
        to_and_fro = [*self.steps, *self.steps[-2:0:-1]]
        self._draw(to_and_fro[moment % len(to_and_fro)])
        self.walk.configure(text="Stop")
        self._playing = self.after(STEP_MILLISECONDS, self._play, moment + 1)

    def _draw(self, picture: Image.Image | None) -> None:
        if picture is not None:
            sized = picture.resize((self._side, self._side), Image.Resampling.BICUBIC)
            photo = ImageTk.PhotoImage(sized, master=self)
            self.button.configure(image=photo)
            self._photo = photo

    def say(self, sentence: str, style: str = "Muted.TLabel") -> None:
        """Does nothing once the window is closed."""
        if self.winfo_exists():
            self.status.configure(text=sentence, style=style)


class Variations(tk.Toplevel):
    """The original first, then every variation that is added, in the order they were asked for.

    Emits <<AnotherSeed>> when the same words are wanted from another noise.
    """

    def __init__(self, parent: tk.Misc, words: list[str], original: Image.Image) -> None:
        super().__init__(parent)
        self._original = original
        gap = px(self, 12)
        self.title(f"In other words: {' '.join(words)}")
        side = px(self, SIDE) + 2 * gap
        width = min(ACROSS * side + 4 * gap, self.winfo_screenwidth() - 20)
        self.geometry(f"{width}x{min(side + px(self, 230), self.winfo_screenheight() - 40)}")
        self.configure(background=ttk.Style(self).lookup(".", "background"))
        self._across = max((width - 2 * gap) // side, 1)
        self.columnconfigure(0, weight=1)
        self.rowconfigure(1, weight=1)
        heading = ttk.Label(self, text=f"“{' '.join(words)}”", font=theme.STRONG, wraplength=width - 2 * gap)
        heading.grid(columnspan=2, sticky="w", padx=gap, pady=gap)
        self._scrolled = ScrolledFrame(self)
        self._scrolled.grid(columnspan=2, sticky="nsew", padx=gap)
        hint = wrapped_label(self)
        hint.configure(text=HINT)
        hint.grid(row=2, column=0, sticky="ew", padx=gap, pady=gap)
        self.another_seed = ttk.Button(
            self, text="Another seed", command=lambda: self.event_generate("<<AnotherSeed>>")
        )
        self.another_seed.grid(row=2, column=1, padx=gap, pady=gap)
        add_mnemonic(self.another_seed, "a")
        self.cells: list[Variation] = []
        self._add("As described").show_picture(original)
        self.bind("<Escape>", lambda _: self.destroy())
        self.focus_set()

    def add(self, heading: str) -> Variation:
        """A cell for another painting; the heading says what is different."""
        cell = self._add(heading)
        cell.original = self._original
        return cell

    def _add(self, heading: str) -> Variation:
        row, column = divmod(len(self.cells), self._across)
        cell = Variation(self._scrolled.inside, self._scrolled, heading)
        cell.grid(row=row, column=column, sticky="nw", padx=px(self, 6), pady=px(self, 6))
        self.cells.append(cell)
        return cell
