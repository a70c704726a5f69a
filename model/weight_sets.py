"""All weight sets there are, and what can be said of each without loading its networks."""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from model.config import ModelConfig
from model.errors import WeightsError, unreadable
from model.places import SHIPPED_WEIGHTS, users_weights
from model.vocabulary import Vocabulary
from model.whole_folder import BEING_WRITTEN

LONGEST_CARD = 1 << 18  # bytes
LONGEST_STORY = 150  # letters
NETWORKS = ("text_encoder.safetensors", "generator.safetensors")


@dataclass(frozen=True)
class WeightSet:
    folder: Path
    shipped: bool
    """Whether it comes with the program; others were added by the person who uses it."""
    bytes: int
    damage: str = ""
    """Why it cannot paint, in one sentence; nothing of what follows is known then."""
    stages: int = 0
    largest: int = 0  # side of the last stage's picture in pixels
    words: int = 0
    story: str = ""  # how its model card begins
    r_precision: str = ""  # as its model card tells it: "52.6 %"

    @property
    def name(self) -> str:
        return self.folder.name


def weight_sets() -> list[WeightSet]:
    """Those that come with the program, the one for the largest pictures first, then those that were added."""
    shipped = [path.parent for path in SHIPPED_WEIGHTS.glob("*/config.json")]
    added = [path for path in users_weights().glob("*") if path.is_dir() and _is_a_sets(path)]
    return [
        *(read_weight_set(folder, shipped=True) for folder in sorted(shipped, key=_largest_number_first)),
        *(read_weight_set(folder, shipped=False) for folder in sorted(added, key=lambda folder: folder.name)),
    ]


def read_weight_set(folder: Path, shipped: bool) -> WeightSet:
    """What is damaged is told by the set itself and never raised."""
    size = 0
    try:
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        if not shipped and (SHIPPED_WEIGHTS / folder.name / "config.json").is_file():
            raise WeightsError(
                f'A weight set that comes with the program is called "{folder.name}" too and is used instead: '
                f"give {folder} another name."
            )
        config, vocabulary = read_words(folder)
        for name in NETWORKS:
            _check_header(folder / name)
        card = _read_card(folder / "README.md")
    except WeightsError as error:
        return WeightSet(folder, shipped, size, str(error))
    except OSError as error:
        return WeightSet(folder, shipped, size, f"{folder} cannot be read: {error.strerror or error}.")
    return WeightSet(
        folder,
        shipped,
        size,
        "",
        config.stages,
        config.image_sizes[-1],
        len(vocabulary) - 1,
        _story(card),
        _r_precision(card),
    )


def read_words(folder: Path) -> tuple[ModelConfig, Vocabulary]:
    """A weight set's architecture and vocabulary; raises WeightsError when they do not belong together."""
    config, vocabulary = ModelConfig.load(folder / "config.json"), Vocabulary.load(folder / "vocabulary.txt")
    if len(vocabulary) != config.vocabulary_size:
        raise WeightsError(f"{folder} has {len(vocabulary)} words where its config.json says {config.vocabulary_size}.")
    return config, vocabulary


def _is_a_sets(folder: Path) -> bool:
    return folder.suffix != BEING_WRITTEN and not folder.name.startswith(".")


def _largest_number_first(folder: Path) -> tuple[int, str]:
    numbers = re.findall(r"\d+", folder.name)
    return (-int(numbers[-1]) if numbers else 0, folder.name)


def _check_header(path: Path) -> None:
    """Raises WeightsError for a file that is missing, shorter than it says, or no safetensors."""
    try:
        with safe_open(path, framework="np"):
            pass
    except (OSError, SafetensorError) as error:
        raise unreadable(path, error) from None


def _read_card(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(LONGEST_CARD)


def _story(card: str) -> str:
    """The first words that are neither a heading nor a table, else where the table says that it comes from."""
    for paragraph in re.split(r"\n\s*\n", card):
        lines = [line for line in paragraph.strip().splitlines() if not line.startswith(("#", "|", "!", "```", "---"))]
        if lines:
            return textwrap.shorten(" ".join(lines), LONGEST_STORY, placeholder=" …")
    origin = re.search(r"^\| *origin *\| *([^|\n]+?) *\|", card, re.MULTILINE)
    return f"{origin[1][0].upper()}{origin[1][1:]}." if origin else ""


def _r_precision(card: str) -> str:
    told = re.search(r"R-precision[^|\n]*\| *([\d.]+ ?%)", card)
    return told[1] if told else ""
