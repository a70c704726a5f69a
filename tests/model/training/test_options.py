"""Presets: every shipped one is complete, a wrong one is told in a sentence."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from model.errors import PlainError
from model.training.options import Phase, preset_names, read_damsm_preset, read_preset
from tests.model.malice import one_sentence


@pytest.mark.parametrize("name", preset_names())
def test_shipped_presets_train_every_stage_and_spend_all_time(name: str) -> None:
    for options in (read_preset(name), read_preset(name).going_on()):
        assert {stage for phase in options.phases for stage in range(phase.first, phase.last + 1)} == {0, 1, 2, 3}
        assert sum(phase.share for phase in options.phases) == pytest.approx(1)


def test_the_papers_variants_differ_from_it_in_one_thing() -> None:
    paper = read_preset("paper")
    assert (paper.generator_lr, paper.damsm_weight, paper.generator_steps) == (0.0002, 5, 1)
    assert read_preset("paper_lr15") == replace(paper, generator_lr=0.00015)
    assert read_preset("paper_damsm10") == replace(paper, damsm_weight=10)
    assert read_preset("paper_two_generator_steps") == replace(paper, generator_steps=2)


def test_a_preset_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("batch_size = 3\nphases = [{ first = 1, last = 1, share = 0.5, crop = 64 }]\n")
    options = read_preset(str(path))
    assert options.batch_size == 3
    assert options.phases == (Phase(1, 1, 0.5, 64),)


def test_a_phase_has_its_own_options(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        "batch_size = 3\nphases = [{ first = 0, last = 0, share = 0.5, batch_size = 5, loss = 'hinge' }, "
        "{ first = 1, last = 1, share = 0.5 }]\n"
    )
    options = read_preset(str(path))
    told = [options.during(phase) for phase in options.phases]
    assert [(one.batch_size, one.loss) for one in told] == [(5, "hinge"), (3, "cross_entropy")]
    assert read_preset(str(path), ("batch_size=7",)).during(options.phases[1]).batch_size == 7
    assert not any("batch_size" in phase.changes for phase in read_preset(str(path), ("batch_size=7",)).phases)
    again = tmp_path / "options.json"
    again.write_text(json.dumps(asdict(options)))
    assert read_preset(str(again)) == options


def test_options_can_be_changed_beside_the_preset() -> None:
    changes = ("generator_lr=0.5", "loss=hinge", 'discriminator = "published"', "phases=[{first=0, last=1, share=1}]")
    options = read_preset("paper", changes)
    assert (options.generator_lr, options.loss, options.discriminator) == (0.5, "hinge", "published")
    assert options.phases == (Phase(0, 1, 1),)
    assert read_damsm_preset("paper", ("seed=3",)) == replace(read_damsm_preset("paper"), seed=3)


@pytest.mark.parametrize("change", ["generator_lr", "generator lr=1", "generator_lr=much", "genrator_lr=1", "loss=l2"])
def test_a_change_that_cannot_be_made_is_told(change: str) -> None:
    with pytest.raises(PlainError) as told:
        read_preset("paper", (change,))
    assert one_sentence(str(told.value))


def test_what_a_run_was_told_is_a_preset_too(tmp_path: Path) -> None:
    path = tmp_path / "options.json"
    path.write_text(json.dumps(asdict(read_preset("fast"))))
    assert read_preset(str(path)) == read_preset("fast")


@pytest.mark.parametrize(
    "text",
    [
        "batch_sise = 3",
        "phases = [{ first = 1 }]",
        "phases = [{ first = 0, last = 0, share = 1, anew = true }]",
        "phases = [{ first = 0, last = 0, share = 1, anew = 0 }]",
        "phases = [{ first = 0, last = 0, share = 1, size = 2 }]",
        "phases = [{ first = 0, last = 0, share = 1, seed = 2 }]",
        "phases = [{ first = 0, last = 0, share = 1, cuda_graph = false }]",
        "phases = [{ first = 0, last = 0, share = 1, batch_size = 1 }]",
        "phases = [{ first = 0, last = 0, share = 1, loss = 'l2' }]",
        "phases = [{ first = 0, last = 0, share = 1, damsm_weight = -1 }]",
        "phases = []",
        "phases = [3]",
        "phases = [{ first = 2, last = 2, share = 1, crop = 20 }]",
        "phases = [{ first = 0, last = 0, share = 1, crop = 16 }]",
        'like = "paper"\nbatch_size = "many"',
        'like = "paper"\ndamsm_weight = -1',
        'like = "paper"\ngenerator_lr = nan',
        'like = "paper"\nema = 5',
        'like = "paper"\ncuda_graph = 1',
        'like = "paper"\nbatch_size = 3.5',
        'like = "paper"\ndiscriminator = "other"',
        'like = "paper"\nphases = [{ first = 0, last = 3, share = 1, crop = 64 }]',
        "= 3",
    ],
)
def test_a_wrong_preset_is_told(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(PlainError, match=r"mine\.toml") as told:
        read_preset(str(path))
    assert one_sentence(str(told.value).replace("\n", " "))


def test_an_unknown_preset_is_told_with_those_there_are() -> None:
    with pytest.raises(PlainError, match="fast") as told:
        read_preset("slow")
    assert "slow" in str(told.value)


def test_presets_tell_the_encoders_training_too(tmp_path: Path) -> None:
    scratch, pretrained = read_damsm_preset("paper_lr15"), read_damsm_preset("fast")
    assert (scratch.image_encoder, scratch.learning_rate) == ("compact", 0.002)
    assert scratch.attribute_weight > 0
    assert scratch.part_weight > 0
    assert pretrained.attribute_weight == pretrained.part_weight == 0
    mine = tmp_path / "mine.toml"
    mine.write_text('like = "fast"\ndamsm = { batch_size = 5 }\n')
    assert read_damsm_preset(str(mine)).batch_size == 5
    assert read_preset(str(mine)) == read_preset("fast")
    mine.write_text("damsm = { batches = 5 }\n")
    with pytest.raises(PlainError, match="batches"):
        read_damsm_preset(str(mine))


def test_a_misspelt_option_is_told_with_the_one_that_is_near() -> None:
    with pytest.raises(PlainError, match=r'"genrator_lr"; the nearest is "generator_lr"\.'):
        read_preset("fast", ("genrator_lr=1",))
    with pytest.raises(PlainError, match=r"with phases=\[3\] cannot be used"):
        read_preset("fast", ("phases=[3]",))
