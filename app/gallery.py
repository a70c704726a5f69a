"""What was made, kept on disk: a folder for each bird, and a trash from which it comes back for thirty days.

A folder is written beside and renamed, so that a killed program leaves whole birds only. Deleting renames too: into
`trash`, under the time of day, where the latest is the first to come back; thirty days later the next start of the
program clears it away. Thirty days because a deletion is noticed when a bird is looked for, not when a program ends.
"""

import secrets
import shutil
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from app.bird import Bird, slug
from app.durable import BEING_WRITTEN, write_folder
from app.kept_bird import DamagedBird, KeptBird, read_summary, write_bird
from app.pictures import PaintedStage
from model.places import data_home

TRASH_DAYS = 30
UNFINISHED_DAYS = 1  # so long that no program can still be writing it
DAY_NANOSECONDS = 24 * 60 * 60 * 10**9


class Gallery:
    """Changes one after the other on one thread; reading is safe on any."""

    def __init__(self) -> None:
        self.folder = data_home() / "gallery"
        self._trash = self.folder / "trash"

    def keep(self, bird: Bird, painted: list[PaintedStage], recording: bytes = b"") -> KeptBird:
        """Raises OSError, and then nothing of it is left behind."""
        painted_at = datetime.now().astimezone()
        place = self.folder / f"{painted_at:%Y-%m-%d-%H%M%S}-{slug(bird.caption)}-{secrets.token_hex(3)}"
        write_folder(place, lambda folder: write_bird(folder, bird, painted, painted_at, recording))
        return read_summary(place)

    def birds(self) -> tuple[list[KeptBird], list[Path]]:
        """Newest first, and the folders that cannot be read; raises OSError when the gallery itself cannot."""
        birds, damaged = [], []
        for folder in self._folders():
            try:
                birds.append(read_summary(folder))
            except DamagedBird:
                damaged.append(folder)
        return sorted(birds, key=_age, reverse=True), damaged

    def newest(self, count: int) -> list[KeptBird]:
        """The last ones that can be read, newest first, without reading all: names begin with the time."""
        found: list[KeptBird] = []
        for folder in sorted(self._folders(), key=lambda path: path.name, reverse=True):
            if len(found) == count:
                break
            with suppress(DamagedBird):
                found.append(read_summary(folder))
        return sorted(found, key=_age, reverse=True)  # of one second too

    def delete(self, kept: KeptBird) -> None:
        self._trash.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # deleted twice
            kept.folder.rename(self._trash / f"{time.time_ns()}-{kept.folder.name}")

    def restore(self) -> KeptBird | None:
        """Bring back what was deleted last, in this run of the program or one before.

        Raises DamagedBird for one that is back all the same, but cannot be read.
        """
        deleted = self._deleted()
        if not deleted:
            return None
        place = self.folder / deleted[-1].name.partition("-")[2]
        deleted[-1].rename(place)
        return read_summary(place)

    def can_restore(self) -> bool:
        return bool(self._deleted())

    def tidy(self) -> None:
        """Clear away what was deleted long ago, and what a killed program left half written."""
        now = time.time_ns()
        for folder in self._deleted():
            if now - int(folder.name.partition("-")[0]) > TRASH_DAYS * DAY_NANOSECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        for folder in self.folder.glob(f"{BEING_WRITTEN}*"):
            with suppress(OSError):
                if now - folder.stat().st_mtime_ns > UNFINISHED_DAYS * DAY_NANOSECONDS:
                    shutil.rmtree(folder, ignore_errors=True)

    def _folders(self) -> list[Path]:
        if not self.folder.exists():
            return []
        return [path for path in self.folder.iterdir() if path.is_dir() and _is_a_birds(path)]

    def _deleted(self) -> list[Path]:
        """Oldest first."""
        found = [path for path in self._trash.glob("*-*") if path.name.partition("-")[0].isdecimal()]
        return sorted(found, key=lambda path: int(path.name.partition("-")[0]))


def _age(kept: KeptBird) -> tuple[datetime, str]:
    return kept.painted_at, kept.folder.name


def _is_a_birds(folder: Path) -> bool:
    return folder.name != "trash" and not folder.name.startswith(BEING_WRITTEN)


def search(birds: list[KeptBird], words: str) -> list[KeptBird]:
    """The birds that have all the words, or beginnings of words, in their description, seed or weights."""
    wanted = words.casefold().split()
    return [kept for kept in birds if all(_has(kept.bird, word) for word in wanted)]


def _has(bird: Bird, word: str) -> bool:
    text = f" {bird.caption} {bird.seed} {bird.weights}".casefold()
    return f" {word}" in text


def describe_damage(damaged: list[Path]) -> str:
    """One sentence, or nothing."""
    if not damaged:
        return ""
    if len(damaged) == 1:
        return f"One bird cannot be shown, since {damaged[0]} is damaged."
    return f"{len(damaged)} birds cannot be shown, since their folders in {damaged[0].parent} are damaged."
