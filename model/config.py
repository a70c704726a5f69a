"""The architecture of one weight set: what `config.json` says."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from model.errors import WeightsError

FORMAT_VERSION = 1
LARGEST_SIZE = 4096  # of any width: a damaged file must not ask for all memory
MOST_WORDS = 1_000_000
MOST_STAGES = 6  # up to 2048 px


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of AttnGAN (Xu et al. 2018, arXiv 1711.10485); the defaults are the published ones with a fourth stage."""

    stages: int = 4  # 1 initial stage (64 px) and stages - 1 refinement stages, each doubling the side
    generator_channels: int = 32  # ngf: channels of every stage's feature map
    residual_blocks: int = 2  # per refinement stage
    condition_size: int = 100  # conditioning augmentation's output
    noise_size: int = 100
    word_embedding_size: int = 300
    text_size: int = 256  # words and sentence: both directions of the LSTM together
    vocabulary_size: int = 1  # lines of vocabulary.txt
    maximum_words: int = 40  # a longer description is read up to here
    format_version: int = FORMAT_VERSION

    @property
    def image_sizes(self) -> tuple[int, ...]:
        """Side of each stage's picture in pixels: (64, 128, 256, 512)."""
        return tuple(64 * 2**stage for stage in range(self.stages))

    def save(self, path: Path) -> None:
        """Write `config.json`."""
        path.write_text(json.dumps({**asdict(self), "image_sizes": self.image_sizes}, indent=2) + "\n")

    @classmethod
    def load(cls, path: Path) -> "ModelConfig":
        """Read `config.json`; raises WeightsError when it is missing, no JSON, or of an unknown format."""
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            version = stored["format_version"]
            sizes = {field.name: stored[field.name] for field in fields(cls)}
        except FileNotFoundError:
            raise WeightsError(f"There is no weight set at {path.parent}: {path.name} is missing.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WeightsError(f"{path} cannot be read as a weight set's configuration ({error}).") from None
        if version != FORMAT_VERSION:
            raise WeightsError(f"{path} has format {version}; this program reads format {FORMAT_VERSION}.")
        largest = {"vocabulary_size": MOST_WORDS}
        possible = all(
            type(size) is int and 0 < size <= largest.get(name, LARGEST_SIZE) for name, size in sizes.items()
        )
        if not possible or sizes["stages"] > MOST_STAGES or sizes["text_size"] % 2:
            raise WeightsError(f"{path} holds sizes that make no network.")
        return cls(**sizes)
