"""Memory for work that takes and frees much of it on the CPU: training and painting."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4  # glibc's malloc.h


def keep_freed_memory() -> None:
    """Have glibc keep what tensors free instead of giving it back to the system between two operations.

    A step of training and a large painting free and take gigabytes; fetching them from the system again, page by page,
    slows them on a CPU, the more the busier the machine is. Does nothing where the C library is another one.
    """
    if (libc := _glibc()) is None:
        return
    libc.mallopt(_MMAP_MAX, 0)
    libc.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    libc.mallopt(_TOP_PAD, 2**26)


@contextmanager
def kept_meanwhile() -> Iterator[None]:
    """Freed memory is kept until the end of some work, and then given back to the system."""
    keep_freed_memory()
    try:
        yield
    finally:
        if (libc := _glibc()) is not None:
            libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL("libc.so.6") if sys.platform.startswith("linux") else None
        return libc if hasattr(libc, "mallopt") else None
    except OSError:
        return None
