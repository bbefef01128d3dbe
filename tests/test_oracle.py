"""The product computes what the plain oracle computes: on the real document, and on rulebooks of every method."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from oracle.sample import houjiatang
from oracle.scorecard import oracle
from strategies.events import days, logs, moments, spans
from strategies.rulebooks import editions

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.periods import Span

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


def by_engine(edition: Edition, events: list[Event], span: Span, **asked: Any) -> dict[str, Any]:
    found = assess(edition, events, span, **asked)
    names = {item.id for item in edition.scorecard.items()}
    return {
        standing.subject: {
            "total": show(standing.total),
            "exact": standing.total,
            "rank": standing.rank,
            "without veto": standing.rank_without_veto,
            "provisional": standing.provisional,
            "vetoed": standing.vetoed,
            "items": {
                i.id: (show(i.base), show(i.score), i.score, i.state.value)
                for i in standing.items
                if i.id in names  # a veto of the total has a line of its own among the items
            },
        }
        for standing in found.standings
    }


def by_oracle(edition: Edition, events: list[Event], span: Span, **asked: Any) -> dict[str, Any]:
    return {
        subject: {
            "total": show(r.total),
            "exact": r.total,
            "rank": r.rank,
            "without veto": r.rank_without_veto,
            "provisional": r.provisional,
            "vetoed": r.vetoed,
            "items": {name: (show(i.base), show(i.score), i.score, i.state.value) for name, i in r.items.items()},
        }
        for subject, r in oracle(edition, events, span, **asked).items()
    }


def agree(data: st.DataObject, edition: Edition, events: list[Event], **asked: Any) -> None:
    span = data.draw(spans)
    asked |= {"known": data.draw(moments), "day": data.draw(days)}
    note(str([item.model_dump(exclude_defaults=True) for item in edition.scorecard.items()][:4]))
    note("\n".join(event.canonical() for event in events))
    ours, theirs = by_engine(edition, events, span, **asked), by_oracle(edition, events, span, **asked)
    assert ours == theirs


def some_rulebook(data: st.DataObject) -> None:
    edition = data.draw(editions())
    agree(data, edition, data.draw(logs(edition)))


def the_document(data: st.DataObject) -> None:
    edition = houjiatang()
    items = data.draw(st.lists(st.sampled_from(list(edition.scorecard.items())), min_size=1, max_size=4))
    clauses = [clause.id for item in items for clause in item.all_clauses()]
    roster = data.draw(st.sampled_from((None, edition.roster[:2], edition.roster[2:6])))
    events = data.draw(logs(edition, clauses=clauses, roster=roster))
    agree(data, edition, events, roster=roster)


def a_reading(data: st.DataObject) -> None:
    readings = [r for r in houjiatang().rulebook.readings if r.alternatives]
    reading = data.draw(st.sampled_from(readings))
    other = data.draw(st.sampled_from(reading.alternatives))
    edition = houjiatang(**{reading.id: other.id})
    items = [i for i in edition.scorecard.items() if {i.id, *(c.id for c in i.all_clauses())} & set(reading.of)]
    clauses = [clause.id for item in items for clause in item.all_clauses()]
    agree(
        data, edition, data.draw(logs(edition, clauses=clauses, roster=edition.roster[:3])), roster=edition.roster[:3]
    )


CASES = pytest.mark.parametrize("draw", [some_rulebook, the_document, a_reading])


@CASES
@QUICK
@given(data=st.data())
def test_the_product_agrees_with_the_oracle(draw: Any, data: st.DataObject) -> None:
    draw(data)


@pytest.mark.torture
@CASES
@LONG
@given(data=st.data())
def test_the_product_agrees_with_the_oracle_at_length(draw: Any, data: st.DataObject) -> None:
    draw(data)
