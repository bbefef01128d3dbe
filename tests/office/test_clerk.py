"""The clerk: each has its own answer, a round is looked at as one, nothing that was taken is forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace

import pytest
from office_making import NOW, OFFICE, at, codes
from sqlalchemy import Connection

from appraisal.errors import RefusedError
from appraisal.model.roles import Role
from appraisal.office import entries
from appraisal.office.clerk import MOST, Clerk
from appraisal.office.installation import Installation
from appraisal.store.appending import AppendResult, Request
from appraisal.store.requests import Key

Make = Callable[[], Request]


@pytest.fixture
def clerk(house: Installation) -> Iterator[Clerk]:
    house.serve()
    made = Clerk(house.log)
    yield made
    made.close()


@pytest.fixture
def entry(house: Installation) -> Callable[..., Make]:
    """Return what makes an entry of the officer's, under a key of its own."""

    def of(name: str, **cells: str) -> Make:
        key = Key(account="u-officer", name=name, fingerprint=name)
        desk = replace(at(house, Role.OFFICER), key=key)
        told = {"date": "2020-03-09", "subject": "s1", "clause": "CG-A1", "note": name} | cells
        return lambda: entries.asked(desk, "small", told, now=NOW, duplicate="示例")

    return of


def waiting(clerk: Clerk, *jobs: Make) -> list[Future[AppendResult]]:
    """Hand in while the clerk is at work, so that all of it is the next round."""
    gate, busy = threading.Event(), threading.Event()

    def hold() -> Request:
        busy.set()
        gate.wait(5)
        raise KeyError("示例")

    held = clerk.hand_in(hold)
    busy.wait(5)
    answers = [clerk.hand_in(job) for job in jobs]
    gate.set()
    assert isinstance(held.exception(5), KeyError)
    return answers


def test_each_of_a_round_has_its_own_answer(house: Installation, clerk: Clerk, entry: Callable[..., Make]) -> None:
    good, faulty, none_such, again, last = waiting(
        clerk, entry("a"), entry("b", subject="nobody"), entry("c", clause="XX"), entry("a"), entry("d")
    )
    for one, code in ((faulty, "E032"), (none_such, "E033")):
        error = one.exception(5)
        assert isinstance(error, RefusedError)
        assert [finding.code for finding in error.findings] == [code]
    assert [(one.result(5).appended, one.result().ignored) for one in (good, again, last)] == [(1, 0), (0, 1), (1, 0)]
    assert [event.note for event in house.log.events(OFFICE)] == ["a", "d"]
    assert good.result().head.position == 1


def test_a_round_is_looked_at_as_the_database_was_when_it_began(
    house: Installation, clerk: Clerk, entry: Callable[..., Make]
) -> None:
    times = []

    def asking(name: str) -> Make:
        def question(_: Connection) -> int:
            times.append(name)
            return len(times)

        def make() -> Request:
            house.database.ask("how often", question)
            house.settings.put(name, 1)  # a commit in the middle of the round
            return entry(name)()

        return make

    for one in waiting(clerk, asking("a"), asking("b")):
        one.result(5)
    assert times == ["a"]
    clerk.hand_in(asking("c")).result(5)
    assert times == ["a", "c"]


def test_more_than_a_round_takes_is_taken_in_several(
    house: Installation, clerk: Clerk, entry: Callable[..., Make]
) -> None:
    answers = waiting(clerk, *(entry(str(number)) for number in range(MOST + 3)))
    assert [one.result(20).appended for one in answers] == [1] * (MOST + 3)
    assert house.log.verify(OFFICE) == ()


def test_a_closed_clerk_finishes_what_it_has_and_takes_no_more(house: Installation, entry: Callable[..., Make]) -> None:
    clerk = Clerk(house.log)  # without a writer: each is appended by itself
    answers = waiting(clerk, *(entry(name) for name in "abc"))
    clerk.close()
    clerk.close()
    assert [one.result(0).appended for one in answers] == [1, 1, 1]
    with pytest.raises(RefusedError) as refused:
        clerk.hand_in(entry("late"))
    assert codes(refused) == ["L018"]


def test_whoever_waits_is_told_that_the_log_takes_nothing(
    house: Installation, clerk: Clerk, entry: Callable[..., Make]
) -> None:
    assert house.database.writer is not None
    house.database.writer.close()  # type: ignore[attr-defined]
    error = clerk.hand_in(entry("a")).exception(5)
    assert isinstance(error, RefusedError)
    assert [finding.code for finding in error.findings] == ["L018"]


def test_without_a_writer_a_defect_of_one_is_told_to_it_alone(house: Installation, entry: Callable[..., Make]) -> None:
    def broken(_: Connection) -> None:
        raise KeyError("示例")

    clerk = Clerk(house.log)
    bad, good = waiting(clerk, lambda: replace(entry("a")(), also=broken), entry("b"))
    assert (type(bad.exception(5)), good.result(5).appended) == (KeyError, 1)
    clerk.close()
    assert [event.note for event in house.log.events(OFFICE)] == ["b"]
