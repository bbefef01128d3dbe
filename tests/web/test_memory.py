"""Memory is collected while nobody asks: circles go, whoever waits is not kept waiting, and not for ever either."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator

import pytest

from api.web import memory
from api.web.memory import Tidying


class Circle:
    """Something that only a collection can take away."""

    def __init__(self) -> None:
        self.own = self


def circle() -> weakref.ref[Circle]:
    """Leave a circle behind that has grown old."""
    left = Circle()
    gc.collect(1)
    return weakref.ref(left)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Hold the collection as a server does; the time is what the test says, and all is put back afterwards."""
    before, now = gc.get_threshold(), [time.monotonic()]
    monkeypatch.setattr(memory.time, "monotonic", lambda: now[0])
    memory.hold()
    yield now
    gc.set_threshold(*before)
    gc.unfreeze()


def test_a_circle_goes_at_the_next_calm_turn(clock: list[float]) -> None:
    tidying, left = Tidying(), circle()
    clock[0] += 30
    tidying.turn(clock[0] - memory.CALM / 2)  # someone asked just now
    assert left() is not None
    tidying.turn(clock[0] - memory.CALM)
    assert left() is None


def test_where_it_is_never_calm_it_is_done_all_the_same(clock: list[float]) -> None:
    tidying, left = Tidying(), circle()
    clock[0] += memory.PATIENCE
    tidying.turn(clock[0])
    assert left() is None


def test_what_lived_on_and_became_a_circle_later_goes_with_the_look_through_everything(clock: list[float]) -> None:
    tidying = Tidying()
    held = [Circle()]
    left = weakref.ref(held[0])
    clock[0] += 60
    tidying.turn(0.0)
    held.clear()
    clock[0] += 60
    tidying.turn(0.0)
    assert left() is not None  # it is not looked at again for a while: that is what makes the look short
    clock[0] += memory.WHOLE
    tidying.turn(0.0)
    assert left() is None


def test_a_process_that_serves_nobody_is_left_alone() -> None:
    assert not memory.held()
    frozen, left = gc.get_freeze_count(), circle()
    Tidying().turn(0.0)
    assert (left() is not None, gc.get_freeze_count()) == (True, frozen)
