"""Reading pickles that hold only plain Python values, without running anything inside them."""

import pickle
from pathlib import Path
from typing import Any

from model.errors import DataError


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
