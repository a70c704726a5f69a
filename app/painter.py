"""The one thread that owns the networks: loads them when needed, paints, and stops between stages."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from app.background import Background
from app.pictures import PaintedStage, develop

if TYPE_CHECKING:
    from model.pipeline import Result, Stage, TextToImagePipeline


@dataclass(frozen=True)
class Request:
    caption: str
    seed: int
    samples: int
    weights: str


class Easel(Protocol):
    """Shows a painting as it grows; everything arrives on the Tk thread."""

    def show_loading(self, weights: str) -> None: ...
    def show_painting(self, sizes: list[int], device: str) -> None: ...
    def show_stage(self, painted: PaintedStage) -> None: ...
    def show_finished(self, result: Result) -> None: ...
    def show_failure(self, sentence: str) -> None: ...


class Stopped(Exception):
    """Leaves the network between two stages."""


@dataclass(frozen=True)
class Painting:
    request: Request
    easel: Easel
    _stopped: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Nothing reaches the easel from now on."""
        self._stopped.set()

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()


def load_pipeline(weights: str) -> TextToImagePipeline:
    from model.pipeline import TextToImagePipeline  # imports torch: seconds, so never on the Tk thread

    return TextToImagePipeline.from_pretrained(weights)


class Painter:
    def __init__(
        self, background: Background, load: Callable[[str], TextToImagePipeline] = load_pipeline
    ) -> None:
        self._background = background
        self._load = load
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
        self._pipelines: dict[str, TextToImagePipeline] = {}
        self._closing = threading.Event()

    def prepare(self, weights: str, ready: Callable[[str], object], failed: Callable[[str], object]) -> None:
        """Load a weight set ahead of time; `ready` gets the name of the device."""

        def work() -> None:
            try:
                device = self._pipeline(weights).device_name
            except Exception as error:
                self._background.post(failed, plain_sentence(error))
            else:
                self._background.post(ready, device)

        self._thread.submit(work)

    def paint(self, request: Request, easel: Easel) -> Painting:
        painting = Painting(request, easel)
        self._thread.submit(self._paint, painting)
        return painting

    def close(self) -> None:
        """Stops at the next stage; the thread ends soon after."""
        self._closing.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def join(self) -> None:
        self._thread.shutdown(wait=True)

    def _pipeline(self, weights: str) -> TextToImagePipeline:
        if weights not in self._pipelines:
            self._pipelines[weights] = self._load(weights)
        return self._pipelines[weights]

    def _paint(self, painting: Painting) -> None:
        request, easel = painting.request, painting.easel

        def tell(message: Callable[..., None], *arguments: object) -> None:
            self._background.post(lambda: None if painting.stopped else message(*arguments))

        def stop_if_asked() -> None:
            if painting.stopped or self._closing.is_set():
                raise Stopped

        try:
            stop_if_asked()
            if request.weights not in self._pipelines:
                tell(easel.show_loading, request.weights)
            pipeline = self._pipeline(request.weights)
            tokens, _ = pipeline.tokenize(request.caption)
            stop_if_asked()
            tell(easel.show_painting, list(pipeline.config.image_sizes), pipeline.device_name)

            def on_stage(stage: Stage) -> None:
                stop_if_asked()
                tell(easel.show_stage, develop(stage, tokens))
                stop_if_asked()

            tell(easel.show_finished, pipeline(request.caption, request.seed, request.samples, on_stage))
        except Stopped:
            pass
        except Exception as error:
            tell(easel.show_failure, plain_sentence(error))


def plain_sentence(error: Exception) -> str:
    """The network's own sentence where it has one, else one that names what happened."""
    with contextlib.suppress(ImportError):
        from model.pipeline import PlainError

        if isinstance(error, PlainError):
            return str(error)
    return f"The painter could not go on: {str(error) or type(error).__name__}."
