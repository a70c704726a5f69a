"""Decoded photos that live in a device's memory, and whether there is room for them."""

import os
from collections.abc import Iterable
from pathlib import Path

import torch
from torch import Tensor

from model.data.drawing import Drawing

SHARE_OF_MEMORY = 0.5  # of what is free: the networks need the rest
SMALLEST_MEMORY = 4 * 2**30  # bytes that a computer is taken to have when it does not tell


class Resident:
    """All photos in one tensor on the device: uint8, photos x 3 x height x width, each in its upper left corner."""

    def __init__(
        self, pictures: Iterable[Tensor | None], shape: tuple[int, int, int, int], device: torch.device
    ) -> None:
        """pictures: uint8, 3 x height x width, or None for a broken one, which gets no place; shape: `padded_shape`."""
        count = 0
        places = torch.empty(shape, dtype=torch.uint8, device=device)
        self.whole = []  # for every picture, whether it got a place
        for picture in pictures:
            if picture is not None:
                places[count, :, : picture.shape[1], : picture.shape[2]] = picture
                count += 1
            self.whole.append(picture is not None)
        self.photos = places[:count]

    def find(self, step: int, drawing: Drawing) -> tuple[Tensor, Drawing]:
        """Pictures that hold what was drawn for the step, and the drawing in terms of them."""
        return self.photos, drawing


def padded_shape(sizes: list[tuple[int, int]]) -> tuple[int, int, int, int]:
    """Shape of one tensor that all photos of these heights and widths fit into: photos x 3 x height x width."""
    heights, widths = zip(*sizes, strict=True)
    return len(sizes), 3, max(heights), max(widths)


def fits(shape: tuple[int, int, int, int], device: torch.device) -> bool:
    """Whether that many bytes may live on the device."""
    return torch.Size(shape).numel() <= SHARE_OF_MEMORY * free_memory(device)


def free_memory(device: torch.device) -> int:
    """Bytes that nobody uses yet; of a computer's, the part of each of its processes that train together."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    if device.type == "mps":
        return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        free = SMALLEST_MEMORY
    return free // int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
