"""Steps compute in half precision only where the processor is quicker at it, or where that is asked for."""

import pytest
import torch

from model.lite_encoder import LiteEncoder
from model.training.precision import autocast, quick_products, rounded_beforehand

CPU = torch.device("cpu")


def computed_in(precision: str) -> torch.dtype:
    with autocast(CPU, precision):
        return (torch.ones(2, 2) @ torch.ones(2, 2)).dtype


def processor(monkeypatch: pytest.MonkeyPatch, *, tiles: bool, vectors: bool) -> None:
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: tiles)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: vectors)


def test_a_processor_that_would_only_emulate_it_computes_in_single(monkeypatch: pytest.MonkeyPatch) -> None:
    processor(monkeypatch, tiles=False, vectors=False)
    assert computed_in("auto") == torch.float32


@pytest.mark.parametrize(("tiles", "vectors"), [(True, False), (False, True)])
def test_one_that_has_instructions_for_it_computes_in_half(
    monkeypatch: pytest.MonkeyPatch, tiles: bool, vectors: bool
) -> None:
    processor(monkeypatch, tiles=tiles, vectors=vectors)
    assert computed_in("auto") == torch.bfloat16


@torch.no_grad()
def test_kernels_that_were_rounded_beforehand_see_what_they_saw() -> None:
    eyes, pictures = LiteEncoder(16).eval(), torch.rand(2, 3, 128, 128)
    rounded = rounded_beforehand(eyes, CPU, "bfloat16")
    assert rounded.regions.weight.dtype == torch.bfloat16
    assert eyes.regions.weight.dtype == torch.float32
    with autocast(CPU, "bfloat16"):
        for one, other in zip(rounded.look(pictures), eyes.look(pictures), strict=True):
            torch.testing.assert_close(one, other, rtol=0.05, atol=0.05)
    assert rounded_beforehand(eyes, CPU, "float32") is eyes


def test_what_is_asked_for_counts_more(monkeypatch: pytest.MonkeyPatch) -> None:
    processor(monkeypatch, tiles=False, vectors=False)
    assert computed_in("bfloat16") == torch.bfloat16
    processor(monkeypatch, tiles=True, vectors=True)
    assert computed_in("float32") == torch.float32


@pytest.mark.parametrize(("precision", "products"), [("auto", "medium"), ("float32", "highest")])
def test_products_are_rounded_only_where_the_rest_is_and_only_for_the_step(
    monkeypatch: pytest.MonkeyPatch, precision: str, products: str
) -> None:
    processor(monkeypatch, tiles=True, vectors=True)
    with quick_products(CPU, precision):
        assert torch.get_float32_matmul_precision() == products
    assert torch.get_float32_matmul_precision() == "highest"
