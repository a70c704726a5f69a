"""A file dialog starts where the last one of its purpose ended, also after a restart."""

from pathlib import Path
from tkinter import filedialog

import pytest

from app.settings import Settings
from tests.app.conftest import Start
from tests.app.driving import press


def test_dialogs_start_where_the_last_one_ended(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures, sounds, elsewhere = (tmp_path / name for name in ("Pictures", "sounds", "elsewhere"))
    for folder in (pictures, sounds, elsewhere):
        folder.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("XDG_PICTURES_DIR", raising=False)
    Settings(folders={"sounds": str(sounds), "weights": str(tmp_path / "gone")}).save()
    starts: list[str] = []
    answers = iter([elsewhere / "bird.png", "", elsewhere / "birds", "", ""])

    def ask(**options: object) -> str:
        starts.append(str(options["initialdir"]))
        return str(next(answers))

    for name in ("askopenfilename", "askdirectory"):
        monkeypatch.setattr(filedialog, name, ask)
    app = start()
    for _ in range(2):
        press(app, "Control-o")
    models = app.models.open()
    for _ in range(2):
        models.folder.invoke()
    app.main.speak.invoke()
    app.speech.panel.open.invoke()
    assert starts == [str(folder) for folder in (pictures, elsewhere, tmp_path, elsewhere, sounds)]
    app.close()
    assert Settings.load().folders == {
        "pictures": str(elsewhere),
        "weights": str(elsewhere),
        "sounds": str(sounds),
    }
