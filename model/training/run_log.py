"""What a run tells while it trains: a progress bar, TensorBoard's scalars and pictures, and when to stop worrying."""

import io
import math
from pathlib import Path

import torch
from PIL import Image
from tensorboard.compat.proto.summary_pb2 import Summary
from torch import Tensor
from torch.utils.tensorboard import SummaryWriter
from tqdm import tqdm

from model.errors import PlainError
from model.training.clock import Clock
from model.training.world import World

EVERY = 20  # steps between two looks at the losses: each look waits for the device
COLLAPSED = 0.01  # of a pixel's deviation over a batch, in -1..1, or of variety: all paintings are the same one
COLLAPSED_LOOKS = 5  # so often in a row


class RunLog:
    """Only the first process of a world talks; RUN/tensorboard holds what it said."""

    def __init__(self, output: Path, world: World, step: int) -> None:
        """step: the one the run goes on from; what TensorBoard has of later ones is taken back."""
        self._world = world
        self._writer = SummaryWriter(output / "tensorboard", purge_step=step) if world.first else None
        self._same = 0

    def close(self) -> None:
        """Write what is still held back."""
        if self._writer is not None:
            self._writer.close()

    def look(self, step: int, log: dict[str, Tensor], photos: int, bar: "tqdm[None]", clock: Clock) -> None:
        """Report the values of one step; raises PlainError when they are no numbers or all paintings are the same.

        photos: how many were seen so far, for the bar.
        """
        means = self._world.mean(torch.stack([value.float() for value in log.values()])).tolist()
        values = dict(zip(log, means, strict=True))
        if not all(map(math.isfinite, means)):
            raise PlainError(f"The losses are no numbers at step {step}; the last checkpoint is kept.")
        alike = values.get("spread", 1.0) < COLLAPSED
        self._same = self._same + 1 if alike or values.get("variety", 1.0) < COLLAPSED else 0
        if self._same == COLLAPSED_LOOKS:
            which = "" if alike else " of a sentence"
            raise PlainError(f"All paintings{which} have become the same at step {step}; the last checkpoint is kept.")
        shown = " ".join(f"{name} {value:.2f}" for name, value in values.items())
        bar.update(photos - bar.n)
        left = max(0.0, clock.maximum_minutes - clock.minutes)
        bar.set_postfix_str(f"{shown}, step {step}, {left:.1f} min left")
        if self._writer is not None:
            for name, value in values.items():
                self._writer.add_scalar(name, value, step)
            self._writer.add_scalar("photos_per_second", bar.format_dict["rate"] or 0.0, step)

    def show(self, step: int, path: Path) -> None:
        """Add a sample grid, as a JPEG: TensorBoard's writer takes a second to check the megabytes of a PNG."""
        if self._writer is not None:
            jpeg = io.BytesIO()
            with Image.open(path) as picture:
                picture.save(jpeg, "JPEG", quality=90)
            width, height = picture.size
            image = Summary.Image(height=height, width=width, colorspace=3, encoded_image_string=jpeg.getvalue())
            shown = Summary(value=[Summary.Value(tag="samples", image=image)])
            self._writer._get_file_writer().add_summary(shown, step)  # `file_writer` is typed as None
