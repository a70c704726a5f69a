"""Training by the clock, and stops that are heard."""

import signal
import time

import pytest

from model.training.clock import Clock


def test_minutes_of_earlier_sittings_count() -> None:
    clock = Clock(30, 40)
    assert 30 <= clock.minutes < 31
    assert 0.75 <= clock.fraction < 0.78
    assert not clock.over
    assert Clock(40, 40).over
    assert Clock(90, 40).fraction == 1


def test_what_is_paused_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    clock = Clock(10, 40)
    now += 120
    with clock.paused():
        now += 6000
    now += 60
    assert clock.minutes == pytest.approx(13)


@pytest.mark.parametrize("name", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_to_stop_and_a_second_one_is_as_before(name: signal.Signals) -> None:
    before = signal.getsignal(name)
    with Clock(0, 1000) as clock:
        looks = [clock.over]
        signal.raise_signal(name)
        looks.append(clock.over)
        assert looks == [False, True]
        assert signal.getsignal(name) is before


def test_afterwards_signals_are_as_before() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Clock(0, 1000):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_acts_at_once_where_that_is_asked_for() -> None:
    with Clock(0, 1000) as clock:
        with pytest.raises(KeyboardInterrupt), clock.interruptible():
            signal.raise_signal(signal.SIGINT)
        assert not clock.over
        with clock.interruptible():
            signal.raise_signal(signal.SIGTERM)
        assert clock.over
