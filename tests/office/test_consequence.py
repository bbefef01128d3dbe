"""What an entry would change, what an appeal's outcome would, what changed since publication, how close ranks are."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from office_making import NOW, at, at_hour, codes, someone

from appraisal.errors import RefusedError
from appraisal.model.event import Event
from appraisal.model.periods import Period, Span
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office import appeals, claims, closing, entries, months
from appraisal.office.appeals import Outcome
from appraisal.office.closeness import closeness
from appraisal.office.consequence import Place, consequence, replaced, withdrawn, would_change
from appraisal.office.evenness import evenness
from appraisal.office.installation import Installation
from appraisal.office.reminders import remind
from appraisal.office.restatement import restatement

MARCH, DAY = Period(2020, 3), NOW.date()
CELLS = {"date": "2020-03-09", "subject": "s1", "clause": "CG-A2", "note": "示例：被通报"}


def log(house: Installation, actor: str = "u1", **cells: str) -> str:
    desk = at(house, Role.OFFICER, actor)
    return entries.log(desk, "small", CELLS | cells, now=NOW, duplicate="示例：另一次").id


def test_the_consequence_is_what_saving_then_does(house: Installation) -> None:
    officer = at(house, Role.OFFICER)
    log(house, subject="s2")
    for cells in (CELLS, CELLS | {"level": "不良影响"}, CELLS | {"clause": "CG-A1", "count": "3"}):
        draft = entries.read(officer, "small", cells, now=NOW)
        told = consequence(officer, "small", draft, day=DAY)
        entries.log(officer, "small", cells, now=NOW, duplicate="示例：另一次")
        for effect in told.effects:
            found = house.standings("o", "small", effect.span, day=DAY)
            (mine,) = (s for s in found.standings if s.subject == "s1")
            shift = effect.of("s1")
            assert shift is not None
            assert shift.after == Place(total=mine.total, rank=mine.rank)
    assert [str(e.span) for e in told.effects] == ["2020-03", "2020"]


def test_the_consequence_tells_points_budget_and_rank(house: Installation) -> None:
    officer = at(house, Role.OFFICER)
    for day in range(1, 8):  # 7 × 0.5 of the group's 4 points
        log(house, date=f"2020-03-{day:02d}")
    draft = entries.read(officer, "small", CELLS | {"level": "不良影响", "date": "2020-03-19"}, now=NOW)
    told = consequence(officer, "small", draft, day=DAY)
    assert (told.points, told.counted) == (Fraction(-1), Fraction("-0.5"))  # 4 - 3.5 is left of the group
    assert (told.item, told.left) == ("CG", Fraction(2))  # 6 - 4
    month = told.effects[0].of("s1")
    assert month is not None
    # 6 + 4 (nothing due in DJ counts, XC has no quota met: 1 - 0.1) — the other items are the same before and after
    assert month.before.total - month.after.total == Fraction("0.5")
    assert month.after.rank == 3
    assert told.likely == ()  # CG-A2 of 7 March is twelve days away


def test_what_does_not_count_yet_is_shown_as_if_it_did(house: Installation) -> None:
    head = at(house, Role.HEAD)
    bonus = {"date": "2020-03-10", "subject": "s1", "clause": "JF-1", "note": "示例"}
    event = claims.declare(head, "small", bonus, now=NOW)
    told = consequence(at(house, Role.GROUP), "small", event, day=DAY)
    assert (told.counts, told.counted) == (False, Fraction("0.5"))


def test_likely_duplicates_are_of_three_days_or_of_one_matter(house: Installation) -> None:
    officer = at(house, Role.OFFICER)
    near, far = log(house, date="2020-03-06"), log(house, date="2020-03-13")
    other = log(house, date="2020-01-05", clause="CG-A1", matter="示例事项")
    draft = entries.read(officer, "small", CELLS | {"matter": "示例事项"}, now=NOW)
    assert {e.id for e in consequence(officer, "small", draft, day=DAY).likely} == {near, other}
    assert far not in {near, other}


def test_an_appeal_shows_what_each_outcome_would_change_before_it_is_ruled_on(house: Installation) -> None:
    event = log(house)
    appeals.appeal(at(house, Role.HEAD), event, "示例：不属实", on=event, now=at_hour(10))
    group = at(house, Role.GROUP, "u9")
    (queued,) = appeals.open_appeals(group, "small", 2020, day=DAY)
    assert queued.case.entry.id == event
    entry, put = queued.case.entry, appeals.ruled(group, event, {"clause": "CG-A1"})
    for change, points in (
        (withdrawn(entry, now=at_hour(11)), "0.5"),
        (replaced(entry, put, now=at_hour(11)), "0.3"),
    ):
        month, year = would_change(group, "small", entry, change, now=at_hour(11))
        shift = month.of("s1")
        assert shift is not None
        assert shift.after.total - shift.before.total == Fraction(points)
        assert year.span == Span.whole(2020)
    on = group.case(event).last
    appeals.rule(group, event, Outcome.WITHDRAWN, "示例", on=on, now=at_hour(12))
    assert appeals.open_appeals(group, "small", 2020, day=DAY) == ()


def closed(house: Installation) -> None:
    """Bring March to its closing."""
    group = at(house, Role.GROUP)
    for department in ("城管办", "党建办"):
        number = months.month(group, "small", MARCH).reports[department].now
        desk = at(house, Role.OFFICER, office="o", department=department)
        months.report(desk, "small", MARCH, department, number, now=NOW)
    for day, step in (
        (20, Step.CUT_OFF),
        (20, Step.DRAFTED),
        (20, Step.DISPLAYED),
        (27, Step.RECHECKED),
        (27, Step.CLOSED),
    ):
        on = months.month(group, "small", MARCH).last
        closing.move(group, "small", MARCH, step, on=on, now=at_hour(17, day=day))


def test_a_published_month_does_not_move_and_each_difference_is_traced(house: Installation) -> None:
    kept, gone = log(house), log(house, date="2020-03-15", subject="s2")
    closed(house)
    group = at(house, Role.GROUP)
    day = date(2020, 3, 28)
    first = restatement(group, "small", Span.month(2020, 3), day=day)
    assert first is not None
    assert (first.differences, first.since, first.rules_changed) == ((), (), False)
    published = first.closing.document
    on = group.case(gone).last
    entries.withdraw(at(house, Role.OFFICER), gone, "示例：记错", on=on, now=at_hour(9, day=28))
    after = restatement(group, "small", Span.month(2020, 3), day=day)
    assert after is not None
    assert after.closing.document == published
    found = {d.subject: d for d in after.differences}
    assert found["s2"].after.total - found["s2"].before.total == Fraction("0.5")
    (item,) = found["s2"].items
    assert (item.item, [line.event.counters for line in item.because]) == ("CG", [gone])
    assert "s1" not in found or not found["s1"].items  # s1 keeps its points; others may pass it by
    assert kept in {line.event.id for line in house.yearbook("o", "small", 2020).lines.values()}


def test_closing_says_all_that_stands_in_its_way(house: Installation) -> None:
    event = log(house)
    claims.declare(
        at(house, Role.HEAD),
        "small",
        {"date": "2020-03-10", "subject": "s1", "clause": "JF-1", "note": "示例"},
        now=NOW,
    )
    group = at(house, Role.GROUP)
    for step in (Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED):
        closing.move(group, "small", MARCH, step, on=months.month(group, "small", MARCH).last, now=NOW)
    appeals.appeal(at(house, Role.HEAD), event, "示例", on=event, now=at_hour(10))
    found = sorted(f.code for f in closing.blockers(group, "small", MARCH, now=at_hour(11)))
    assert found == ["O060", "O061", "O063", "O063", "O066"]


def test_how_close_ranks_are_is_checked_by_trying_it(house: Installation) -> None:
    small, large = log(house, subject="s1", clause="CG-A1"), log(house, subject="s2", level="不良影响")
    found = closeness(at(house, Role.GROUP), "small", Span.month(2020, 3), day=DAY)
    assert [(c.upper, c.lower, c.gap) for c in found] == [
        ("s3", "s1", Fraction("0.2")),
        ("s1", "s2", Fraction("0.8")),
    ]
    assert found[0].flip is None  # without its 0.2 the lower only draws level
    assert found[1].flip is not None
    assert (found[1].flip.event.id, found[1].flip.points) == (large, Fraction(1))
    assert small != large


def test_even_handedness_adds_up_and_is_careful_with_small_numbers(house: Installation) -> None:
    for day in range(1, 13):
        log(house, "u1", date=f"2020-03-{day:02d}", subject="s1", clause="CG-A2")
    log(house, "u2", date="2020-03-14", subject="s2", clause="CG-A2", level="不良影响", matter="示例甲")
    log(house, "u2", date="2020-03-16", subject="s2", clause="CG-A1", matter="示例甲")
    found = evenness(at(house, Role.GROUP), "small", Span.month(2020, 3), day=DAY)
    cells = {(c.department, c.subject): (c.points, c.entries) for c in found.cells}
    assert cells["城管办", "s1"] == (Fraction(-4), 12)  # 12 × 0.5, of the group's 4 points
    assert cells["城管办", "s2"] == (Fraction("-1.2"), 2)
    assert cells["城管办", "s3"] == (Fraction(0), 0)
    (twice,) = found.twice
    assert (twice.matter, len(twice.events), twice.departments) == ("示例甲", 2, ("城管办",))
    u1, u2 = found.severities
    assert (u1.actor, u1.mean, u1.few) == ("u1", Fraction("0.5"), False)
    assert (u2.actor, u2.mean, u2.few) == ("u2", Fraction("0.6"), True)  # (1 + 0.2) / 2
    # under CG-A2 all 13 entries took (12 × 0.5 + 1) / 13 = 7/13 on average, under CG-A1 0.2
    assert (u1.expected, u2.expected) == (Fraction(7, 13), (Fraction(7, 13) + Fraction("0.2")) / 2)


@pytest.mark.parametrize("day", [20, 25])
def test_appeals_are_taken_until_the_window_of_the_month_ends(house: Installation, day: int) -> None:
    event = log(house)
    group = at(house, Role.GROUP)
    for step in (Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED):
        closing.move(group, "small", MARCH, step, on=months.month(group, "small", MARCH).last, now=NOW)
    assert months.month(group, "small", MARCH).appeals_until == date(2020, 3, 25)
    appeals.appeal(at(house, Role.HEAD), event, "示例", on=event, now=at_hour(23, day=day))
    (queued,) = appeals.open_appeals(group, "small", 2020, day=date(2020, 3, day))
    assert queued.days_left == 25 - day


def test_a_closing_seals_the_standings_into_the_chain(house: Installation) -> None:
    log(house)
    closed(house)
    (closing_,) = house.closings.all("o")
    line = house.log.line("o", closing_.event).event
    assert line.facts["standings"] == closing_.sha256
    assert (line.facts["position"], line.facts["head"]) == (closing_.anchor.position, closing_.anchor.hash)
    assert house.log.verify("o") == ()
    assert months.month(at(house, Role.GROUP), "small", MARCH).official


def test_what_comes_between_reading_and_closing_stops_it(house: Installation) -> None:
    log(house)
    desk = at(house, Role.GROUP)
    before = house.log.head("o")
    log(house, subject="s2")
    line = Event(id="late", date=DAY, kind="cut_off", follows="@small/2020-03", recorded=NOW)
    with pytest.raises(RefusedError) as refused:
        desk.append([line], "small", now=NOW, action="cut_off", target="2020-03", expected=before)
    assert codes(refused) == ["L019"]


def test_people_and_programs_are_told(house: Installation) -> None:
    hook = house.outbox.add_webhook("o", "http://127.0.0.1:9/hook", now=NOW, kinds=["closed"])
    event = log(house)
    appeals.appeal(at(house, Role.HEAD), event, "示例", on=event, now=at_hour(10))
    heard = {role: [n.kind for n in house.outbox.notices("o", someone(role).roles)] for role in Role}
    assert heard[Role.OFFICER] == heard[Role.GROUP] == ["appealed"]
    assert heard[Role.HEAD] == heard[Role.COMMITTEE] == []
    on = at(house, Role.GROUP).case(event).last
    appeals.rule(at(house, Role.GROUP, "u9"), event, Outcome.UPHELD, "示例", on=on, now=at_hour(11))
    assert [n.kind for n in house.outbox.notices("o", someone(Role.HEAD).roles)] == ["ruled"]
    assert house.outbox.due(now=at_hour(12)) == ()
    closed(house)
    (delivery,) = house.outbox.due(now=at_hour(23, day=27))
    assert (delivery.notice.kind, delivery.webhook.id) == ("closed", hook.id)


def test_departments_are_reminded_until_they_report(house: Installation) -> None:
    first = NOW.replace(month=4, day=1)
    assert remind(house, now=first) == 2
    remind(house, now=first)  # once a day
    officer = someone(Role.OFFICER).roles
    assert [n.kind for n in house.outbox.notices("o", officer)] == ["deadline"]
    months.report(at(house, Role.OFFICER), "small", MARCH, "城管办", 0, now=first)
    remind(house, now=first.replace(day=2))
    assert len(house.outbox.notices("o", officer)) == 1


def test_what_is_published_has_a_signer_and_a_number(house: Installation) -> None:
    closed(house)
    committee, at_last = at(house, Role.COMMITTEE), months.month(at(house, Role.GROUP), "small", MARCH).last
    with pytest.raises(RefusedError) as refused:
        closing.move(committee, "small", MARCH, Step.PUBLISHED, on=at_last, now=at_hour(9, day=28))
    assert codes(refused) == ["O024"]
    facts = {"signer": "示例签发人", "number": "示例〔2020〕3号"}
    closing.move(committee, "small", MARCH, Step.PUBLISHED, on=at_last, now=at_hour(9, day=28), facts=facts)
    month = months.month(committee, "small", MARCH)
    assert (month.stage, month.official) == ("final", True)
