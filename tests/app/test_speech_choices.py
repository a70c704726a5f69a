"""Which microphone, who listens and for which language: chosen, remembered, and told when it is not there."""

from pathlib import Path

import pytest

from app.application import Application
from app.settings import Settings
from app.speech_panel import SpeechPanel
from tests.app.conftest import Start
from tests.app.driving import RECORDED, choose, enabled, press, text_of, wait_for
from tests.app.sounds import tone, write_sound
from tests.app.test_speech_sound import OpenSound
from tests.google_server import GoogleServer
from tests.virtual_microphone import VirtualMicrophone


def open_panel(app: Application) -> SpeechPanel:
    app.main.speak.invoke()
    app.root.update()
    return app.speech.panel


def test_a_microphone_that_is_plugged_in_appears_in_the_open_list_and_is_remembered(
    app: Application, virtual_microphone: VirtualMicrophone
) -> None:
    panel = open_panel(app)
    choice = panel.choices.microphone
    assert choice.labels == ["System default"]
    with virtual_microphone.plugged_in("USB Microphone"):
        choice.box.focus_force()
        choice.box.event_generate("<Down>")
        listed = f"{choice.tk.call('ttk::combobox::PopdownWindow', choice.box)}.f.l"
        wait_for(app.root, lambda: choice.tk.call(listed, "size") == 2, "the microphone")
        assert choice.tk.call("winfo", "ismapped", listed)
        assert choice.tk.call(listed, "get", 1) == "USB Microphone"
        choice.tk.call("ttk::combobox::Unpost", choice.box)
        choose(choice, "USB Microphone")
    assert Settings.load().microphone == "USB Microphone"


def test_a_microphone_that_went_away_is_said_and_the_default_one_listens(
    home: Path, virtual_microphone: VirtualMicrophone, start: Start
) -> None:
    Settings(microphone="USB Microphone").save()
    app = start()
    panel = open_panel(app)
    wait_for(app.root, lambda: "USB Microphone (not there)" in panel.choices.microphone.labels, "the list")
    press(app, "space")
    wait_for(app.root, lambda: enabled(panel) == ["Stop"], "the microphone")
    assert text_of(panel.status) == "“USB Microphone” is not there, so the default microphone listens."
    press(app, "space")
    wait_for(app.root, lambda: enabled(panel) == RECORDED or "Nothing" in text_of(panel.status), "the end")
    assert Settings.load().microphone == "USB Microphone"  # it may come back


def test_the_language_is_what_google_listens_for(
    app: Application, open_sound: OpenSound, tmp_path: Path, google_server: GoogleServer
) -> None:
    google_server.hears("a small grey bird")
    app.settings.google_may_hear = True
    panel = open_panel(app)
    assert panel.choices.language.labels[0].startswith("English")
    choose(panel.choices.language, "English (UK)")
    assert Settings.load().language == "en-GB"
    open_sound(app, write_sound(tmp_path / "beep.wav", tone(0.3)))
    press(app, "Return")
    wait_for(app.root, lambda: app.panel is app.keyboard, "the text")
    assert google_server.requests[0].parameters["lang"] == "en-GB"


def test_a_language_the_painter_does_not_know_is_said(app: Application) -> None:
    panel = open_panel(app)
    choose(panel.choices.language, "Deutsch")
    assert "The painter knows English only" in text_of(panel.choices.privacy)


def test_offline_there_is_no_language_to_choose(app: Application) -> None:
    panel = open_panel(app)
    choose(panel.choices.engine, "PocketSphinx")
    assert not panel.choices.language.winfo_ismapped()
    assert text_of(panel.choices.privacy).startswith("Nothing leaves this computer. PocketSphinx hears English only")
    choose(panel.choices.engine, "Google")
    assert panel.choices.language.winfo_ismapped()


def test_an_engine_that_was_removed_is_replaced_by_one_that_sends_nothing(home: Path, start: Start) -> None:
    Settings(engine="vosk", google_may_hear=True).save()
    panel = open_panel(start())
    assert text_of(panel.status) == "Vosk is not installed any more, so PocketSphinx listens."
    assert panel.choices.engine.key == "sphinx"
    assert Settings.load().engine == "vosk"  # it may come back


@pytest.mark.parametrize("event", ["<Button-4>", "<Button-5>"])
def test_the_wheel_chooses_nothing(app: Application, event: str) -> None:
    panel = open_panel(app)
    panel.choices.engine.box.event_generate(event)
    assert panel.choices.engine.key == "google"
