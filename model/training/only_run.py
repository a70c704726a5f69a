"""One run a folder, trained by one process at a time: two would overwrite each other's checkpoints."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from model.errors import PlainError
from model.training.world import World

LOCK = ".lock"  # in a run's folder; the system opens it when the process that holds it ends, however that ends


@contextmanager
def only_run(checkpoint: Path, resume: bool, world: World) -> Iterator[None]:
    """Nobody else trains in the checkpoint's folder meanwhile; the processes of one world are one.

    Raises PlainError where somebody does, or where there is a checkpoint and the run is not to be resumed.
    """
    run = checkpoint.parent
    if checkpoint.exists() and not resume:
        raise PlainError(f"{run} holds a run already; add --resume to go on with it, or choose another folder.")
    if not world.first:
        yield
        return
    if resume and not checkpoint.exists():
        print(f"There is no run in {run} yet; a new one begins.")
    run.mkdir(parents=True, exist_ok=True)
    lock = FileLock(run / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise PlainError(f"Another process trains in {run}; wait for it, or choose another folder.") from None
    try:
        yield
    finally:
        lock.release()
