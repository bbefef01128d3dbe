"""What a row of a file might repeat is found by day and matter exactly as by comparing it with every entry."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from appraisal.model.event import Event
from appraisal.office.consequence import alike
from appraisal.office.imports import _NAMED, _Shelf

DAYS = st.integers(0, 12).map(lambda day: date(2020, 2, 24) + timedelta(days=day))


@st.composite
def entries(draw: st.DrawFn) -> list[Event]:
    number = draw(st.integers(1, 8))
    words = st.sampled_from(["", "a", "b"])
    return [
        Event(id=f"e{n}", date=draw(DAYS), subject=draw(words), clause=draw(words), matter=draw(words))
        for n in range(number)
    ]


@given(entries())
def test_it_finds_what_comparing_with_each_finds(events: list[Event]) -> None:
    shelf = _Shelf()
    for event in events:
        shelf.add(event, event.id)
    for one in events:
        same = {o.id for o in events if o.id != one.id and o.subject == one.subject and alike(o, one)}
        assert set(shelf.alike(one)) == same


def test_of_many_the_nearest_are_named() -> None:
    shelf = _Shelf()
    for n in range(60):
        day = date(2020, 3, 9) + timedelta(days=n % 3)
        shelf.add(Event(id=f"e{n}", date=day, subject="s1", clause="CG-A1"), f"e{n}")
    found = shelf.alike(Event(id="new", date=date(2020, 3, 9), subject="s1", clause="CG-A1"))
    assert found == tuple(f"e{n}" for n in range(0, 60, 3)[:_NAMED])
