"""What Google may listen for: English first, because English is what the painter knows."""

ENGLISH = "en-US"
LANGUAGES = {
    "en-US": "English (US)",
    "en-GB": "English (UK)",
    "en-AU": "English (Australia)",
    "en-CA": "English (Canada)",
    "en-IN": "English (India)",
    "de-DE": "Deutsch",
    "es-ES": "Español",
    "fr-FR": "Français",
    "it-IT": "Italiano",
    "pt-BR": "Português",
}
NEEDS_ENGLISH = "The painter knows English only, so put what is heard into English before you paint."


def is_english(language: str) -> bool:
    return language.startswith("en-")
