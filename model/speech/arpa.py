"""A back-off model as the text that every recogniser reads: Doug Paul's ARPA format, logarithms to base 10."""

import math
from pathlib import Path

from model.speech.kneser_ney import START, BackoffModel, NGram


def write_arpa(model: BackoffModel, path: Path) -> None:
    """Sorted, so that the same model gives the same file."""
    orders = [dict(order) for order in model.probabilities]
    orders[0][(START,)] = 0.0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("\\data\\\n")
        file.writelines(f"ngram {size}={len(order)}\n" for size, order in enumerate(orders, 1))
        for size, order in enumerate(orders, 1):
            file.write(f"\n\\{size}-grams:\n")
            file.writelines(_line(model, key, order[key], size) for key in sorted(order))
        file.write("\n\\end\\\n")


def _line(model: BackoffModel, ngram: NGram, probability: float, size: int) -> str:
    said = f"{_log(probability)}\t{' '.join(ngram)}"
    return f"{said}\t{_log(model.backoffs.get(ngram, 1.0))}\n" if size < 3 else f"{said}\n"


def _log(probability: float) -> str:
    return f"{math.log10(probability):.4f}" if probability > 0 else "-99.0000"
