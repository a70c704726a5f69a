"""Which microphone records, who listens, for which language, and where the voice goes then."""

from tkinter import ttk

from app.choice import Choice
from app.engines import ENGINES, GOOGLE
from app.languages import LANGUAGES, NEEDS_ENGLISH, is_english
from app.panel_heading import wrapped_label
from app.theme import px

DEFAULT_MICROPHONE = "System default"


class SpeechChoices(ttk.Frame):
    """Emits <<MicrophonesWanted>>, <<MicrophoneChosen>>, <<EngineChosen>> and <<LanguageChosen>> on its panel."""

    def __init__(self, panel: ttk.Frame) -> None:
        super().__init__(panel)
        for column, share in enumerate((9, 7, 7)):
            self.columnconfigure(column, weight=share, uniform="choice")

        self._panel = panel
        self.microphone = Choice(
            self,
            "Microphone",
            chosen=lambda: panel.event_generate("<<MicrophoneChosen>>"),
            opened=lambda: panel.event_generate("<<MicrophonesWanted>>"),
            style="Wide.TCombobox",
        )
        self.engine = Choice(self, "Who listens", lambda: self._explain_and_emit("<<EngineChosen>>"))
        self.language = Choice(self, "Language", lambda: self._explain_and_emit("<<LanguageChosen>>"))
        gap = px(self, 12)
        for column, choice in enumerate((self.microphone, self.engine, self.language)):
            choice.grid(row=0, column=column, sticky="ew", padx=(0, 0 if choice is self.language else gap))
        self.privacy = wrapped_label(self)
        self.privacy.grid(row=1, column=0, columnspan=3, sticky="ew", pady=(px(self, 6), 0))

    def offer(self, engines: list[str], engine: str, language: str, microphone: str) -> None:
        self.engine.offer({key: ENGINES[key].name for key in engines}, engine)
        self.language.offer(LANGUAGES, language)
        self.offer_microphones([], microphone, listed=False)
        self._explain()

    def offer_microphones(self, names: list[str], chosen: str, listed: bool = True) -> None:
        """One that was chosen once and is not there now stays in the list, and says so once there is a list."""
        options = {"": DEFAULT_MICROPHONE} | {name: name for name in names}
        if chosen not in options:
            options[chosen] = f"{chosen} (not there)" if listed else chosen
        self.microphone.offer(options, chosen)

    def choose_engine(self, key: str) -> None:
        self.engine.choose(key)
        self._explain()

    def _explain_and_emit(self, event: str) -> None:
        self._explain()
        self._panel.event_generate(event)

    def _explain(self) -> None:
        sentence = ENGINES[self.engine.key].where_it_goes
        if self.engine.key != GOOGLE:
            self.language.grid_remove()
        else:
            self.language.grid()
            if not is_english(self.language.key):
                sentence = f"{sentence} {NEEDS_ENGLISH}"
        self.privacy.configure(text=sentence)
