"""Published checkpoints: imported, they paint as AttnGAN's own code does; anything else is refused and not run."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import main
from model.errors import PlainError
from model.pipeline import TextToImagePipeline
from model.published import import_published
from model.weights import load_weights
from tests.model.malice import Malice, one_sentence
from tests.model.networks import lively
from tests.model.published_attngan import GNet, RNNEncoder, write_published

WORDS = ["<end>", "this", "bird", "is", "red", "with", "white", "wings", "a", "beak"]
TEXT, CONDITION, NOISE, EMBEDDING, NGF = 12, 5, 7, 9, 3


@dataclass
class Published:
    """A published checkpoint's three files, and the networks they hold."""

    painter: GNet
    reader: RNNEncoder
    generator: Path
    text_encoder: Path
    vocabulary: Path
    output: Path

    def import_it(self) -> None:
        import_published(self.generator, self.text_encoder, self.vocabulary, self.output)

    def refused(self) -> str:
        """The one sentence that says why; nothing was written."""
        with pytest.raises(PlainError) as told:
            self.import_it()
        assert one_sentence(str(told.value))
        assert not self.output.exists()
        return str(told.value)


Publish = Callable[..., Published]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    def write(stages: int = 3, residuals: int = 2, prefix: str = "", **how: Any) -> Published:
        painter = GNet(stages, NGF, TEXT, CONDITION, NOISE, residuals)
        lively(painter)
        reader = RNNEncoder(len(WORDS), EMBEDDING, TEXT).eval()
        return Published(
            painter,
            reader,
            *write_published(tmp_path, painter, reader, WORDS, prefix, **how),
            tmp_path / "imported",
        )

    return write


@torch.no_grad()
def painted_by_both(published: Published) -> tuple[list[Tensor], list[Tensor]]:
    """Pictures, attention, mean and log variance as published, and as imported; the caption is padded."""
    tokens = torch.tensor([[1, 2, 3, 4, 5, 6, 7]])
    noise, condition_noise = torch.randn(1, NOISE), torch.randn(1, CONDITION)
    words, sentence = published.reader(tokens)
    mask = torch.zeros(1, 7, dtype=torch.bool)
    pictures, attentions, *gaussian = published.painter(noise, sentence, words, mask, condition_noise)
    theirs = [*pictures, *attentions, *gaussian, words, sentence]

    _, _, text_encoder, generator = load_weights(published.output)
    padded = torch.cat((tokens, torch.zeros(1, 2, dtype=torch.long)), 1)
    words, sentence = text_encoder(padded, torch.tensor([7]))
    pictures, attentions, *gaussian = generator(sentence, words, padded == 0, noise, condition_noise)
    assert all((attention[:, 7:] == 0).all() for attention in attentions)
    return theirs, [*pictures, *(attention[:, :7] for attention in attentions), *gaussian, words[:, :, :7], sentence]


@pytest.mark.parametrize(
    ("stages", "residuals", "prefix", "how"),
    [
        (3, 2, "", {}),
        (4, 2, "", {}),
        (4, 1, "module.", {}),
        (3, 2, "", {"_use_new_zipfile_serialization": False}),
        (1, 2, "", {}),
        (2, 3, "module.", {"_use_new_zipfile_serialization": False, "pickle_protocol": 2}),
    ],
)
def test_imported_networks_paint_the_same(
    publish: Publish, stages: int, residuals: int, prefix: str, how: dict[str, Any]
) -> None:
    published = publish(stages, residuals, prefix, **how)
    published.import_it()
    theirs, ours = painted_by_both(published)
    for expected, actual in zip(theirs, ours, strict=True):
        torch.testing.assert_close(actual, expected, rtol=0, atol=1e-5)
    assert max(float(picture.std()) for picture in theirs[:stages]) > 0.02  # there was something to compare


