"""Rows of answer files: what every family's file shares, and what only events from elsewhere can hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter

from appraisal.assess import assess
from appraisal.errors import InternalError, RefusedError
from appraisal.families import FAMILIES as METHODS
from appraisal.families import family_of
from appraisal.methods.next_level import way_to
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.families import FAMILIES
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Standing, State
from appraisal.reading import questionnaire_rows
from appraisal.reading.desks import DESKS
from appraisal.reading.events import read_events
from appraisal.reading.rulebook import check_rulebook
from appraisal.tally.ranks import places
from questionnaire.answering import QUIZ, book, edition, file_of
from reports.looks import LOOKS

HEAD = "编号,日期,所属期,企业,题号,答案,来源,状态,记录时间,冲销,备注"


def codes(
    folder: Path, *rows: str, head: str = HEAD, roster: tuple[Subject, ...] | None = None
) -> list[tuple[str, int]]:
    path = folder / "rows.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    try:
        read_events([path], edition(), roster=roster)
    except RefusedError as refused:
        return [(f.code, f.place.line if f.place else 0) for f in refused.findings if f.severity == "error"]
    return []


def test_every_family_stands_behind_every_door() -> None:
    assert set(FAMILIES) == set(METHODS) == set(DESKS) == set(LOOKS)
    assert all(family_of(name) for name in FAMILIES)
    with pytest.raises(InternalError):
        _ = edition().scorecard


def test_a_family_that_there_is_not_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "rulebook.yaml"
    path.write_text(QUIZ.read_text(encoding="utf-8").replace("family: questionnaire", "family: quiz"), encoding="utf-8")
    (found,) = check_rulebook(path)
    assert found.code == "R026"
    assert found.args["words"] == ", ".join(FAMILIES)


def test_unknown_parameters_are_told_with_the_nearest_of_their_own_method(tmp_path: Path) -> None:
    text = QUIZ.read_text(encoding="utf-8").replace("scores: [0, 50, 100]", "scors: [0, 50, 100]")
    text = text.replace("method: band", "method: bands")
    path = tmp_path / "rulebook.yaml"
    path.write_text(text, encoding="utf-8")
    found = {f.code: f for f in check_rulebook(path)}
    assert {"R020", "R022"} <= set(found)
    assert "scores" in found["R020"].args["near"]
    assert "band" in found["R022"].args["near"]


def test_a_patch_names_any_part_by_its_id(tmp_path: Path) -> None:
    reading = """
readings:
  - id: R01
    of: [Q3]
    question: 示例
    stated: 示例
    why: 示例
    alternatives:
      - {id: other, text: 示例, patch: [{parts: [Q33], set: {tolerance: 1%}}]}
