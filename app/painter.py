"""The one thread that owns the networks: loads them when needed, paints, and stops between stages."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from PIL import Image

from app.background import Background
from app.bird import Bird
from app.pictures import PaintedStage, develop

if TYPE_CHECKING:
    import numpy as np

    from model.pipeline import Result, Stage, TextToImagePipeline


@dataclass(frozen=True)
class Request:
    caption: str
    seed: int
    samples: int
    weights: str
    first_sample: int = 0


class Easel(Protocol):
    """Shows a painting as it grows; everything arrives on the Tk thread."""

    def show_loading(self, weights: str) -> None: ...
    def show_painting(self, bird: Bird) -> None: ...
    def show_stage(self, painted: PaintedStage) -> None: ...
    def show_finished(self, result: Result) -> None: ...
    def show_failure(self, sentence: str) -> None: ...


@dataclass(frozen=True)
class WalkRequest:
    """From one description and its seed to another, by the sample of that number of each."""

    start: tuple[str, int]
    end: tuple[str, int]
    pictures: int
    sample: int
    weights: str


class Walker(Protocol):
    """Shows the pictures of a walk as they come; everything arrives on the Tk thread."""

    def show_step(self, picture: Image.Image) -> None: ...
    def show_failure(self, sentence: str) -> None: ...


class Stopped(Exception):
    """Leaves the network between two stages."""


class Painting:
    """A request on its way; compared by identity, and ignorant of widgets since it visits the thread."""

    def __init__(self) -> None:
        self.stopped = threading.Event()


def load_pipeline(weights: str, device: str = "auto") -> TextToImagePipeline:
    from model.pipeline import TextToImagePipeline  # imports torch: seconds, so never on the Tk thread

    return TextToImagePipeline.from_pretrained(weights, device)


class Painter:
    def __init__(self, background: Background, load: Callable[[str], TextToImagePipeline]) -> None:
        self._background = background
        self._load = load
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
        self._pipelines: dict[str, TextToImagePipeline] = {}
        self._easels: dict[Painting, Easel | Walker] = {}  # only touched on the Tk thread
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

    def forget(self, weights: str) -> None:
        """Another weight set may come to be called so."""
        self._thread.submit(self._pipelines.pop, weights, None)

    def weights_hash(self, weights: str) -> str:
        """What a bird painted now would say of its weights; nothing as long as the weight set is not loaded."""
        pipeline = self._pipelines.get(weights)
        return pipeline.fingerprint if pipeline else ""

    def paint(self, request: Request, easel: Easel) -> Painting:
        painting = Painting()
        self._easels[painting] = easel
        self._thread.submit(self._work, painting, partial(self._paint, painting, request))
        return painting

    def walk(self, request: WalkRequest, walker: Walker) -> Painting:
        painting = Painting()
        self._easels[painting] = walker
        self._thread.submit(self._work, painting, partial(self._walk, painting, request))
        return painting

    def stop(self, painting: Painting) -> None:
        """Nothing reaches the easel from now on; the thread leaves at the next stage."""
        painting.stopped.set()
        self._easels.pop(painting, None)

    def forget_all(self) -> None:
        """What is loaded, for it is to be loaded in another way."""
        self._thread.submit(self._pipelines.clear)

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

    def _work(self, painting: Painting, work: Callable[[], None]) -> None:
        try:
            self._stop_if_asked(painting)
            work()
        except Stopped:
            pass
        except Exception as error:
            sentence = plain_sentence(error)
            self._tell(painting, lambda easel: easel.show_failure(sentence))

    def _stop_if_asked(self, painting: Painting) -> None:
        if painting.stopped.is_set() or self._closing.is_set():
            raise Stopped

    def _tell(self, painting: Painting, message: Callable[[Any], None]) -> None:
        self._background.post(self._deliver, painting, message)

    def _paint(self, painting: Painting, request: Request) -> None:
        def on_stage(stage: Stage) -> None:
            self._stop_if_asked(painting)
            painted = develop(stage, tokens)
            self._tell(painting, lambda easel: easel.show_stage(painted))
            self._stop_if_asked(painting)

        if request.weights not in self._pipelines:
            self._tell(painting, lambda easel: easel.show_loading(request.weights))
        pipeline = self._pipeline(request.weights)
        tokens, unknown_words = pipeline.tokenize(request.caption)
        bird = Bird(
            request.caption,
            request.seed,
            request.samples,
            request.weights,
            pipeline.fingerprint,
            pipeline.device_name,
            tokens,
            unknown_words,
            list(pipeline.config.image_sizes),
            request.first_sample,
        )
        self._tell(painting, lambda easel: easel.show_painting(bird))
        with _memory():
            result = pipeline(request.caption, request.seed, request.samples, on_stage, request.first_sample)
        self._tell(painting, lambda easel: easel.show_finished(result))

    def _walk(self, painting: Painting, request: WalkRequest) -> None:
        def on_step(pixels: np.ndarray) -> None:
            self._stop_if_asked(painting)
            picture = Image.fromarray(pixels)
            self._tell(painting, lambda walker: walker.show_step(picture))

        pipeline = self._pipeline(request.weights)
        with _memory():
            pipeline.walk(request.start, request.end, request.pictures, request.sample, on_step)

    def _deliver(self, painting: Painting, message: Callable[[Any], None]) -> None:
        easel = self._easels.get(painting)
        if easel is not None:
            message(easel)


def _memory() -> AbstractContextManager[None]:
    from model.pipeline import kept_meanwhile

    return kept_meanwhile()


def plain_sentence(error: Exception) -> str:
    """The network's own sentence where it has one, else one that names what happened."""
    with contextlib.suppress(ImportError):
        from model.pipeline import PlainError

        if isinstance(error, PlainError):
            return str(error)
    return f"The painter could not go on: {str(error) or type(error).__name__}."