def test_what_is_imported_is_a_weight_set_that_paints(publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    published = publish(stages=4)
    command = ["import", "--generator", published.generator, "--text-encoder", published.text_encoder]
    command += ["--vocabulary", published.vocabulary, "--output", published.output]
    assert main.main([str(argument) for argument in command]) == 0
    assert "4 stages up to 512 px, 10 words" in capsys.readouterr().out
    pipe = TextToImagePipeline.from_pretrained(published.output, "cpu")
    config = pipe.config
    assert (config.stages, config.generator_channels, config.residual_blocks) == (4, NGF, 2)
    assert (config.condition_size, config.noise_size, config.text_size) == (CONDITION, NOISE, TEXT)
    assert pipe.vocabulary.words == tuple(WORDS)
    result = pipe("this bird is red, with purple wings")
    assert result.tokens == ["this", "bird", "is", "red", "with", "wings"]
    assert [stage.size for stage in result.stages] == [64, 128, 256, 512]


def test_batch_norm_counters_of_older_checkpoints_are_not_needed(publish: Publish) -> None:
    published = publish()
    state = {k: v for k, v in published.painter.state_dict().items() if not k.endswith("num_batches_tracked")}
    torch.save(state, published.generator)
    published.import_it()
    theirs, ours = painted_by_both(published)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize("which", ["generator", "text_encoder", "vocabulary"])
@pytest.mark.parametrize("zipped", [True, False])
def test_code_in_a_file_is_not_run(publish: Publish, tmp_path: Path, which: str, zipped: bool) -> None:
    published = publish()
    path: Path = getattr(published, which)
    evil = Malice(tmp_path / "trace")
    if which == "vocabulary":
        captions = pickle.loads(path.read_bytes())
        path.write_bytes(pickle.dumps([*captions, evil], protocol=2 if zipped else 0))
    else:
        state = dict(torch.load(path, weights_only=True)) | {"extra": evil}
        torch.save(state, path, _use_new_zipfile_serialization=zipped)
    assert path.name in published.refused()
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("which", ["generator", "text_encoder", "vocabulary"])
def test_a_missing_file_is_told(publish: Publish, which: str) -> None:
    published = publish()
    path: Path = getattr(published, which)
    path.unlink()
    assert path.name in published.refused()


@pytest.mark.parametrize("which", ["generator", "text_encoder", "vocabulary"])
@pytest.mark.parametrize("kept", [0, 1, 40, 0.5, 0.999])
def test_a_truncated_file_is_told(publish: Publish, which: str, kept: float) -> None:
    published = publish()
    path: Path = getattr(published, which)
    content = path.read_bytes()
    path.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    assert path.name in published.refused()


@pytest.mark.parametrize("kept", [1, 40, 0.5, 0.999])
def test_a_truncated_file_of_the_older_format_is_told(publish: Publish, kept: float) -> None:
    published = publish(_use_new_zipfile_serialization=False)
    content = published.generator.read_bytes()
    published.generator.write_bytes(content[: kept if isinstance(kept, int) else int(kept * len(content))])
    assert published.generator.name in published.refused()


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\x80\x02.", b"garbage" * 50, b"(((((", b"\x80\x02]q\x00K\x01a."])
def test_something_else_is_told(publish: Publish, content: bytes) -> None:
    published = publish()
    published.generator.write_bytes(content)
    assert published.generator.name in published.refused()


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {},
        [1, 2],
        [[], []],
        7,
        None,
        [[], [], {0: "<end>", 2: "red"}],
        [[], [], "<end>"],
        [[], [], 5],
        [[], [], dict.fromkeys(range(10), 5)],
        [[], [], dict.fromkeys(range(10), "two\nlines")],
    ],
)
def test_another_pickle_than_a_vocabulary_is_told(publish: Publish, stored: object) -> None:
    published = publish()
    published.vocabulary.write_bytes(pickle.dumps(stored, protocol=2))
    assert published.refused()


def test_a_vocabulary_of_another_size_is_told_with_both_sizes(publish: Publish) -> None:
    published = publish()
    published.vocabulary.write_bytes(pickle.dumps([[], [], dict(enumerate(WORDS[:-2])), {}], protocol=2))
    assert "10" in published.refused()
    assert "8" in published.refused()


@pytest.mark.parametrize(
    ("which", "name"),
    [
        ("generator", "ca_net.fc.weight"),
        ("generator", "h_net1.upsample3.1.weight"),
        ("generator", "h_net1.fc.1.running_var"),
        ("generator", "h_net2.att.conv_context.weight"),
        ("generator", "h_net3.residual.1.block.3.weight"),
        ("generator", "img_net1.img.0.weight"),
        ("generator", "img_net2.img.0.weight"),
        ("text_encoder", "encoder.weight"),
        ("text_encoder", "rnn.weight_hh_l0_reverse"),
    ],
)
def test_a_missing_tensor_is_told(publish: Publish, which: str, name: str) -> None:
    published = publish()
    path: Path = getattr(published, which)
    state = torch.load(path, weights_only=True)
    del state[name]
    torch.save(state, path)
    assert published.refused()


@pytest.mark.parametrize(
    ("which", "name", "shape"),
    [
        ("generator", "img_net2.img.0.weight", (3, NGF, 5, 5)),
        ("generator", "h_net2.att.conv_context.weight", (TEXT, NGF, 1, 1)),
        ("generator", "ca_net.fc.weight", (4 * CONDITION,)),
        ("generator", "ca_net.fc.weight", ()),
        ("generator", "h_net1.fc.0.weight", (NGF * 16 * 32, 2)),
        ("generator", "img_net1.img.0.weight", (3,)),
        ("text_encoder", "encoder.weight", (10,)),
        ("text_encoder", "rnn.weight_ih_l0", (EMBEDDING, 2 * TEXT)),
        ("generator", "something.else", (1,)),
    ],
)
def test_a_tensor_of_another_shape_is_told(publish: Publish, which: str, name: str, shape: tuple[int, ...]) -> None:
    published = publish()
    path: Path = getattr(published, which)
    state = torch.load(path, weights_only=True)
    state[name] = torch.zeros(shape)
    torch.save(state, path)
    assert published.refused()


def test_generator_and_text_encoder_of_different_runs_are_told(publish: Publish) -> None:
    published = publish()
    torch.save(RNNEncoder(len(WORDS), EMBEDDING, TEXT + 4).state_dict(), published.text_encoder)
    assert published.refused()


def test_the_two_networks_swapped_are_told(publish: Publish) -> None:
    published = publish()
    published.generator, published.text_encoder = published.text_encoder, published.generator
    assert published.refused()
