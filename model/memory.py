"""Memory for long work on the CPU: training, and painting thousands of pictures."""

import ctypes
import sys

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_MAX = -1, -2, -4  # glibc's malloc.h


def keep_freed_memory() -> None:
    """Have glibc keep what tensors free instead of giving it back to the system between two operations.

    A step of training and a large painting free and take gigabytes; fetching them from the system again, page by page,
    slows them on a CPU, the more the busier the machine is. Does nothing where the C library is another one.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return
    mallopt(_MMAP_MAX, 0)
    mallopt(_TRIM_THRESHOLD, 2**31 - 1)
    mallopt(_TOP_PAD, 2**26)
