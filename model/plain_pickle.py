"""The only place that unpickles: plain Python values and tensors, without running anything that a file holds."""

import pickle
from pathlib import Path
from typing import Any

import torch

from model.errors import DataError, WeightsError


class _PlainUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"it names {module}.{name}, and only plain values are read")


def read_plain_pickle(path: Path) -> Any:
    """Lists, dicts, strings and numbers of a pickle (Python 2's too); anything else in it raises DataError."""
    try:
        with path.open("rb") as file:
            return _PlainUnpickler(file, encoding="latin1").load()
    except FileNotFoundError:
        raise DataError(f"{path} is missing.") from None
    except Exception as error:  # a damaged pickle can raise nearly anything
        raise DataError(f"{path} cannot be read: {error}.") from None


def read_tensors(path: Path) -> Any:
    """What torch.save wrote, of plain values and tensors; raises WeightsError when it is missing or anything else."""
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise WeightsError(f"{path} is missing.") from None
    except Exception:  # a damaged file can raise nearly anything
        raise WeightsError(f"{path} is no state dict that can be read without running code inside it.") from None
