"""What the oracle shares with the product, and whether the strategies leave nothing out."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oracle.counted import counted
from oracle.sample import event, houjiatang
from oracle.scorecard import oracle
from strategies.events import days, logs, moments, spans
from strategies.rulebooks import CLAUSES, editions

from appraisal.model.clauses import Clause
from appraisal.model.event import Event
from appraisal.model.ledger import resolve

QUICK = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_method_is_drawn() -> None:
    methods = {get_args(kind.model_fields["method"].annotation)[0] for kind in get_args(get_args(Clause)[0])}
    assert methods == {*CLAUSES, "multiplier", "procedure", "heading"}


@QUICK
@given(data=st.data(), known=moments)
def test_the_same_events_count(data: st.DataObject, known: datetime | None) -> None:
    edition = data.draw(editions() | st.just(houjiatang()))
    clauses = {c.id: c for c in edition.scorecard.clauses()}
    log = data.draw(logs(edition))
    ledger = resolve(log, edition.rulebook, known=known)
    assert not ledger.conflicts
    assert counted(log, clauses, known) == list(ledger.counted)


def test_a_withdrawn_withdrawal_has_no_effect() -> None:
    # e3 withdraws e2, which withdraws e1: e1 counts again, unless the first is all that is known
    clauses = {c.id: c for c in houjiatang().scorecard.clauses()}
    told = [("e1", "", ""), ("e2", "e1", "withdrawn"), ("e3", "e2", "withdrawn")]
    log = [
        made(name, counters, status, datetime.fromisoformat(f"2020-05-0{n}"))
        for n, (name, counters, status) in enumerate(told, 1)
    ]
    found = [counted(log, clauses, datetime.fromisoformat(f"2020-05-0{n}")) for n in (1, 2, 3)]
    assert [[e.id for e in some] for some in found] == [["e1"], [], ["e1"]]


def made(name: str, counters: str, status: str, recorded: datetime) -> Event:
    told = {"counters": counters, "status": status, "recorded": recorded.isoformat()}
    return event(name, "ziyuan", "CG-A1", "2020-03-09", **told)


@QUICK
@given(data=st.data())
def test_the_oracle_keeps_its_own_sums(data: st.DataObject) -> None:
    edition = data.draw(editions())
    zeroes = {i.id for i in edition.scorecard.items() for c in i.all_clauses() if c.method == "veto"}
    found = oracle(edition, data.draw(logs(edition)), data.draw(spans), day=data.draw(days))
    for result in found.values():
        if not zeroes:
            assert result.total == sum(item.score for item in result.items.values())
        assert result.rank_without_veto >= 1
    assert min(result.rank_without_veto for result in found.values()) == 1
    assert min(result.rank for result in found.values()) == 1
