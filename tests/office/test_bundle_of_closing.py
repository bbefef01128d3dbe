"""A published month as a bundle: it holds, says it is final, and what is logged or adopted since does not change it."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from office_making import NOW, SMALL, at, codes

from appraisal.errors import RefusedError
from appraisal.model.codec import decode
from appraisal.model.event import Event
from appraisal.model.periods import Period, Span
from appraisal.model.roles import HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office import appeals, closing, entries, months
from appraisal.office.appeals import Outcome
from appraisal.office.installation import Installation
from appraisal.office.office import Office
from appraisal.store.closings import Closing
from reports.bundle.making import make
from reports.bundle.sources import from_closing, from_office
from reports.bundle.verifying import verify

MARCH = Period(2020, 3)
DEDUCTION = {"date": "2020-03-09", "subject": "s1", "clause": "CG-A2", "note": "示例：张某来电"}


def held(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    return path


def published(house: Installation) -> Closing:
    """Close March by hand: its blockers are the workflow's own tests."""
    group = at(house, Role.GROUP)
    office = Office(log=house.log, id="o")
    anchor = house.log.head("o")
    assessment = house.standings("o", "small", Span.month(2020, 3), day=NOW.date())
    from appraisal.model.codec import encode
    from appraisal.store import closings

    document = encode(assessment)
    found = Closing(
        office="o",
        rulebook="small",
        span="2020-03",
        number=1,
        event="closed-1",
        anchor=anchor,
        sha256=closings.seal(document),
        document=document,
    )
    house.database.change(lambda connection: closings.append(connection, found))
    assert group.office == office
    kept = house.closings.latest("o", "small", "2020-03")
    assert kept is not None
    return kept


def test_a_published_month_holds_and_stays_as_it_was(house: Installation, tmp_path: Path) -> None:
    entries.log(at(house, Role.OFFICER), "small", DEDUCTION, now=NOW)
    office = Office(log=house.log, id="o")
    kept = published(house)
    before = make(from_closing(office, kept))
    found = verify(held(tmp_path, before.content))
    assert found.findings == ()
    assert (found.about["state"], found.head) == ("final", {"position": 1, "hash": kept.anchor.hash})
    later = Event(id="late", date=NOW.date(), subject="s1", clause="CG-A1", recorded=NOW + timedelta(days=30))
    house.log.append("o", [later], rulebook="small", now=NOW + timedelta(days=30))
    office.adopt(
        str(SMALL), now=NOW + timedelta(days=31), roster=house.log.edition(house.log.adoptions("o")[0]).roster[:2]
    )
    assert make(from_closing(office, kept)) == before
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        told = json.loads(archive.read("result.json"))
    totals = {s.name: s.total for s in decode(kept.document).standings}
    assert {s["subject"]: float(s["total"]) for s in told["standings"]} == {n: float(t) for n, t in totals.items()}


def test_what_was_erased_since_does_not_change_it(house: Installation, tmp_path: Path) -> None:
    name = entries.log(at(house, Role.OFFICER), "small", DEDUCTION, now=NOW).id
    kept = published(house)
    office = Office(log=house.log, id="o")
    before = make(from_closing(office, kept))
    house.log.erase("o", name)
    assert make(from_closing(office, kept)) == before
    assert verify(held(tmp_path, before.content)).findings == ()
    assert "张某".encode() not in before.content


def test_the_workflow_is_recomputed_too(house: Installation, tmp_path: Path) -> None:
    name = entries.log(at(house, Role.OFFICER), "small", DEDUCTION, now=NOW).id
    head = at(house, Role.HEAD)
    appeals.appeal(head, name, on=name, now=NOW, reason="示例：不是我社区")
    group = at(house, Role.GROUP)
    appeals.rule(group, name, Outcome.WITHDRAWN, on=group.case(name).last, now=NOW, reason="示例：属实")
    for step in (Step.CUT_OFF, Step.DRAFTED):
        closing.move(group, "small", MARCH, step, on=months.month(group, "small", MARCH).last, now=NOW)
    bundle = make(from_office(Office(log=house.log, id="o"), Span.month(2020, 3), day=NOW.date()))
    found = verify(held(tmp_path, bundle.content))
    assert found.findings == ()
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        told = json.loads(archive.read("result.json"))
        lines = archive.read("events.jsonl").decode()
    assert {"event": name, "reason": "countered"} in told["not_counted"]
    assert "不是我社区" not in lines


def test_no_account_leaves_with_a_bundle_or_a_site(house: Installation, tmp_path: Path) -> None:
    """Who acted stands in the private part of a line: role and department leave the office, the account does not."""
    account = house.accounts.add(
        "dengji", "示例登记员", now=NOW, roles=[HeldRole(role=Role.OFFICER, office="o", department="城管办")]
    )
    name = entries.log(house.desk("o", account.actor), "small", DEDUCTION, now=NOW).id
    head, group = at(house, Role.HEAD, name="u-of-the-head"), at(house, Role.GROUP, name="u-of-the-group")
    appeals.appeal(head, name, on=name, now=NOW, reason="示例：不是我社区")
    closing.move(group, "small", MARCH, Step.CUT_OFF, on=months.month(group, "small", MARCH).last, now=NOW)
    bundle = make(from_office(Office(log=house.log, id="o"), Span.month(2020, 3), day=NOW.date()))
    assert verify(held(tmp_path, bundle.content)).findings == ()
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        told = b"".join(archive.read(one) for one in archive.namelist())
    assert [line.event.actor for line in house.log.lines("o")] == [account.id, "u-of-the-head", "u-of-the-group"]
    for word in (account.id, "u-of-the-head", "u-of-the-group", "dengji", "示例登记员"):
        assert word.encode() not in told
    assert "城管办".encode() in told


def test_a_log_that_has_accounts_in_the_open_still_reads_and_holds(house: Installation, tmp_path: Path) -> None:
    """Lines of before: their actor counts as theirs, and the bundle of such a log verifies."""
    facts = {"actor": "u-group", "role": "group"}
    old = Event(id="e-old", date=NOW.date(), subject="s1", clause="CG-A1", recorded=NOW, facts=facts)
    house.log.append("o", [old], rulebook="small", now=NOW)
    assert house.log.line("o", "e-old").event.actor == "u-group"
    appeals.appeal(at(house, Role.HEAD), "e-old", on="e-old", now=NOW, reason="示例：不服")
    group = at(house, Role.GROUP)
    with pytest.raises(RefusedError) as refused:
        appeals.rule(group, "e-old", Outcome.UPHELD, on=group.case("e-old").last, now=NOW, reason="示例")
    assert codes(refused) == ["O021"]
    bundle = make(from_office(Office(log=house.log, id="o"), Span.month(2020, 3), day=NOW.date()))
    assert verify(held(tmp_path, bundle.content)).findings == ()
    assert house.log.verify("o") == ()
