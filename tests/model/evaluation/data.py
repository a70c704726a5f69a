"""Drawn birds with their parts marked as CUB marks them."""

from pathlib import Path

from tests.tiny import drawn_birds

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
