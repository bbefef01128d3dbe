"""A rulebook in force for part of a year judges the duties of those months only."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from appraisal.assess import assess
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.periods import Period, Span
from appraisal.model.standing import Standing, State
from appraisal.reading.rulebook import read_rulebook

BOOK = """
format: 1
id: part-year
family: scorecard
name: 示例
valid_from: 2026-05-10
valid_to: 2026-10-31
source: {file: source.txt, title: 示例}
points: 20
subjects: [{id: one, name: 示例单位}]
departments:
  - id: 示例办
    points: 20
    items:
      - id: A
        name: 交账
        points: 10
        clauses:
          - {id: A-1, line: 1, method: deadline, due: {months_after: 1, day: 15}, deduct: 0.1, text: 每月15日前。}
          - {id: A-2, line: 2, method: quota, every: month, required: 1, deduct_each: 1, text: 每月一次。}
      - id: B
        name: 合格率
        points: 10
        clauses:
          - {id: B-1, line: 3, method: gap, frequency: month, required: true, target: 95%, step: 1%, deduct: 1,
             text: 每低一个百分点扣1分。}
"""


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    (tmp_path / "source.txt").write_text("每月15日前。\n每月一次。\n每低一个百分点扣1分。\n", encoding="utf-8")
    path = tmp_path / "rulebook.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return read_rulebook(path)


def year(edition: Edition, months: range) -> Standing:
    """Return the year's standing with a good rate in each of these months, and nothing else."""
    rates = [
        Event(
            id=f"e{month}",
            date=date(2026, month, 20),
            subject="one",
            clause="B-1",
            period=Period(2026, month),
            facts={"value": Fraction(1)},
        )
        for month in months
    ]
    return assess(edition, rates, Span.whole(2026)).standings[0]


def test_months_without_a_day_in_force_are_not_due(edition: Edition) -> None:
    items = {item.id: item for item in year(edition, range(5, 11)).items}
    # May, of which a part is in force, through October: six months, each 0.1 for the accounts and 1 for the duty
    assert items["A"].score == Fraction(10) - 6 * Fraction("0.1") - 6
    assert items["B"].state is State.ASSESSED


@pytest.mark.parametrize("months", [range(6, 11), range(5, 10)], ids=["first", "last"])
def test_the_first_and_the_last_month_in_force_are_due(edition: Edition, months: range) -> None:
    items = {item.id: item for item in year(edition, months).items}
    assert items["B"].state is State.PENDING
