"""Which weight sets paint a description, and what a person calls them."""

from collections.abc import Sequence
from pathlib import Path

from model.places import find_folder

TITLES = {"birds-512": "Our model", "birds-256": "Original model"}
DEFAULT_MODELS = list(TITLES)


def title(weights: str) -> str:
    return TITLES.get(weights, weights)


def full_title(weights: str) -> str:
    return f"{TITLES[weights]} ({weights})" if weights in TITLES else weights


def is_known(name: str) -> bool:
    """Whether there is a weight set of this name, which may come from anywhere: a path is none."""
    return Path(name).name == name and find_folder(name) is not None


def still_there(wanted: Sequence[str]) -> list[str]:
    """Those that are on the disk, in their order; what comes with the program where none of them is."""
    return [weights for weights in wanted if find_folder(weights)] or list(DEFAULT_MODELS)
