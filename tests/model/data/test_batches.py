"""Batches of drawn birds: the same in every run, cropped in step with their photo, captions thinned in order."""

import shutil
from pathlib import Path

import pytest
import torch

from model.data.batches import CAPTION_WORDS, Batch, Batches
from model.data.cub import read_split
from model.data.drawing import thinned
from model.data.photo import Photo
from model.errors import DataError
from model.vocabulary import Vocabulary
from tests.tiny import COLOURS, drawn_birds


@pytest.fixture(scope="module")
def photos(birds: Path) -> list[Photo]:
    return read_split(birds, "train")


@pytest.fixture(scope="module")
def vocabulary(photos: list[Photo]) -> Vocabulary:
    return Vocabulary.build(caption for photo in photos for caption in photo.captions)


def same(first: Batch, second: Batch) -> bool:
    return (
        all(torch.equal(a, b) for a, b in zip(first.pictures, second.pictures, strict=True))
        and torch.equal(first.tokens, second.tokens)
        and torch.equal(first.lengths, second.lengths)
        and torch.equal(first.species, second.species)
    )


def test_one_picture_of_every_size_and_padded_captions(photos: list[Photo], vocabulary: Vocabulary) -> None:
    batch = Batches(photos, vocabulary, (32, 64), 4)[0]
    assert [tuple(pictures.shape) for pictures in batch.pictures] == [(4, 3, 32, 32), (4, 3, 64, 64)]
    assert all(-1 <= pictures.min() < pictures.max() <= 1 for pictures in batch.pictures)
    assert batch.tokens.shape == (4, CAPTION_WORDS)
    for tokens, length in zip(batch.tokens, batch.lengths, strict=True):
        assert (tokens[:length] > 0).all()
        assert (tokens[length:] == 0).all()


def test_batch_n_is_the_same_in_two_runs_and_other_batches_differ(photos: list[Photo], vocabulary: Vocabulary) -> None:
    first, second = (Batches(photos, vocabulary, (32,), 4, seed=3) for _ in range(2))
    torch.rand(1)  # what else draws random numbers does not matter
    assert same(first[9], second[9])
    assert not same(first[9], first[8])
    assert not same(first[9], Batches(photos, vocabulary, (32,), 4, seed=4)[9])


def test_the_same_photos_make_batches_of_other_sizes_without_being_decoded_again(
    vocabulary: Vocabulary, tmp_path: Path
) -> None:
    photos = read_split(drawn_birds(tmp_path / "birds"), "train")
    small, asked = (
        Batches(photos, vocabulary, (16,), 4, seed=3, largest=64),
        Batches(photos, vocabulary, (32, 64), 6, seed=3),
    )
    expected = asked[5]
    shutil.rmtree(tmp_path / "birds")
    assert same(small.again((32, 64), 6)[5], expected)
    assert [tuple(pictures.shape) for pictures in small[5].pictures] == [(4, 3, 16, 16)]


def test_an_epoch_shows_every_photo_once_and_the_next_in_another_order(
    photos: list[Photo], vocabulary: Vocabulary
) -> None:
    batches = Batches(photos, vocabulary, (16,), 4)
    assert len(batches) == 4
    epochs = [torch.cat([batches[4 * epoch + step].species for step in range(4)]) for epoch in range(2)]
    assert all(sorted(epoch.tolist()) == sorted(photo.species for photo in photos) for epoch in epochs)
    assert epochs[0].tolist() != epochs[1].tolist()


def test_pictures_captions_and_species_belong_together(photos: list[Photo], vocabulary: Vocabulary) -> None:
    batches = Batches(photos, vocabulary, (64,), 8)
    colours = list(COLOURS)
    for step in range(4):
        batch = batches[step]
        for picture, tokens, species in zip(batch.pictures[0], batch.tokens, batch.species, strict=True):
            said = [vocabulary.words[token] for token in tokens if vocabulary.words[token] in COLOURS]
            assert said[0] == colours[(int(species) - 1) % len(colours)]
            middle = (picture[:, 28:40, 20:32].mean((1, 2)) + 1) * 127.5
            distances = [float((middle - torch.tensor(COLOURS[colour])).norm()) for colour in colours]
            assert colours[distances.index(min(distances))] == said[0]


def test_all_sizes_show_the_same_crop(photos: list[Photo], vocabulary: Vocabulary) -> None:
    small, large = Batches(photos, vocabulary, (32, 64), 4)[2].pictures
    halved = torch.nn.functional.avg_pool2d(large, 2)
    assert (halved - small).abs().mean() < 0.02


