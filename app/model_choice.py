"""Which weight sets paint a description, and what a person calls them."""

from collections.abc import Sequence

from model.places import find_folder

TITLES = {"birds-512": "Our model", "birds-256": "Original model"}
DEFAULT_MODELS = list(TITLES)


def title(weights: str) -> str:
    return TITLES.get(weights, weights)


def full_title(weights: str) -> str:
    return f"{TITLES[weights]} ({weights})" if weights in TITLES else weights


def still_there(wanted: Sequence[str]) -> list[str]:
    """Those that are on the disk, in their order; what comes with the program where none of them is."""
    return [weights for weights in wanted if find_folder(weights)] or list(DEFAULT_MODELS)
