"""Many offices through the same function give what each gives alone, and twelve cells what each month gives."""

from __future__ import annotations

import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from appraisal.errors import InternalError, text
from appraisal.grid import compute
from appraisal.methods.columns import Columns, Roster, encode
from appraisal.methods.plan import compile_plan
from appraisal.methods.views import View
from appraisal.model.periods import Span
from appraisal.reading.rulebook import find_rulebook, read_rulebook

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

from oracle_time import office_events

EDITION = read_rulebook(find_rulebook("houjiatang-2020"))
OFFICES, SIZE = 3, 12
COLUMNS = [field.name for field in fields(Columns) if field.name not in {"digits", "events", "matters"}]


def of_office(seed: int, digits: int | None = None) -> Columns:
    plan = compile_plan(EDITION, digits)
    return encode(office_events(EDITION, 700, seed), plan.words, Roster.one(EDITION.roster))


def together(parts: list[Columns]) -> Columns:
    """Put offices side by side, the way a city's batch does: subjects and matters of their own, rows mixed."""
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS}
    sizes = [len(part) for part in parts]
    office = np.repeat(np.arange(len(parts)), sizes)
    columns["subject"] = columns["subject"] + office * SIZE
    mixed = np.random.default_rng(1).permutation(len(office))
    return replace(parts[0], **{name: column[mixed] for name, column in columns.items()}, events=())


@pytest.mark.parametrize("view", [View.months(2020), View.one(Span.whole(2020)), View.one(Span.through(2020, 6))])
def test_offices_together_are_as_each_alone(view: View) -> None:
    parts = [of_office(seed) for seed in range(OFFICES)]
    assert len({part.digits for part in parts}) == 1
    plan = compile_plan(EDITION, parts[0].digits)
    city = compute(plan, together(parts), Roster.many([EDITION.roster] * OFFICES), view)
    for number, part in enumerate(parts):
        alone = compute(plan, part, Roster.one(EDITION.roster), view)
        mine = slice(number * SIZE * view.cells, (number + 1) * SIZE * view.cells)
        assert (city.tally.total[mine] == alone.tally.total).all()
        assert (city.tally.rank[mine] == alone.tally.rank).all()
        assert (city.tally.score[:, mine] == alone.tally.score).all()
        assert (city.sheet.state[:, mine] == alone.sheet.state).all()


def test_twelve_cells_are_the_twelve_months() -> None:
    part, roster = of_office(9), Roster.one(EDITION.roster)
    plan = compile_plan(EDITION, part.digits)
    year = compute(plan, part, roster, View.months(2020))
    for month in range(1, 13):
        alone = compute(plan, part, roster, View.one(Span.month(2020, month)))
        assert (year.tally.total[month - 1 :: 12] == alone.tally.total).all()
        assert (year.tally.rank[month - 1 :: 12] == alone.tally.rank).all()


def test_a_message_that_does_not_exist_is_a_defect() -> None:
    with pytest.raises(InternalError):
        text("S000")
