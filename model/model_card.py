"""Model cards: the README.md of a weight set, saying where it comes from."""

from pathlib import Path

from model.config import ModelConfig


def write_model_card(directory: Path, config: ModelConfig, origin: dict[str, str]) -> None:
    """Write README.md with the architecture and what `origin` tells, a row each (data, recipe, hardware ...)."""
    rows = {
        "stages": f"{config.stages}, up to {config.image_sizes[-1]} px",
        "words": f"{config.vocabulary_size - 1}",
        **origin,
    }
    table = "\n".join(f"| {name} | {value} |" for name, value in rows.items())
    (directory / "README.md").write_text(f"# {directory.name}\n\n| | |\n|---|---|\n{table}\n", encoding="utf-8")
