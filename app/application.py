"""The core: builds the window, and connects what panels emit with the workers that do it."""

import signal
import sys
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from app import keys, theme
from app.assets import load_photo
from app.background import Background
from app.curator import Curator
from app.gallery import Gallery
from app.keyboard_panel import KeyboardPanel
from app.main_panel import MainPanel
from app.painter import Painter, load_pipeline
from app.picture_opener import PictureOpener, judge
from app.picture_text import Recipe
from app.result_window import MODELS
from app.results import Results
from app.settings import Settings
from app.speech import Speech
from app.speech_panel import SpeechPanel
from app.theme import px

if TYPE_CHECKING:
    from app.transcriber import Transcript
    from model.pipeline import TextToImagePipeline

DEFAULT_WEIGHTS = MODELS["Our model"]


def open_app() -> int:
    """Run the app until its window is closed; returns the exit code."""
    theme.be_told_the_real_dpi()
    try:
        root = tk.Tk(className="Speak Out")
    except tk.TclError as error:
        print(
            f"There is no screen to open a window on ({error}); `generate` works without one.",
            file=sys.stderr,
        )
        return 2
    application = Application(root)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: application.ask_to_close())
    application.load()
    root.mainloop()
    application.join()
    return 0


class Application:
    """Widgets draw and emit; the painter and the speech work; only this class knows both."""

    def __init__(self, root: tk.Tk, load: "Callable[[str], TextToImagePipeline]" = load_pipeline) -> None:
        self.root = root
        self.settings = Settings.load()
        theme.install(root, self.settings.theme, self.settings.scale)
        keys.press_with_return(root)
        root.title("Speak Out and Get Your Bird")
        self._icons = [load_photo(root, "bird", side) for side in (128, 64, 32)]
        root.wm_iconphoto(True, *(str(icon) for icon in self._icons))
        root.protocol("WM_DELETE_WINDOW", self.close)
        self._background = Background(root)
        self._painter = Painter(self._background, load)
        self._closed = False
        self._size_window()
        self.main = self._add_main_panel()
        self.keyboard = self._add_keyboard_panel()
        self._gallery = Gallery()
        self.results = Results(root, self._background, self._painter, self._gallery, self.keyboard.show_note)
        self.curator = Curator(root, self._background, self._gallery, self.results, self._show_recipe)
        self.opener = PictureOpener(root, self._background, self._show_recipe, self._show_no_recipe)
        self.speech = Speech(
            root, self._background, self.settings, self._remember, lambda: self.show(self.main), self._show_heard
        )
        self.panel: MainPanel | SpeechPanel | KeyboardPanel = self.main
        root.bind("<Escape>", lambda _: self.panel.event_generate("<<Back>>"))
        root.bind("<Control-q>", lambda _: self.close())
        root.bind("<Control-g>", lambda _: self.curator.open())
        root.bind("<Control-o>", lambda _: self.opener.ask())
        root.bind("<<RecordingKept>>", lambda _: self.speech.forget())
        self.show(self.main)

    def load(self) -> None:
        """Put the window on the screen, and only then begin what is slow."""
        self.root.update()
        if self._closed:
            return  # the end was asked for before the window was there
        self.main.show_loading(f"Loading the painter ({DEFAULT_WEIGHTS}) …")
        self._background.keep(self._gallery.tidy, lambda _: None, lambda _: None)
        self._painter.prepare(DEFAULT_WEIGHTS, self._show_ready, self.main.show_failure)

    def _show_ready(self, device: str) -> None:
        self._background.settle()
        self.main.show_ready(f"Painting with {DEFAULT_WEIGHTS} on {device}")
        self._mark_unknown_words()

    def show(self, panel: MainPanel | SpeechPanel | KeyboardPanel) -> None:
        if panel is not self.panel:
            self.panel.event_generate("<<Left>>")
        self.panel.grid_remove()
        self.panel = panel
        panel.grid(row=0, column=0, sticky="nsew")
        panel.focus_default()

    def ask_to_close(self) -> None:
        """Close as soon as nothing else is going on; may be called at any moment."""
        self._background.post(self.close)

    def close(self) -> None:
        """The window goes at once; `join` then waits for the threads to leave what they are in."""
        if self._closed:
            return
        self._closed = True
        self._background.close()
        self._painter.close()
        for timer in self.root.tk.splitlist(self.root.tk.call("after", "info")):
            self.root.tk.call("after", "cancel", timer)
        self.root.destroy()

    def join(self) -> None:
        """Return once no thread of the app is left."""
        self._background.join()
        self.speech.close()
        self._painter.join()

    def _size_window(self) -> None:
        width = min(px(self.root, 720), self.root.winfo_screenwidth() - 20)
        height = min(px(self.root, 440), self.root.winfo_screenheight() - 40)
        self.root.geometry(f"{width}x{height}")
        self.root.minsize(min(width, px(self.root, 600)), min(height, px(self.root, 330)))
        self.root.rowconfigure(0, weight=1)
        self.root.columnconfigure(0, weight=1)

    def _add_main_panel(self) -> MainPanel:
        panel = MainPanel(self.root, dark=self.settings.theme == "dark")
        panel.bind("<<Speak>>", lambda _: self._speak())
        panel.bind("<<Type>>", lambda _: self._type())
        panel.bind("<<Gallery>>", lambda _: self.curator.open())
        panel.bind("<<OpenPicture>>", lambda _: self.opener.ask())
        panel.bind("<<ThemeChosen>>", lambda _: self._choose_theme(panel.theme_name))
        panel.bind("<<Quit>>", lambda _: self.close())
        return panel

    def _add_keyboard_panel(self) -> KeyboardPanel:
        panel = KeyboardPanel(self.root, self.settings.samples, self.settings.seed)
        panel.bind("<<Back>>", lambda _: self.show(self.main))
        panel.bind("<<Paint>>", lambda _: self._paint())
        panel.bind("<<Edited>>", lambda _: self._mark_unknown_words())
        panel.text.bind("<Control-o>", lambda _: self._open_from_text())
        return panel

    def _remember(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self.settings, name, value)
        try:
            self.settings.save()
        except OSError as error:
            self.main.show_failure(f"The settings could not be kept: {error.strerror}.")

    def _choose_theme(self, name: str) -> None:
        theme.use(self.root, name)
        self._remember(theme=name)

    def _speak(self) -> None:
        self.show(self.speech.panel)
        self.speech.list_microphones()

    def _type(self) -> None:
        self.speech.set_aside()
        self.keyboard.show_heard(self.keyboard.caption, "")
        self.show(self.keyboard)

    def _show_recipe(self, recipe: Recipe, sentence: str) -> None:
        self.speech.set_aside()
        self.keyboard.show_recipe(recipe.caption, recipe.seed, recipe.samples, sentence)
        self.show(self.keyboard)
        self.root.lift()
        if recipe.weights:
            self._tell_of_weights(recipe, sentence)

    def _tell_of_weights(self, recipe: Recipe, sentence: str) -> None:
        """Whether those that painted the picture are here, which takes a moment where they are not loaded yet."""
        tabs = {weights: title for title, weights in MODELS.items()}

        def tell(_: str) -> None:
            verdict = judge(recipe, self._painter.weights_hash(recipe.weights), tabs.get(recipe.weights, ""))
            if self.keyboard.note == sentence:  # nothing else was said meanwhile
                self.keyboard.show_note(f"{sentence} {verdict}")

        if recipe.weights in tabs:  # what a picture says is never used as a path
            self._painter.prepare(recipe.weights, tell, tell)
        else:
            tell("")

    def _open_from_text(self) -> str:
        """Tk's own Ctrl+O would break the line first."""
        self.opener.ask()
        return "break"

    def _show_no_recipe(self, sentence: str) -> None:
        self.keyboard.show_failure(sentence)
        self.show(self.keyboard)

    def _show_heard(self, transcript: "Transcript", sentence: str) -> None:
        self.keyboard.show_heard(transcript.text, sentence, transcript.alternatives)
        self.show(self.keyboard)

    def _mark_unknown_words(self) -> None:
        self.keyboard.mark_unknown(self._painter.unknown_words(DEFAULT_WEIGHTS, self.keyboard.caption))

    def _paint(self) -> None:
        panel = self.keyboard
        self._remember(samples=panel.samples, seed=panel.seed if panel.locked else None)
        recording = self.speech.painted()
        self.results.open(panel.caption, panel.seed, panel.samples, recording)
