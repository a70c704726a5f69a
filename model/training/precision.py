"""In which precision a step computes: half where the processor multiplies in it, as else that takes longer."""

import torch


def autocast(place: torch.device, precision: str = "auto") -> torch.autocast:
    """Most operations in this precision: "bfloat16", "float32", or "auto", which is the quicker one of them there.

    No cache, which would hold the weights from before an optimizer's step.
    """
    half = precision == "bfloat16" or (precision == "auto" and multiplies_in_bfloat16(place))
    return torch.autocast(place.type, torch.bfloat16, enabled=half, cache_enabled=False)


def multiplies_in_bfloat16(place: torch.device) -> bool:
    """Whether the processor has instructions for it; without them, a step takes up to three times as long."""
    if place.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return place.type == "cpu" and (torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())
