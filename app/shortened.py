"""A text that fits its place: as much of it as there is room for, and three dots."""

from collections.abc import Callable


def shortened(text: str, width: float, measure: Callable[[str], float]) -> str:
    shorter = text
    while shorter and measure(shorter) > width:
        shorter = shorter.removesuffix("…")[:-1].rstrip()
        shorter = shorter and shorter + "…"
    return shorter
