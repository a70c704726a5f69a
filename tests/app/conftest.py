"""The app on a screen of its own, painting with very narrow real networks."""

import gc
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.application import Application
from app.known_words import load_vocabulary
from app.speech_panel import SpeechPanel
from model.pipeline import TextToImagePipeline
from model.vocabulary import Vocabulary
from tests.app.driving import press, wait_for
from tests.app.sounds import tone, write_sound
from tests.tiny import tiny_weights

Start = Callable[..., Application]


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both weight sets the app asks for."""
    folder = tmp_path_factory.mktemp("weights")
    tiny_weights(folder / "birds-512")
    tiny_weights(folder / "birds-256", stages=3)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _settled() -> None:
    """What was imported stays for good: every window ends in a collection, and one that visits torch takes 0.2 s."""
    gc.freeze()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPEAK_OUT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SPEAK_OUT_SCALE", "1")
    return tmp_path / "home"


@pytest.fixture
def root(display: str, home: Path) -> Iterator[tk.Tk]:
    window = tk.Tk()
    yield window
    with suppress(tk.TclError):  # an app has closed it
        window.destroy()
    gc.collect()  # or what is left of this window dies on a thread of the next


@pytest.fixture
def start(root: tk.Tk, weights: Path) -> Iterator[Start]:
    """Starts the app, with another loader where a test brings one, and closes it afterwards."""
    started: list[Application] = []

    def load(name: str) -> TextToImagePipeline:
        return TextToImagePipeline.from_pretrained(weights / name, device="cpu")

    def load_words(name: str) -> Vocabulary:
        ours = weights / name
        return load_vocabulary(str(ours) if ours.exists() else name)

    def start_app(load: Callable[[str], TextToImagePipeline] = load) -> Application:
        app = Application(root, load, load_words)
        started.append(app)
        root.update()
        root.focus_force()
        app.panel.focus_default()
        root.update()
        return app

    yield start_app
    for app in started:
        app.close()
        app.join()


@pytest.fixture
def open_sound(monkeypatch: pytest.MonkeyPatch) -> Callable[[Application, Path], None]:
    """Opens a sound file in the speech panel, as if it had been chosen in the dialog, and waits for what comes."""

    def open_file(app: Application, path: Path) -> None:
        panel = app.speech.panel
        monkeypatch.setattr("app.speech.filedialog.askopenfilename", lambda **_: str(path))
        press(app, "Alt-n")
        wait_for(app.root, lambda: panel.buttons.enabled, "the file")

    return open_file


@pytest.fixture
def beep(tmp_path: Path) -> Path:
    """Half a second of a tone."""
    return write_sound(tmp_path / "beep.wav", tone(0.5))


@pytest.fixture
def app(start: Start) -> Application:
    return start()


@pytest.fixture
def panel(app: Application) -> SpeechPanel:
    """The speech panel, whose user has said that Google may hear."""
    app.settings.google_may_hear = True
    app.main.speak.invoke()
    app.root.update()
    return app.speech.panel
