"""What annotators said of every species: how often each of CUB's 312 attributes was seen."""

from dataclasses import dataclass
from pathlib import Path

from model.errors import DataError


@dataclass(frozen=True)
class Attributes:
    """names: such as has_bill_shape::dagger, one per value of a row; empty where the list of names is missing.

    species: percent of annotators who saw each attribute, 0..100, a row per species; species 1 is row 0.
    """

    names: tuple[str, ...]
    species: tuple[tuple[float, ...], ...]


def official_attributes(directory: Path) -> Attributes | None:
    """Those of a data set in the official layout, None where it has none; raises DataError when they are damaged."""
    table = directory / "CUB_200_2011" / "attributes" / "class_attribute_labels_continuous.txt"
    names = directory / "attributes.txt"
    if not table.is_file():
        return None
    try:
        lines = table.read_text(encoding="utf-8").splitlines()
        rows = tuple(tuple(map(float, line.split())) for line in lines if line.strip())
        labels = names.read_text(encoding="utf-8").splitlines() if names.is_file() else []
        if len({len(row) for row in rows}) != 1:
            raise ValueError("rows of different lengths")
        return Attributes(tuple(line.split()[1] for line in labels), rows)
    except (ValueError, IndexError):
        raise DataError(f"{table} or {names} is damaged.") from None
