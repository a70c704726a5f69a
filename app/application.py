"""The core: builds the window, and connects what panels emit with the workers that do it."""

import signal
import sys
import tkinter as tk
from collections.abc import Callable
from typing import TYPE_CHECKING

from app import keys, shortcuts, theme
from app.ask_file import FOLDERS
from app.assets import load_photo
from app.background import Background
from app.curator import Curator
from app.dropping import accept_dropped_files
from app.gallery import Gallery
from app.keyboard_panel import KeyboardPanel
from app.known_words import KnownWords, load_vocabulary
from app.main_panel import MainPanel
from app.menu_bar import MenuBar
from app.model_choice import is_known, title
from app.models import Models
from app.only_window import lift_window
from app.painter import Painter, load_pipeline
from app.picture_opener import PictureOpener, judge
from app.picture_text import Recipe
from app.preferring import Preferring
from app.recent import Recent
from app.remembered import remember, remembered
from app.results import Results
from app.settings import Settings
from app.shortcut_list import ShortcutList
from app.speech import Speech
from app.speech_panel import SpeechPanel
from app.theme_choice import ThemeChoice, last_known_theme
from app.window_places import PLACES, put_in_place

if TYPE_CHECKING:
    from app.transcriber import Transcript
    from model.pipeline import TextToImagePipeline
    from model.vocabulary import Vocabulary


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

    def __init__(
        self,
        root: tk.Tk,
        load: "Callable[[str], TextToImagePipeline] | None" = None,
        load_words: "Callable[[str], Vocabulary]" = load_vocabulary,
    ) -> None:
        """`load` and `load_words` are other ways to get at the networks and at what they know."""
        self.root = root
        settings = self.settings = Settings.load()
        theme.install(root, last_known_theme(settings), settings.scale)
        remember(root, PLACES, settings.places)
        remember(root, FOLDERS, settings.folders)
        keys.press_with_return(root)
        shortcuts.install(root)
        root.title("Speak Out and Get Your Bird")
        self._icons = [load_photo(root, "bird", side) for side in (128, 64, 32)]
        root.wm_iconphoto(True, *(str(icon) for icon in self._icons))
        root.protocol("WM_DELETE_WINDOW", self.close)
        self._background = Background(root)
        self._theme = ThemeChoice(root, self._background, settings, self._remember)
        self._painter = Painter(self._background, load or (lambda weights: load_pipeline(weights, settings.device)))
        self._closed = False
        put_in_place(root, "main", 760, 540, menu=28)
        root.rowconfigure(0, weight=1)
        root.columnconfigure(0, weight=1)
        self.menu = MenuBar(root, settings.theme)
        self.main = MainPanel(root)
        self.keyboard = self._add_keyboard_panel()
        self._gallery = Gallery()
        self.models = Models(root, self._background, self._painter, self.settings, self._remember)
        self._words = KnownWords(self._background, load_words)
        self._loaded = ""
        self.results = Results(
            root, self._background, self._painter, self._gallery, self.keyboard.show_note, lambda: self.models.chosen
        )
        self.curator = Curator(root, self._background, self._gallery, self.results, self._show_recipe)
        self.recent = Recent(root, self._background, self._gallery, self.main)
        self.opener = PictureOpener(root, self._background, self._show_recipe, self._show_no_recipe)
        self.speech = Speech(
            root, self._background, self.settings, self._remember, lambda: self.show(self.main), self._show_heard
        )
        self.preferring = Preferring(
            root, self._background, self.settings, self._remember, self._choose_theme, self.speech
        )
        self.panel: MainPanel | SpeechPanel | KeyboardPanel = self.main
        self._listen()
        self.show(self.main)

    def _listen(self) -> None:
        """To the main panel, the menus and the shortcuts."""
        for event, action in {
            "<Escape>": lambda: self.panel.event_generate("<<Back>>"),
            "<<Speak>>": self._speak,
            "<<Type>>": self._type,
            "<<NewBird>>": self._begin,
            "<<ExampleChosen>>": lambda: self._begin(self.main.example),
            "<<BirdChosen>>": lambda: self.curator.show(self.main.bird),
            "<<Gallery>>": self.curator.open,
            "<<OpenPicture>>": self.opener.ask,
            "<<Preferences>>": self.preferring.open,
            "<<Shortcuts>>": self._show_shortcuts,
            "<<ThemeChosen>>": lambda: self._choose_theme(self.menu.theme.get()),
            "<<DeviceChosen>>": self._load_painter_anew,
            "<<Models>>": self.models.open,
            "<<ModelsChosen>>": self._load_painter,
            "<<RecordingKept>>": self.speech.forget,
            "<<Quit>>": self.close,
        }.items():
            self.root.bind(event, lambda _, action=action: action(), add=True)  # type: ignore[misc]

    def load(self) -> None:
        """Put the window on the screen, and only then begin what is slow."""
        self.root.update()
        if self._closed:
            return  # the end was asked for before the window was there
        self._background.keep(self._gallery.tidy, lambda _: None, lambda _: None)
        self.recent.refresh()
        self._load_painter()
        accept_dropped_files(self.root, self.opener.open)

    def _load_painter(self) -> None:
        """The model that paints first, ahead of time, and what each of them knows."""
        chosen = self.models.chosen
        self._words.read(chosen, self._mark_unknown_words)
        weights = chosen[0]
        if weights != self._loaded:
            self._loaded = weights
            self.main.show_loading(f"Loading the painter ({weights}) …")
            self._painter.prepare(weights, lambda device: self._show_ready(weights, device), self.main.show_failure)

    def _load_painter_anew(self) -> None:
        self._painter.forget_all()
        self._loaded = ""
        self._load_painter()

    def _show_ready(self, weights: str, device: str) -> None:
        self._background.settle()
        self.main.show_ready(f"{self.models.missed}Painting with {weights} on {device}")

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
        self._remember(places=remembered(self.root, PLACES), folders=remembered(self.root, FOLDERS))
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

    def _add_keyboard_panel(self) -> KeyboardPanel:
        panel = KeyboardPanel(self.root, self.settings.samples, self.settings.seed)
        panel.bind("<<Back>>", lambda _: self.show(self.main))
        panel.bind("<<Paint>>", lambda _: self._paint())
        panel.bind("<<Edited>>", lambda _: self._mark_unknown_words())
        return panel

    def _remember(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self.settings, name, value)
        try:
            self.settings.save()
        except OSError as error:
            self.main.show_failure(f"The settings could not be kept: {error.strerror}.")

    def _choose_theme(self, name: str) -> None:
        self._remember(theme=name)
        self._theme.show()
        self.menu.theme.set(name)
        self.preferring.show_theme()

    def _show_shortcuts(self) -> None:
        if not lift_window(self.root, ShortcutList):
            ShortcutList(self.root)

    def _begin(self, caption: str = "") -> None:
        """A new bird; what was written before comes back with the text's own undo."""
        self.speech.set_aside()
        self.keyboard.show_recipe(caption, None, self.settings.samples, "")
        self.root.lift()
        self.show(self.keyboard)

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
        tab = title(recipe.weights) if recipe.weights in self.models.chosen else ""

        def tell(_: str) -> None:
            verdict = judge(recipe, self._painter.weights_hash(recipe.weights), tab)
            if self.keyboard.note == sentence:  # nothing else was said meanwhile
                self.keyboard.show_note(f"{sentence} {verdict}")

        if is_known(recipe.weights):
            self._painter.prepare(recipe.weights, tell, tell)
        else:
            tell("")

    def _show_no_recipe(self, sentence: str) -> None:
        self.keyboard.show_failure(sentence)
        self.show(self.keyboard)

    def _show_heard(self, transcript: "Transcript", sentence: str) -> None:
        self.keyboard.show_heard(transcript.text, sentence, transcript.alternatives)
        self.show(self.keyboard)

    def _mark_unknown_words(self) -> None:
        caption = self.keyboard.caption
        self.keyboard.mark_unknown({title(name): self._words.unknown(name, caption) for name in self.models.chosen})

    def _paint(self) -> None:
        panel = self.keyboard
        self._remember(samples=panel.samples, seed=panel.seed if panel.locked else None)
        recording = self.speech.painted()
        self.results.open(panel.caption, panel.seed, panel.samples, recording)
