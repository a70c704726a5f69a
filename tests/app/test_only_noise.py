"""Noise without a voice is told from a voice, even from one in noise as loud as itself."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.only_noise import is_only_noise
from app.sound import read_sound, samples_of
from tests.app.sounds import noise


@pytest.mark.parametrize("loudness", [30, 3000])
def test_a_fan_is_only_noise(loudness: int) -> None:
    assert is_only_noise(loudness * noise(1))
    assert is_only_noise(loudness * np.concatenate([np.zeros(8000), noise(1)]))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_voice_is_not(share: float, voice: Callable[[str], Path]) -> None:
    said = samples_of(read_sound(voice("a small red bird with white wings")))
    fan = noise(len(said) / 16_000)
    assert not is_only_noise(said + share * said.std() / fan.std() * fan)


@pytest.mark.parametrize("length", [0, 100, 2000])
def test_too_little_to_tell(length: int) -> None:
    assert not is_only_noise(np.ones(length))
