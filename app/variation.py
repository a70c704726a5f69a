"""One bird in other words or from other noise, as it is painted; and the way to it from the original."""

from __future__ import annotations

import tkinter as tk
from tkinter import font, ttk
from typing import TYPE_CHECKING

from PIL import Image, ImageTk

from app import theme
from app.animation import STEP_MILLISECONDS, to_and_fro
from app.bird import Bird
from app.pictures import PaintedStage
from app.scrolled_frame import ScrolledFrame
from app.shortened import shortened
from app.theme import px
from app.tooltip import Tooltip
from app.unknown_words import painted_without

if TYPE_CHECKING:
    from model.pipeline import Result

WALK_PICTURES = 12


class Variation(ttk.Frame):
    """An easel: one picture and what it was painted from; while it is held, it shows the original.

    Emits <<Chosen>> when it is pressed or has the focus, <<Walk>> when the way there from the original is wanted,
    <<Cancel>> when what is painted is not wanted any more, <<Painted>> when the picture is done, and <<SaveWalk>>.
    """

    def __init__(self, parent: tk.Misc, scrolled: ScrolledFrame, heading: str, side: int) -> None:
        super().__init__(parent)
        self._side = side
        self.bird: Bird | None = None
        """Once the painter has begun."""
        self.birds: list[list[PaintedStage]] = [[]]
        """One sample, and of it the stages there are."""
        self.picture: Image.Image | None = None
        self.original: Image.Image | None = None
        self.walks_at_once = False
        """Without being asked, as soon as the picture is done."""
        self._photo: ImageTk.PhotoImage | None = None
        self.steps: list[Image.Image] = []
        self._playing, self._is_painting, self._painted = "", False, ""
        self._add_heading(heading).grid(sticky="w")
        self._empty = ttk.Frame(self, style="Card.TFrame", width=side, height=side)
        self._empty.grid(row=1, sticky="w")
        self.button = ttk.Button(self, style="Picture.TButton", cursor="hand2")
        self.status = ttk.Label(self, style="Muted.TLabel", wraplength=side)
        self.status.grid(row=3, sticky="w")
        buttons = ttk.Frame(self)
        buttons.grid(row=2, sticky="w", pady=px(self, 4))
        self.walk = ttk.Button(buttons, text="Walk there", command=self._walk)
        self.save_walk = ttk.Button(buttons, text="Save …", command=self._save_walk)
        Tooltip(self.save_walk, "The walk as an animated picture.")
        buttons.rowconfigure(0, minsize=self.walk.winfo_reqheight())  # nothing moves when they come and go
        for pressed, let_go in (("<ButtonPress-1>", "<ButtonRelease-1>"), ("<KeyPress-space>", "<KeyRelease-space>")):
            self.button.bind(pressed, lambda _: self._draw(self.original or self.picture), add=True)
            self.button.bind(let_go, lambda _: self._draw(self.picture), add=True)
        self.button.bind("<ButtonPress-1>", lambda _: self.button.focus_set(), add=True)
        for widget in (self.button, self.walk, self.save_walk):
            widget.bind("<FocusIn>", lambda _: self.event_generate("<<Chosen>>"), add=True)
            scrolled.follow_focus(widget)

    @property
    def way(self) -> tuple[Image.Image, ...]:
        """All pictures of the walk, once they are there."""
        return () if self._is_painting else tuple(self.steps)

    def mark(self, chosen: bool) -> None:
        self.button.state(["selected" if chosen else "!selected"])

    def show_picture(self, picture: Image.Image) -> None:
        self.picture = picture
        self._empty.destroy()
        self.button.grid(row=1, sticky="w")
        self._draw(picture)

    def show_loading(self, weights: str) -> None:
        self.say(f"Loading {weights} …")

    def offer_to_cancel(self) -> None:
        """While something is painted for it."""
        self._is_painting = True
        self.walk.configure(text="Cancel")
        self.walk.grid(row=0, column=0)

    def show_cancelled(self) -> None:
        """As far as it came."""
        self._leave_off()
        self.say("Cancelled.")

    def show_painting(self, bird: Bird) -> None:
        self.bird = bird
        self.say(f"Painting on {bird.device} …")

    def show_stage(self, painted: PaintedStage) -> None:
        self.birds[0].append(painted)
        self.show_picture(painted.pictures[0])
        self.say(f"{painted.size} × {painted.size} …")

    def show_finished(self, result: Result) -> None:
        seconds = sum(stage.seconds for stage in result.stages)
        self._painted = f"Painted in {seconds:.1f} s. {painted_without(result.unknown_words)}".strip()
        self.say(self._painted)
        self._leave_off()
        self.event_generate("<<Painted>>")
        if self.walks_at_once:
            self._walk()

    def show_failure(self, sentence: str) -> None:
        self._leave_off()
        self.say(sentence, "Error.TLabel")

    def _add_heading(self, heading: str) -> ttk.Label:
        """On one line, so that pictures beside each other stand at the same height; pointed at, it says all."""
        told = shortened(heading, self._side, font.nametofont(theme.STRONG, self).measure)
        label = ttk.Label(self, text=told, font=theme.STRONG)
        if told != heading:
            Tooltip(label, heading)
        return label

    def _leave_off(self) -> None:
        """Nothing is painted any more: a whole picture can be walked to."""
        self._is_painting = False
        self.steps.clear()
        self._draw(self.picture)
        self.walk.configure(text="Walk there")
        if not self._painted:
            self.walk.grid_remove()

    def show_step(self, picture: Image.Image) -> None:
        """The next picture on the way from the original; with the last one it is played, to and fro."""
        self.steps.append(picture)
        self._draw(picture)
        self.say(f"Step {len(self.steps)} of {WALK_PICTURES} …")
        if len(self.steps) == WALK_PICTURES:
            self.say(self._painted)
            self._is_painting = False
            self.save_walk.grid(row=0, column=1, padx=px(self, 6))
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

    def _save_walk(self) -> None:
        self.event_generate("<<Chosen>>")
        self.event_generate("<<SaveWalk>>")

    def _play(self, moment: int) -> None:
        if not self.winfo_exists():
            return
        pictures = to_and_fro(self.steps)
        self._draw(pictures[moment % len(pictures)])
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
