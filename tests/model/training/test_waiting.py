"""A training step hands out its work without waiting for anything that a device has yet to work out."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

import model
from tests.model.training.gan_runs import Preset, batches_for, run_of_everything

HOME = str(Path(model.__file__).parent)
# What makes the processor wait: numbers that Python reads, and tensors whose size depends on what is in another.
READING = ("tolist", "numpy", "cpu")
ASKING = {"_local_scalar_dense", "nonzero", "masked_select", "equal", "unique", "repeat_interleave", "bincount"}
DRAWN_BY_THE_PROCESSOR = ("draw", "cropped_in_turn", "captions")  # photos and words
ON_THE_PROCESSOR = (
    "self.lstm(packed)",  # captions' lengths, which torch wants there
    "torch.randint(len(self.advisers), ())",
)


class Watch(TorchDispatchMode):
    """Keeps the lines of the program that asked, backwards and in the optimizers too."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def __torch_dispatch__(
        self, operation: Any, types: Any, arguments: tuple[Any, ...] = (), options: dict[str, Any] | None = None
    ) -> Any:
        if str(operation).split(".")[1] in ASKING or _chosen_by_truth(operation, arguments):
            self.note(str(operation))
        return operation(*arguments, **(options or {}))

    def note(self, what: str) -> None:
        ours = [frame for frame in traceback.extract_stack() if frame.filename.startswith(HOME)]
        if not any(frame.name.endswith(DRAWN_BY_THE_PROCESSOR) for frame in ours):
            self.asked.append(str(ours[-1].line) if ours else what)

    def watched(self, name: str) -> Callable[..., Any]:
        """A method of tensors that asks, and is not seen as an operation where all is on the processor."""
        method = getattr(Tensor, name)

        def ask(tensor: Tensor, *arguments: Any, **options: Any) -> Any:
            self.note(name)
            return method(tensor, *arguments, **options)

        return ask


def _chosen_by_truth(operation: Any, arguments: tuple[Any, ...]) -> bool:
    """Whether elements are picked by a mask."""
    indices = arguments[1] if str(operation).startswith("aten.index") and len(arguments) > 1 else ()
    return isinstance(indices, list | tuple) and any(
        index is not None and index.dtype == torch.bool for index in indices
    )


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    for name in READING:
        monkeypatch.setattr(Tensor, name, watch.watched(name))
    return watch


def test_no_step_waits_for_what_it_has_yet_to_work_out(
    encoders: Path, preset: Preset, tmp_path: Path, watch: Watch
) -> None:
    run, birds = run_of_everything(tmp_path, encoders, preset)
    for number in range(len(run.options.phases)):
        run.begin_phase(number)
        batches = batches_for(run, birds)
        watch.asked.clear()
        with watch:
            losses = run.train_step(batches)
        assert not [line for line in watch.asked if not any(known in line for known in ON_THE_PROCESSOR)]
        watch.asked.clear()
        with watch:
            assert float(losses["D"]) > 0
            losses["G"].tolist()
        assert len(watch.asked) == 2  # such things would have been seen
