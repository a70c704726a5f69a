"""A compact part detector: heat maps over a judge's 8 x 8 regions, one for each part."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from model.data.photo import Photo
from model.evaluation.judge import Judge
from model.evaluation.parts import PARTS
from model.image_encoder import REGIONS

HIDDEN = 64
EPOCHS = 16
EPOCH_UNITS = 450  # photos that are looked at in the time of an epoch
BATCH = 64
LEARNING_RATE = 0.003
NEAR = 0.1  # of the picture's side: a part found within this distance is found (PCK at 0.1)


class PartDetector(nn.Module):
    """Region features -> a heat map for each part."""

    def __init__(self, size: int, parts: int = len(PARTS)) -> None:
        """size: features of a region."""
        super().__init__()
        self.heat = nn.Sequential(
            nn.BatchNorm2d(size),
            nn.Conv2d(size, HIDDEN, 1),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Conv2d(HIDDEN, HIDDEN, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(HIDDEN, parts, 1),
        )

    def forward(self, regions: Tensor) -> Tensor:
        """Unnormalised log heat: pictures x size x 8 x 8 -> pictures x parts x 64, row by row."""
        heat: Tensor = self.heat(regions).flatten(2)
        return heat

    @torch.no_grad()
    def find(self, regions: Tensor) -> Tensor:
        """Where every part is most likely, 0..1 each way: pictures x parts x (x, y)."""
        return mean_around_the_peak(self.eval()(regions.float()).softmax(2))


def mean_around_the_peak(heat: Tensor) -> Tensor:
    """Mean place of the heat in the 3 x 3 cells around its largest cell: ... x 64 -> ... x (x, y), 0..1 each way."""
    cell = torch.arange(REGIONS * REGIONS, device=heat.device)
    rows, columns = cell // REGIONS, cell % REGIONS
    best = heat.argmax(-1, keepdim=True)
    near = ((rows - best // REGIONS).abs() <= 1) & ((columns - best % REGIONS).abs() <= 1)
    around = heat * near
    centres = (torch.stack((columns, rows), 1) + 0.5) / REGIONS  # 64 x (x, y)
    return (around[..., None] * centres).sum(-2) / around.sum(-1, keepdim=True)  # a product would be rounded in half


def heat_of(places: Tensor) -> tuple[Tensor, Tensor]:
    """The heat maps to learn: every seen place spread over the four cells around it, so that their mean is the place.

    places: photos x parts x 2 x (x, y), 0..1, NaN where unseen. Returns photos x parts x 64, which sums to 1, and
    bool, photos x parts: whether the part is seen at all.
    """
    seen = ~places.isnan().any(-1)  # photos x parts x 2
    centres = (torch.arange(REGIONS) + 0.5) / REGIONS
    inside = places.nan_to_num().clamp(float(centres[0]), float(centres[-1]))
    spread = (1 - (inside[..., None] - centres).abs() * REGIONS).clamp_min(0)  # ... x (x, y) x 8
    cells = (spread[..., 1, :, None] * spread[..., 0, None, :]).flatten(-2) * seen[..., None]
    heat = cells.sum(2)
    return heat / heat.sum(-1, keepdim=True).clamp_min(1e-6), seen.any(2)


def fit_detector(regions: Tensor, places: Tensor, stepped: Callable[[], object] = lambda: None) -> PartDetector:
    """Learn from photos, the same in every run on one device; calls `stepped` after each of EPOCHS epochs.

    regions: photos x size x 8 x 8; places: as in heat_of.
    """
    heat, seen = heat_of(places)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        detector = PartDetector(regions.shape[1], places.shape[1]).train()
        optimizer = torch.optim.AdamW(detector.parameters(), LEARNING_RATE, weight_decay=0.05)
        batches = -(-len(regions) // BATCH)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=EPOCHS * batches)
        for _ in range(EPOCHS):
            for chosen in torch.randperm(len(regions)).chunk(batches):
                likely = detector(regions[chosen].float()).log_softmax(2)
                of_part = -(heat[chosen] * likely).sum(2)[seen[chosen]]
                optimizer.zero_grad()
                (of_part.sum() / max(1, len(of_part))).backward()
                optimizer.step()
                schedule.step()
            stepped()
    return detector.eval()


def share_found(found: Tensor, places: Tensor) -> list[float | None]:
    """PCK at a tenth of the side: the share of photos with a part in which it is found near one of its places.

    found: photos x parts x (x, y), or parts x (x, y) for one answer to all; places: as in heat_of. A number for each
    part, None where no photo has it.
    """
    distance = (found[..., None, :] - places).norm(dim=-1)  # photos x parts x 2, NaN where unseen
    seen = ~distance.isnan().all(2)
    hit = (distance <= NEAR).any(2)
    return [
        float(hit[seen[:, part], part].float().mean()) if seen[:, part].any() else None for part in range(seen.shape[1])
    ]


def usual_places(places: Tensor) -> Tensor:
    """The mean place of every part over all photos, what one could answer without looking: parts x (x, y)."""
    return places.transpose(1, 2).flatten(0, 1).nanmean(0)


def fingerprint(judge: Judge, photos: list[Photo], parts: tuple[str, ...], side: int) -> str:
    """Tells which judge's regions, which photos of how many pixels and which parts a detector was fitted on."""
    names = ", ".join(photo.name for photo in photos)
    digest = hashlib.sha256(f"{EPOCHS} epochs, {parts}, {side} px, {names}".encode())
    for name, tensor in sorted(judge.image_encoder.state_dict().items()):
        digest.update(name.encode() + tensor.cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def load_detector(path: Path, mark: str, size: int, parts: int) -> PartDetector | None:
    """The detector kept in a safetensors file, None when there is none with this fingerprint."""
    try:
        with safe_open(path, "pt") as file:
            if (file.metadata() or {}).get("fingerprint") != mark:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  # no dictionary
        detector = PartDetector(size, parts)
        detector.load_state_dict(tensors)
    except (OSError, SafetensorError, RuntimeError):
        return None
    return detector.eval()


def save_detector(detector: PartDetector, path: Path, mark: str) -> None:
    """Keep it for the next time the same eyes look: whole, or what was there stays."""
    part = path.with_name(path.name + ".part")
    try:
        save_file(detector.state_dict(), part, {"fingerprint": mark})
        part.chmod(0o644)  # safetensors lets nobody else read it
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