passages:"""
    path = tmp_path / "rulebook.yaml"
    path.write_text(QUIZ.read_text(encoding="utf-8").replace("\npassages:", reading), encoding="utf-8")
    (tmp_path / "source.txt").write_text(QUIZ.with_name("source.txt").read_text(encoding="utf-8"), encoding="utf-8")
    (found,) = check_rulebook(path)
    assert (found.code, found.args["name"]) == ("R062", "Q33")
    assert "Q3" in found.args["near"]


def test_what_every_row_shares_is_checked(tmp_path: Path) -> None:
    found = codes(
        tmp_path,
        ",2019-01-01,,示例甲,Q1,2,,,,,",
        ",,2019,示例甲,Q2,2,,,,,",
        ",昨天,,示例甲,Q3,2,,,,,",
        ",,,示例甲,Q4,2,,也许,,,",
        ",,,示例甲,Q5,2,,,昨天,,",
        "a,,,示例甲,Q6,2,,,,a,",
        ",,,示例甲,,,,,,b,",
        "c,,,示例甲,,,,,,nobody,",
        f",,,示例甲,Q7,2,,,,,{'长' * 10_001}",
    )
    assert found == [
        ("E043", 2),
        ("E047", 3),
        ("E040", 4),
        ("E070", 5),
        ("E048", 6),
        ("E073", 7),
        ("E030", 8),
        ("E072", 9),
        ("E029", 10),
    ]


def test_columns_that_are_missing_or_unknown_are_told(tmp_path: Path) -> None:
    assert codes(tmp_path, "示例甲,2", head="企业,答案") == [("E022", 1)]
    assert codes(tmp_path, "示例甲,Q1,2,x", head="企业,题号,答案,意见") == [("E020", 1)]
    assert codes(tmp_path, "示例甲,Q1,2,x", head="企业,题号,答案,x_意见") == []


def test_an_office_with_a_roster_knows_its_firms(tmp_path: Path) -> None:
    roster = (Subject(id="jia", name="示例甲", aliases=("甲厂",)),)
    assert codes(tmp_path, ",,,示例乙,Q1,2,,,,,", roster=roster) == [("E032", 2)]
    path = file_of(tmp_path, [("甲厂", "Q5", "5", "")])
    (event,) = read_events([path], edition(), roster=roster)
    assert (event.subject, event.id) == ("jia", "jia/Q5")


def test_the_same_row_twice_is_once_and_its_steps_keep_it_from_counting(tmp_path: Path) -> None:
    rows = [("示例甲", "Q5", "5", "", ""), ("示例甲", "Q5", "5", "", ""), ("示例甲", "Q6", "2", "", "declared")]
    events = read_events([file_of(tmp_path, rows, "subject,question,answer,source,status")], edition())
    found = assess(edition(), events, book().default_span())
    assert len(events) == 2
    assert [(one.event, one.reason) for one in found.not_counted] == [("示例甲/Q6", "declared")]


def test_a_spreadsheet_with_numbers_as_numbers_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    sheet, percent = workbook.add_worksheet("填报"), workbook.add_format({"num_format": "0%"})
    sheet.write(0, 0, "示例：填报表")
    cells = [("Q5", 3, None), ("Q2", 0.35, percent), ("Q1", "2;3", None), ("S1", "1；2", None), ("staff_1", 60, None)]
    sheet.write_row(2, 0, ["企业", "题号", "答案"])
    for row, (part, answer, look) in enumerate(cells, start=3):
        sheet.write_row(row, 0, ["示例甲", part])
        sheet.write(row, 2, answer, look)
    workbook.close()
    told = {event.clause: event.value or event.facts["answer"] for event in read_events([path], edition())}
    assert told == {"Q5": "3", "Q2": Fraction(7, 20), "Q1": "2;3", "S1": "1;2", "staff_1": 60}


def test_a_scenario_left_empty_in_the_form_is_not_filled_in_and_a_question_left_empty_is_refused(
    tmp_path: Path,
) -> None:
    rows = [("示例甲", "Q5", "5", ""), ("示例甲", "S1", "", ""), ("示例甲", "S2", "0", "")]
    events = read_events([file_of(tmp_path, rows)], edition())
    assert [event.clause for event in events] == ["Q5", "S2"]
    assert codes(tmp_path, ",,,示例甲,Q5,,,,,,", ",,,示例甲,,5,,,,,", ",,,,Q5,5,,,,,") == [
        ("Q018", n) for n in (2, 3, 4)
    ]


def test_an_answer_is_numbers_and_nothing_else(tmp_path: Path) -> None:
    rows = [",,,示例甲,Q5,说不清,,,,,", ",,,示例甲,Q6,2和3,,,,,", ",,,示例甲,Q7,0,,,,,", ",,,示例甲,S1,一级,,,,,"]
    assert codes(tmp_path, *rows) == [("Q004", 2), ("Q004", 3), ("Q004", 4), ("Q012", 5)]


def test_what_is_remembered_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(f"示例{n}", f"Q{n % 3 + 5}", str(n % 2 + 2), "") for n in range(30)]
    path = file_of(tmp_path, rows)
    whole = read_events([path], edition())
    monkeypatch.setattr(questionnaire_rows, "REMEMBERED", 1)
    assert read_events([path], edition()) == whole


def test_a_rate_is_read_with_its_percent_sign_or_as_a_fraction_and_nothing_else(tmp_path: Path) -> None:
    assert codes(tmp_path, ",,,示例甲,Q2,-1%,,,,,", ",,,示例甲,Q3,3.5.1%,,,,,", ",,,示例甲,Q11,35.5,,,,,") == [
        ("Q006", 2),
        ("E054", 3),
        ("E055", 4),
    ]
    path = file_of(tmp_path, [("示例甲", "Q2", "2.0", ""), ("示例甲", "Q3", "0.2", "")])
    whole, rate = read_events([path], edition())
    assert (whole.facts["answer"], rate.value) == ("2", Fraction(1, 5))


# What no file of this rulebook holds, but a log may


def logged(part: str, **facts: str | Fraction) -> Event:
    told = {"source": "declared", **facts}
    return Event(id=part, date=date(2024, 9, 4), subject="示例甲", clause=part, kind="answer", facts=told)


def standing(*events: Event, of: Edition | None = None) -> Standing:
    (found,) = assess(of or edition(), events, book().default_span()).standings
    return found


def test_a_rate_that_another_reading_took_is_no_answer_under_this_one() -> None:
    row = logged("Q2", value=Fraction(13, 10))
    assert next(i for i in standing(row).items if i.id == "Q2").state is State.PENDING
    last = standing(row, of=edition(("R04", "last")))
    assert next(i for i in last.items if i.id == "Q2").score == 6


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Q2", {"equipment": 0, "equipment_digital": 0}),
        ("Q14", {"revenue_1": 5, "staff_1": 0, "revenue_2": 5, "staff_2": 1}),
    ],
)
def test_nothing_is_divided_by_nothing(question: str, rows: dict[str, int]) -> None:
    found = standing(*(logged(part, value=Fraction(number)) for part, number in rows.items()))
    item = next(i for i in found.items if i.id == question)
    assert (item.state, item.reasons[0].code) == (State.PENDING, "Q323")


def test_there_may_be_no_way_to_a_level() -> None:
    """A gate that asks for more points than there are has no way."""
    small = book()
    gate = small.gates[0].model_copy(update={"score": Fraction(101)})
    assert way_to(small, gate, {}, (), Fraction(0), {}) is None
    assert isinstance(small, Questionnaire)


def test_an_event_about_no_question_may_come_as_often_as_it_likes() -> None:
    assert book().once(replace(logged("Q1"), clause="")) is None


def test_ranks_of_nobody() -> None:
    assert places([]) == []
    keys = [
        (Fraction(1), Fraction(3)),
        (Fraction(2), Fraction(1)),
        (Fraction(1), Fraction(3)),
        (Fraction(1), Fraction(1)),
    ]
    assert places(keys) == [2, 1, 2, 4]
    assert places(keys, dense=True) == [2, 1, 2, 3]
    assert places(keys, [False, True, False, False]) == [1, 4, 1, 3]
