"""Entries, bonuses, decisions and appeals: what counts when, who may, and what the second of two is told."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from office_making import NOW, PNG, at, at_hour, codes, someone

from appraisal.errors import RefusedError
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office import appeals, claims, closing, entries, months
from appraisal.office.appeals import Outcome
from appraisal.office.claims import Decision
from appraisal.office.installation import Installation
from appraisal.office.workflow import State

DEDUCTION = {"date": "2020-03-09", "subject": "s1", "clause": "CG-A2", "note": "示例：被通报一次"}
BONUS = {"date": "2020-03-10", "subject": "s1", "clause": "JF-1", "note": "示例：报道一篇"}


def score(house: Installation, item: str, subject: str = "s1") -> Fraction:
    found = house.standings("o", "small", Span.month(2020, 3), day=NOW.date())
    (standing,) = (s for s in found.standings if s.subject == subject)
    return next(i.score for i in standing.items if i.id == item)


def logged(house: Installation, **cells: str) -> str:
    return entries.log(at(house, Role.OFFICER), "small", DEDUCTION | cells, now=NOW).id


def last(house: Installation, event_id: str) -> str:
    return at(house, Role.GROUP).case(event_id).last


def test_an_entry_counts_at_once_and_says_who_logged_it(house: Installation) -> None:
    event = entries.log(at(house, Role.OFFICER), "small", DEDUCTION, now=NOW)
    assert event.actor == "u-officer"
    assert event.facts["department"] == "城管办"
    assert score(house, "CG") == Fraction("5.5")  # 6 - 0.5
    assert at(house, Role.GROUP).case(event.id).state is State.COUNTS


def test_an_officer_logs_under_the_own_departments_clauses_only(house: Installation) -> None:
    with pytest.raises(RefusedError) as refused:
        entries.log(at(house, Role.OFFICER, department="党建办", office="o"), "small", DEDUCTION, now=NOW)
    assert codes(refused) == ["O001"]


def test_faults_of_a_form_come_all_at_once_with_the_words_of_its_fields(house: Installation) -> None:
    with pytest.raises(RefusedError) as refused:
        entries.log(at(house, Role.OFFICER), "small", DEDUCTION | {"date": "2020-13-09", "subject": "s9"}, now=NOW)
    found = {f.args["column"]: f.place.file for f in refused.value.findings if f.place}
    assert found == {"日期": "form", "社区": "form"}


def test_what_may_be_a_duplicate_is_saved_with_a_reason_only(house: Installation) -> None:
    first = logged(house)
    with pytest.raises(RefusedError) as refused:
        logged(house, date="2020-03-12")
    assert codes(refused) == ["O033"]
    assert first in refused.value.findings[0].what("en")
    entries.log(
        at(house, Role.OFFICER), "small", DEDUCTION | {"date": "2020-03-12"}, now=NOW, duplicate="示例：另一次通报"
    )
    logged(house, date="2020-03-16")  # four days later is no duplicate
    assert score(house, "CG") == Fraction("4.5")  # 6 - 3 × 0.5


def test_withdrawing_leaves_the_entry_and_takes_its_points_back(house: Installation) -> None:
    event = logged(house)
    entries.withdraw(at(house, Role.OFFICER), event, "示例：记错社区", on=event, now=at_hour(10))
    assert score(house, "CG") == 6
    case = at(house, Role.GROUP).case(event)
    assert (case.state, [step for step, _ in case.steps]) == (State.COUNTERED, [Step.SUBMITTED, Step.COUNTERED])
    assert house.standings("o", "small", Span.month(2020, 3), day=NOW.date()).not_counted[0].reason == "countered"


def test_a_correction_stands_in_the_place_of_the_entry(house: Installation) -> None:
    event = logged(house)
    put = entries.correct(
        at(house, Role.OFFICER), event, {"level": "不良影响"}, "示例：漏记级别", on=event, now=at_hour(10)
    )
    assert score(house, "CG") == 5  # 6 - 1
    assert (put.counters, put.level, put.facts["x_reason"]) == (event, "不良影响", "示例：漏记级别")


def test_a_bonus_counts_after_its_last_step_only(house: Installation) -> None:
    event = claims.declare(at(house, Role.HEAD), "small", BONUS, now=NOW).id
    assert score(house, "JF") == 0
    claims.review(at(house, Role.GROUP), event, on=event, now=at_hour(10))
    assert score(house, "JF") == 0
    reasons = house.standings("o", "small", Span.month(2020, 3), day=NOW.date()).not_counted
    assert [n.reason for n in reasons] == ["reviewed"]
    claims.confirm(at(house, Role.COMMITTEE), event, on=last(house, event), now=at_hour(11))
    assert score(house, "JF") == Fraction("0.5")
    assert not house.standings("o", "small", Span.month(2020, 3), day=NOW.date()).not_counted


def test_a_returned_application_keeps_its_rounds(house: Installation) -> None:
    head, group = at(house, Role.HEAD), at(house, Role.GROUP)
    event = claims.declare(head, "small", BONUS, now=NOW).id
    claims.send_back(group, event, "示例：请附报道截图", on=event, now=at_hour(10))
    again = claims.declare_again(
        head, event, {"note": "示例：报道一篇，附截图"}, on=last(house, event), now=at_hour(11), files=["f" * 64]
    )
    assert [step for step, _ in group.case(event).steps] == [Step.DECLARED, Step.RETURNED, Step.DECLARED]
    assert group.case(event).state is State.SUPERSEDED
    claims.review(group, again.id, on=again.id, now=at_hour(12))
    claims.confirm(at(house, Role.COMMITTEE), again.id, on=last(house, again.id), now=at_hour(13))
    assert score(house, "JF") == Fraction("0.5")  # once, not twice
    found = {n.event: n.reason for n in house.standings("o", "small", Span.month(2020, 3), day=NOW.date()).not_counted}
    assert found == {event: "superseded"}


def test_a_declined_bonus_never_counts(house: Installation) -> None:
    event = claims.declare(at(house, Role.HEAD), "small", BONUS, now=NOW).id
    claims.decline(at(house, Role.GROUP), event, "示例：不在范围", on=event, now=at_hour(10))
    assert score(house, "JF") == 0
    with pytest.raises(RefusedError) as refused:
        claims.confirm(at(house, Role.COMMITTEE), event, on=last(house, event), now=at_hour(11))
    assert codes(refused) == ["O020"]


def test_the_second_of_two_is_told_what_the_first_did(house: Installation) -> None:
    event = claims.declare(at(house, Role.HEAD), "small", BONUS, now=NOW).id
    claims.review(at(house, Role.GROUP, "u1"), event, on=event, now=at_hour(10))
    with pytest.raises(RefusedError) as refused:
        claims.send_back(at(house, Role.GROUP, "u2"), event, "示例：缺材料", on=event, now=at_hour(10))
    assert codes(refused) == ["L017"]
    told = refused.value.findings[0].what("zh")
    assert "审核通过" in told
    assert "经办 领导小组" in told  # the id of an account would tell nobody anything


def test_two_acts_that_both_saw_the_same_state_never_both_stand(house: Installation) -> None:
    event = claims.declare(at(house, Role.HEAD), "small", BONUS, now=NOW).id
    group = at(house, Role.GROUP)
    one = group.house.log.related("o", [event])
    claims.review(group, event, on=event, now=at_hour(10))
    from dataclasses import replace

    late = replace(one[0], id="late", follows=event, clause="", kind="returned", status=one[0].status.NONE)
    with pytest.raises(RefusedError) as refused:  # the log itself refuses, whatever was checked before
        house.log.append("o", [late], rulebook="small", now=NOW)
    assert codes(refused) == ["L017"]


def test_a_bonus_is_declared_for_the_own_community(house: Installation) -> None:
    with pytest.raises(RefusedError) as refused:
        claims.declare(at(house, Role.HEAD), "small", BONUS | {"subject": "s2"}, now=NOW)
    assert codes(refused) == ["O001"]
    with pytest.raises(RefusedError) as refused:
        claims.declare(at(house, Role.HEAD), "small", DEDUCTION, now=NOW)
    assert codes(refused) == ["O025"]


def test_an_appeal_upheld_leaves_the_points(house: Installation) -> None:
    event = logged(house)
    appeals.appeal(at(house, Role.HEAD), event, "示例：不属实", on=event, now=at_hour(10))
    assert at(house, Role.GROUP).case(event).state is State.APPEALED
    assert score(house, "CG") == Fraction("5.5")  # nothing changes before it is ruled on
    appeals.answer(at(house, Role.OFFICER), event, "示例：有照片", on=last(house, event), now=at_hour(11))
    appeals.rule(at(house, Role.GROUP), event, Outcome.UPHELD, "示例：维持", on=last(house, event), now=at_hour(12))
    assert at(house, Role.GROUP).case(event).state is State.RULED
    assert score(house, "CG") == Fraction("5.5")


@pytest.mark.parametrize(
    ("outcome", "cells", "left"), [(Outcome.WITHDRAWN, {}, "6"), (Outcome.ADJUSTED, {"clause": "CG-A1"}, "5.8")]
)
def test_an_appeal_is_ruled_by_a_counter_event(
    house: Installation, outcome: Outcome, cells: dict[str, str], left: str
) -> None:
    event = logged(house)
    appeals.appeal(at(house, Role.HEAD), event, "示例：不属实", on=event, now=at_hour(10))
    ruling = appeals.rule(
        at(house, Role.GROUP), event, outcome, "示例：裁定", on=last(house, event), now=at_hour(12), cells=cells
    )
    assert ruling.counters == event
    assert score(house, "CG") == Fraction(left)


def test_who_rules_on_an_appeal_is_not_who_logged(house: Installation) -> None:
    event = entries.log(at(house, Role.OFFICER, "u1"), "small", DEDUCTION, now=NOW).id
    appeals.appeal(at(house, Role.HEAD), event, "示例：不属实", on=event, now=at_hour(10))
    with pytest.raises(RefusedError) as refused:
        appeals.rule(at(house, Role.GROUP, "u1"), event, Outcome.UPHELD, "示例", on=last(house, event), now=at_hour(12))
    assert codes(refused) == ["O021"]


def test_an_appeal_needs_a_reason_and_the_own_community(house: Installation) -> None:
    event = logged(house)
    with pytest.raises(RefusedError) as refused:
        appeals.appeal(at(house, Role.HEAD), event, "  ", on=event, now=at_hour(10))
    assert codes(refused) == ["O023"]
    with pytest.raises(RefusedError) as refused:
        appeals.appeal(at(house, Role.HEAD, office="o", subject="s2"), event, "示例", on=event, now=at_hour(10))
    assert codes(refused) == ["O001"]


def test_the_negative_list_rests_on_a_decision(house: Installation) -> None:
    house.log.add_office("h")
    house.office("h").adopt("houjiatang-2020", now=NOW)
    group = house.desk("h", someone(Role.GROUP, office="h"))

    def outside() -> Fraction:
        found = house.standings("h", "houjiatang-2020", Span.month(2020, 3), day=NOW.date())
        (standing,) = (s for s in found.standings if s.subject == "ziyuan")
        return next(i.score for i in standing.items if i.id == "FM")

    cells = {"date": "2020-03-11", "subject": "ziyuan", "clause": "FM-1", "value": "1", "note": "示例：区通报"}
    event = entries.log(group, "houjiatang-2020", cells, now=NOW).id
    assert group.case(event).state is State.UNDECIDED
    assert outside() == 0
    nothing = Decision(body="", day=date(2020, 3, 12), number="", files=())
    with pytest.raises(RefusedError) as refused:
        claims.decide(group, event, nothing, on=event, now=at_hour(10))
    assert codes(refused) == ["O024"]
    decision = Decision(body="示例党工委", day=date(2020, 3, 12), number="示例〔2020〕1号", files=("a" * 64,))
    claims.decide(group, event, decision, on=event, now=at_hour(10))
    assert outside() == -1
    veto = {"date": "2020-03-11", "subject": "ziyuan", "clause": "AQ-2", "level": "黄牌警告"}
    officer = house.desk("h", someone(Role.OFFICER, office="h", department="公共安全办"))
    assert group.case(entries.log(officer, "houjiatang-2020", veto, now=NOW).id).state is State.UNDECIDED


def test_an_order_of_equals_rests_on_a_decision(house: Installation) -> None:
    """Two with 90 and 80 marks: 3 × (0.7 × 90 + 0.3 × 80) % = 2.61; the first of them by decision × 1.1 = 2.871."""
    officer, group = at(house, Role.OFFICER, office="o", department="党建办"), at(house, Role.GROUP)
    for subject, daily in (("s1", "90"), ("s2", "90"), ("s3", "50")):
        for part, value in (("日常", daily), ("述职", "80")):
            cells = {"date": "2020-12-20", "period": "2020", "subject": subject, "clause": "DJ-1"}
            entries.log(officer, "small", {**cells, "part": part, "value": value}, now=NOW, duplicate="示例：另一分项")

    def year(subject: str) -> tuple[Fraction, str]:
        found = house.standings("o", "small", Span.whole(2020), day=date(2020, 12, 31))
        (standing,) = (s for s in found.standings if s.subject == subject)
        item = next(i for i in standing.items if i.id == "DJ")
        return item.score, item.state

    assert year("s1")[1] == year("s2")[1] == "pending"
    order = {"date": "2020-12-28", "period": "2020", "clause": "DJ-2", "note": "示例：会议排定"}
    with pytest.raises(RefusedError) as refused:
        entries.log(at(house, Role.COMMITTEE), "small", {**order, "subject": "s1", "value": "1"}, now=NOW)
    assert codes(refused) == ["O001"]
    places = {
        s: entries.log(group, "small", {**order, "subject": s, "value": v}, now=NOW).id
        for s, v in (("s1", "1"), ("s2", "2"))
    }
    assert {group.case(event).state for event in places.values()} == {State.UNDECIDED}
    assert year("s1")[1] == "pending"
    decision = Decision(body="示例领导小组", day=date(2020, 12, 28), number="示例〔2020〕9号", files=("a" * 64,))
    for event in places.values():
        claims.decide(group, event, decision, on=event, now=at_hour(10))
    assert year("s1") == (Fraction("2.87"), "assessed")
    assert year("s2") == (Fraction("2.61"), "assessed")


def test_a_special_project_rests_on_a_decision(house: Installation) -> None:
    house.log.add_office("h")
    house.office("h").adopt("houjiatang-2020", now=NOW)
    group = house.desk("h", someone(Role.GROUP, office="h"))

    def score() -> Fraction:
        found = house.standings("h", "houjiatang-2020", Span.whole(2020), day=date(2020, 12, 31))
        (standing,) = (s for s in found.standings if s.subject == "ziyuan")
        return next(i.score for i in standing.items if i.id == "LD")

    cells = {"date": "2020-12-20", "period": "2020", "subject": "ziyuan", "clause": "LD-3", "value": "4.5"}
    event = entries.log(group, "houjiatang-2020", cells, now=NOW).id
    assert (group.case(event).state, score()) == (State.UNDECIDED, 0)
    lacking = Decision(body="示例领导小组", day=date(2020, 12, 21), number="示例〔2020〕8号", files=())
    with pytest.raises(RefusedError) as refused:
        claims.decide(group, event, lacking, on=event, now=at_hour(10))
    assert codes(refused) == ["O024"]
    told = Decision(body=lacking.body, day=lacking.day, number=lacking.number, files=("a" * 64,))
    claims.decide(group, event, told, on=event, now=at_hour(10))
    assert score() == Fraction("4.5")


def test_a_month_ends_with_every_departments_word(house: Installation) -> None:
    march = Period(2020, 3)
    officer, group = at(house, Role.OFFICER), at(house, Role.GROUP)
    logged(house)
    with pytest.raises(RefusedError) as refused:
        months.report(officer, "small", march, "城管办", 0, now=NOW)
    assert codes(refused) == ["O034"]
    months.report(officer, "small", march, "城管办", 1, now=NOW)
    party = at(house, Role.OFFICER, office="o", department="党建办")
    months.report(party, "small", march, "党建办", 0, now=NOW)
    assert all(r.stands for r in months.month(group, "small", march).reports.values())
    logged(house, date="2020-03-18")  # more came after the department had ended its month
    assert not months.month(group, "small", march).reports["城管办"].stands
    months.report(officer, "small", march, "城管办", 2, now=NOW)
    assert months.month(group, "small", march).reports["城管办"].stands


def move(house: Installation, *steps: Step, reason: str = "") -> None:
    group = at(house, Role.GROUP)
    for step in steps:
        on = months.month(group, "small", Period(2020, 3)).last
        closing.move(group, "small", Period(2020, 3), step, on=on, now=at_hour(17), reason=reason)


def test_a_month_goes_its_way_and_no_other(house: Installation) -> None:
    group = at(house, Role.GROUP)
    for on in ("", "nothing"):
        with pytest.raises(RefusedError) as refused:
            closing.move(group, "small", Period(2020, 3), Step.CUT_OFF, on=on, now=NOW)
        assert codes(refused) == ["O022"]
    with pytest.raises(RefusedError) as refused:
        move(house, Step.CLOSED)
    assert codes(refused) == ["O027"]
    move(house, Step.CUT_OFF)
    with pytest.raises(RefusedError) as refused:
        closing.move(group, "small", Period(2020, 3), Step.DRAFTED, on="@small/2020-03", now=NOW)
    assert codes(refused) == ["L017"]
    with pytest.raises(RefusedError) as refused:
        move(house, Step.REOPENED)
    assert codes(refused) == ["O023"]
    move(house, Step.REOPENED, reason="示例：漏报")
    assert months.month(group, "small", Period(2020, 3)).stage == "open"


def test_a_late_entry_needs_an_exception_that_names_department_and_day(house: Installation) -> None:
    move(house, Step.CUT_OFF)
    with pytest.raises(RefusedError) as refused:
        logged(house)
    assert codes(refused) == ["O030"]
    assert "group" in refused.value.findings[0].remedy("en")
    group = at(house, Role.GROUP)
    march = Period(2020, 3)
    granted = months.grant(group, "small", march, "城管办", until=date(2020, 3, 22), reason="示例：迟报", now=NOW)
    logged(house)
    months.revoke(group, "small", months.month(group, "small", march).exceptions[0], reason="示例：已补", now=NOW)
    with pytest.raises(RefusedError) as refused:
        logged(house, date="2020-03-01")
    assert codes(refused) == ["O030"]
    months.grant(group, "small", march, "城管办", until=date(2020, 3, 21), reason="示例：再补", now=NOW)
    with pytest.raises(RefusedError) as refused:
        entries.log(at(house, Role.OFFICER), "small", DEDUCTION | {"date": "2020-03-01"}, now=at_hour(9, day=22))
    assert codes(refused) == ["O030"]
    assert granted.note == "示例：迟报"


def test_evidence_is_kept_by_its_content(house: Installation) -> None:
    one = house.evidence.keep("o", PNG, now=NOW)
    assert one == house.evidence.keep("o", PNG, now=NOW)
    assert (one.type, house.evidence.content("o", one.sha256)) == ("image/png", PNG)