def test_pictures_are_flipped_and_cropped_at_random(photos: list[Photo], vocabulary: Vocabulary) -> None:
    batches = Batches(photos[:2], vocabulary, (64,), 2)
    beak_left = beak_right = 0
    for step in range(12):
        for picture in batches[step].pictures[0]:
            orange = (picture[0] > 0.6) & (picture[1] > -0.1) & (picture[1] < 0.4) & (picture[2] < -0.2)
            column = orange.nonzero()[:, 1].float().mean()
            beak_left += int(column < 32)
            beak_right += int(column > 32)
    assert beak_left > 0
    assert beak_right > 0


def test_captions_are_drawn_from_all_of_a_photo(photos: list[Photo], vocabulary: Vocabulary) -> None:
    batches = Batches(photos[:2], vocabulary, (16,), 2)
    assert {int(length) for step in range(12) for length in batches[step].lengths} == {8}
    assert len({tuple(tokens.tolist()) for step in range(12) for tokens in batches[step].tokens}) == 4


def test_long_captions_are_thinned_in_order() -> None:
    long, short = list(range(1, 41)), list(range(1, 6))
    tokens = torch.tensor([long, long, short + [0] * 35])
    thin, lengths = thinned(tokens, torch.tensor([40, 40, 5]), torch.rand(3, 40))
    assert thin.shape == (3, CAPTION_WORDS)
    assert lengths.tolist() == [CAPTION_WORDS, CAPTION_WORDS, 5]
    first, second, whole = thin.tolist()
    assert first == sorted(set(first))
    assert set(first) <= set(long)
    assert first != second
    assert whole == short + [0] * (CAPTION_WORDS - 5)


def test_processes_that_share_a_batch_see_what_one_sees(photos: list[Photo], vocabulary: Vocabulary) -> None:
    long = [Photo(each.name, each.path, each.box, each.species, (" ".join(each.captions * 2),)) for each in photos]
    alone = Batches(long, vocabulary, (16, 32), 6, seed=5)
    shared = [Batches(long, vocabulary, (16, 32), 6, seed=5, share=(rank, 3)) for rank in range(3)]
    for step in (0, 3):
        parts = [batches[step] for batches in shared]
        pictures = [torch.cat(same_size) for same_size in zip(*(part.pictures for part in parts), strict=True)]
        columns = zip(*((part.tokens, part.lengths, part.species) for part in parts), strict=True)
        tokens, lengths, species = map(torch.cat, columns)
        assert same(Batch(tokens, lengths, species, pictures), alone[step])


def test_more_captions_are_the_same_for_all_processes_and_know_their_species(
    photos: list[Photo], vocabulary: Vocabulary
) -> None:
    alone = Batches(photos, vocabulary, (16,), 6, seed=5).captions(7, 40)
    shared = Batches(photos, vocabulary, (16,), 6, seed=5, share=(2, 3)).captions(7, 40)
    assert torch.equal(alone.tokens, shared.tokens)
    of_species: dict[int, set[str]] = {}
    for photo in photos:
        of_species.setdefault(photo.species, set()).update(photo.captions)
    for tokens, length, species in zip(alone.tokens, alone.lengths, alone.species, strict=True):
        assert " ".join(vocabulary.words[token] for token in tokens[:length]) in of_species[int(species)]
    assert not torch.equal(alone.tokens, Batches(photos, vocabulary, (16,), 6, seed=5).captions(8, 40).tokens)


def test_a_batch_that_cannot_be_shared_equally_is_told(photos: list[Photo], vocabulary: Vocabulary) -> None:
    with pytest.raises(DataError, match="4 photos cannot be shared equally by 3 processes"):
        Batches(photos, vocabulary, (16,), 4, share=(0, 3))


def test_broken_photos_and_captions_of_unknown_words_are_left_out(tmp_path: Path) -> None:
    photos = read_split(drawn_birds(tmp_path / "birds", photos=6), "train")
    assert isinstance(photos[0].path, Path)
    photos[0].path.write_bytes(b"broken")
    vocabulary = Vocabulary(("<end>", "red", "blue", "black"))  # the fifth bird is red, the fourth black, no yellow
    told: list[str] = []
    batches = Batches(photos, vocabulary, (16,), 2, report=told.append)
    assert len(batches.photos) == 3
    assert told == ["1 of 4 photos left out as broken: 001.Red_Bird/Bird_0000"]
    assert set(batches.species.tolist()) == {2, 4, 5}


def test_too_few_photos_are_told_in_a_sentence(photos: list[Photo]) -> None:
    with pytest.raises(DataError, match="two photos"):
        Batches(photos, Vocabulary(("<end>", "penguin")), (16,), 2)
