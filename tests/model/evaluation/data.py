"""Drawn birds with their parts marked and their species described as CUB does it."""

from pathlib import Path

from tests.tiny import COLOURS, drawn_birds

NAMES = (
    *("back", "beak", "belly", "breast", "crown", "forehead", "left eye", "left leg", "left wing", "nape"),
    *("right eye", "right leg", "right wing", "tail", "throat"),
)


def birds_with_parts(directory: Path, photos: int = 24) -> Path:
    """As drawn_birds, with beak, belly, crown and one wing where they are drawn."""
    drawn_birds(directory, photos)
    parts = directory / "CUB_200_2011" / "parts"
    parts.mkdir()
    (parts / "parts.txt").write_text("".join(f"{number} {name}\n" for number, name in enumerate(NAMES, 1)))
    lines = []
    for i in range(photos):
        x = 20 + i % 7
        places = {"beak": (x + 80, 32), "belly": (x + 30, 66), "crown": (x + 62, 22), "left wing": (x + 20, 45)}
        for number, name in enumerate(NAMES, 1):
            place = places.get(name)
            lines.append(f"{i + 1} {number} {place[0]}.0 {place[1]}.0 1" if place else f"{i + 1} {number} 0.0 0.0 0")
    (parts / "part_locs.txt").write_text("\n".join(lines) + "\n")
    return directory


def birds_with_attributes(directory: Path) -> Path:
    """As birds_with_parts, and an attribute for each colour, which nearly everybody sees in birds that have it."""
    birds_with_parts(directory)
    attributes = directory / "CUB_200_2011" / "attributes"
    attributes.mkdir()
    rows = [["95" if species % 4 == colour else "2" for colour in range(4)] for species in range(8)]
    (attributes / "class_attribute_labels_continuous.txt").write_text("".join(f"{' '.join(row)}\n" for row in rows))
    names = [f"{number} has_colour::{colour}\n" for number, colour in enumerate(COLOURS, 1)]
    (directory / "attributes.txt").write_text("".join(names))
    return directory
