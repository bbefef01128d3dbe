"""Final documents: only of what the workflow closed, as it was published; stated by name where there is no workflow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from office_making import NOW, OFFICE, at, at_hour, codes

from api.export import Asked
from api.official import official
from appraisal.errors import RefusedError
from appraisal.model.periods import Period
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office import closing, months
from appraisal.office.installation import Installation
from appraisal.office.office import Office
from reports.material import Imprint

MARCH = Period(2020, 3)
ASKED = Asked(rulebook="small", period="2020-03", through="", known=None, day=date(2020, 4, 30), lang="zh")
BARE = Imprint(final=True)
STATED = Imprint(final=True, office="示例街道", number="示例〔2020〕3号", signer="示例签发人", date=date(2020, 4, 2))
STEPS = (Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED, Step.RECHECKED, Step.CLOSED)


def asked(house: Installation, imprint: Imprint, **more: object) -> Imprint:
    return official(house, Office(log=house.log, id=OFFICE), replace(ASKED, **more), imprint)  # type: ignore[arg-type]


def refusal(house: Installation, imprint: Imprint, **more: object) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        asked(house, imprint, **more)
    return codes(refused)


def move(house: Installation, *steps: Step, day: int = 20) -> None:
    """Lead March on, in April; the departments have reported."""
    group = at(house, Role.GROUP)
    for step in steps:
        desk = at(house, Role.COMMITTEE) if step is Step.PUBLISHED else group
        facts = {"signer": "示例书记", "number": "示例街发〔2020〕3号"} if step is Step.PUBLISHED else {}
        on, now = months.month(group, "small", MARCH).last, at_hour(9, day=day, month=4)
        closing.move(desk, "small", MARCH, step, on=on, now=now, facts=facts, reason="示例")


def reported(house: Installation) -> None:
    for department, known in months.month(at(house, Role.GROUP), "small", MARCH).reports.items():
        officer = at(house, Role.OFFICER, office=OFFICE, department=department)
        months.report(officer, "small", MARCH, department, known.now, now=NOW)


def closed(house: Installation) -> None:
    reported(house)
    move(house, *STEPS[:4], day=1)
    move(house, STEPS[4], day=20)


def test_without_a_workflow_it_is_stated_by_name(house: Installation) -> None:
    assert asked(house, STATED) == STATED
    assert refusal(house, BARE) == ["P010"] * 4
    assert asked(house, Imprint()) == Imprint()


def test_a_report_alone_is_no_workflow(house: Installation) -> None:
    reported(house)
    assert asked(house, STATED) == STATED


@pytest.mark.parametrize("steps", [STEPS[:count] for count in range(1, 5)])
def test_no_month_is_final_before_the_workflow_closed_it(house: Installation, steps: tuple[Step, ...]) -> None:
    move(house, *steps)
    assert refusal(house, STATED) == ["P012"]
    assert refusal(house, STATED, period="2020-02") == ["P012"]
    assert refusal(house, STATED, period="2020") == ["P012"]
    assert refusal(house, STATED, period="", through="2020-03") == ["P012"] * 3


def test_a_closed_month_takes_its_signature_from_whoever_asks_until_it_is_published(house: Installation) -> None:
    closed(house)
    assert asked(house, STATED) == STATED
    assert refusal(house, BARE) == ["P010"] * 3
    move(house, Step.PUBLISHED, day=21)
    told = asked(house, BARE)
    assert (told.number, told.signer, told.date) == ("示例街发〔2020〕3号", "示例书记", date(2020, 4, 21))
    assert told.office
    assert refusal(house, STATED) == ["P013", "P013"]


def test_a_final_document_is_of_the_moment_of_its_closing(house: Installation) -> None:
    closed(house)
    assert refusal(house, STATED, known=datetime(2020, 3, 31)) == ["P014"]  # noqa: DTZ001


def test_a_month_that_was_opened_again_is_no_more_final(house: Installation) -> None:
    closed(house)
    move(house, Step.PUBLISHED, Step.REOPENED, day=21)
    assert refusal(house, BARE) == ["P012"]
