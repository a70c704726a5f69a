"""What a GPU would record of a training step is what every later step does, too."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map

from model.training import gan_phase
from model.training.cuda_graph import WARM_UPS, CudaGraph
from tests.model.training.gan_runs import Preset, batches_for, run_of_everything


class Operations(TorchDispatchMode):
    """Keeps what would be recorded: operations, the shapes that they see and every number that Python gives them."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def __torch_dispatch__(
        self, operation: Any, types: Any, arguments: tuple[Any, ...] = (), options: dict[str, Any] | None = None
    ) -> Any:
        told = tree_map(lambda one: (one.dtype, *one.shape) if isinstance(one, Tensor) else one, (arguments, options))
        if not str(operation).startswith("profiler"):
            self.seen.append(f"{operation} {told}")
        return operation(*arguments, **(options or {}))


def test_every_step_does_what_the_one_before_did_with_other_numbers(
    encoders: Path, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, birds = run_of_everything(tmp_path, encoders, preset, "generator_steps = 2")
    for number in range(len(run.options.phases)):
        run.begin_phase(number)
        batches = batches_for(run, birds)
        steps: list[list[str]] = []
        learn = run.current._learn

        def watched(*given: Any, learn: Any = learn, steps: Any = steps) -> dict[str, Tensor]:
            with monkeypatch.context() as patched, Operations() as operations:
                patched.setattr(gan_phase, "sent", None)  # nothing comes from the processor any more
                values: dict[str, Tensor] = learn(*given)
            steps.append(operations.seen)
            return values

        monkeypatch.setattr(run.current, "_learn", watched)
        losses = [run.train_step(batches)["D"] for _ in range(3)]  # Adam makes its moments in the first
        assert steps[1] == steps[2]
        assert losses[1] != losses[2]
        assert len(steps[1]) > 1000


class Stream:
    def wait_stream(self, other: object) -> None:
        pass


class Recording:
    """What a GPU keeps of the work below: where it read and wrote."""

    replay: Callable[[], object]


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Stream:
    """The part of torch.cuda that records, on a computer without a GPU."""
    monkeypatch.setattr(torch.cuda, "current_stream", Stream)
    monkeypatch.setattr(torch.cuda, "stream", lambda stream: nullcontext())
    monkeypatch.setattr(torch.cuda, "CUDAGraph", Recording)
    monkeypatch.setattr(torch.cuda, "graph", lambda *_: nullcontext())
    return Stream()


def test_what_was_recorded_is_done_with_the_numbers_of_every_later_call(gpu: Stream) -> None:
    graph: Any = CudaGraph(gpu, None)  # type: ignore[arg-type]
    worked: list[int] = []

    def work(given: tuple[list[Tensor], int]) -> dict[str, Tensor]:
        (numbers,), factor = given
        product = numbers * factor
        Recording.replay = staticmethod(lambda: product.copy_(numbers * factor))
        worked.append(int(numbers[0]))
        return {"product": product}

    results = [graph(work, ([torch.full((2,), float(number))], 3))["product"] for number in range(WARM_UPS + 3)]
    assert [result.tolist() for result in results] == [[3.0 * number] * 2 for number in range(WARM_UPS + 3)]
    assert worked == list(range(WARM_UPS + 1))
