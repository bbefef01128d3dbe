"""An entry that was looked at while its month was open does not come in behind the step that cut the month off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from office_making import NOW, OFFICE, at, codes
from office_scenarios import MARCH, declare, log, move

from appraisal.errors import RefusedError
from appraisal.model.roles import Role
from appraisal.model.steps import Step
from appraisal.office import closing, imports, months
from appraisal.office.installation import Installation

TABLE = "编号,日期,社区,条款,备注\ni1,2020-03-09,s1,CG-A1,示例\n".encode()


def take(house: Installation) -> None:
    imports.take(at(house, Role.OFFICER), "small", TABLE, "rows.csv", now=NOW)


@pytest.fixture(params=[log, take, declare], ids=["logged", "imported", "declared"])
def enter(request: pytest.FixtureRequest) -> Callable[[Installation], object]:
    return request.param


@pytest.fixture
def meanwhile(house: Installation, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let steps be made just after the next look whether a month is open."""

    def then(*steps: Step) -> None:
        look, left = months.require_open, list(steps)

        def looked(*told: object, **more: object) -> tuple[str, ...]:
            found = look(*told, **more)  # type: ignore[arg-type]
            move(house, *left)
            left.clear()
            return found

        monkeypatch.setattr(months, "require_open", looked)

    return then


@pytest.mark.parametrize("served", [True, False], ids=["by the writer", "alone"])
def test_nothing_comes_in_behind_the_step(
    house: Installation, enter: Callable[[Installation], object], meanwhile: Callable[..., None], *, served: bool
) -> None:
    if served:
        house.serve()
    meanwhile(Step.CUT_OFF)
    with pytest.raises(RefusedError) as refused:
        enter(house)
    assert codes(refused) == ["L017"]
    with pytest.raises(RefusedError) as refused:
        enter(house)
    assert codes(refused) == ["O030"]
    assert {line.event.kind for line in house.log.lines(OFFICE)} == {Step.CUT_OFF}


def test_a_month_that_was_opened_again_takes_entries_until_the_next_step(
    house: Installation, meanwhile: Callable[..., None]
) -> None:
    house.serve()
    move(house, Step.CUT_OFF)
    group = at(house, Role.GROUP)
    on = months.month(group, "small", MARCH).last
    closing.move(group, "small", MARCH, Step.REOPENED, on=on, now=NOW, reason="示例：漏报")
    log(house)
    meanwhile(Step.CUT_OFF)
    with pytest.raises(RefusedError) as refused:
        log(house, id="e-later", date="2020-03-16")
    assert codes(refused) == ["L017"]
