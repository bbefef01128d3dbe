"""What comes out of a questionnaire: figures and their reasons, warnings, JSON, explanation, the log in the past."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from api.main import main
from appraisal.errors import text
from appraisal.model.fuels import Amount, standard_coal
from appraisal.model.standing import Outcome, State
from appraisal.office.office import Office
from appraisal.reading.events import read_events
from appraisal.store.log import open_log
from questionnaire.answering import LOWEST, QUIZ, SAMPLE, assessed, book, edition, events_of, file_of, the_answers
from reports.explainer import Explainer
from reports.explanation import explanation_json, explanation_tree
from reports.json import assessment_json
from reports.looks import look_of
from reports.tree import Node


def words(node: Node) -> str:
    return "\n".join([node.words, *(words(child) for child in node.children)])


def test_the_energy_of_the_document_s_example() -> None:
    """310 × 1.229 + 1.5 × 1.286 = 380.99 + 1.929 = 382.919."""
    fuels = book().fuel_by_name
    power, gas = Amount("电力", Fraction(310), "万千瓦时"), Amount("高炉煤气", Fraction(3, 2), "万立方米")
    assert standard_coal(fuels, [power, gas]) == Fraction("382.919")
    heat = Amount("热力", Fraction(10), "百万千焦")
    assert standard_coal(fuels, [power], transformed=[heat]) == Fraction("380.649")  # 380.99 − 0.341
    assert standard_coal(fuels, [power], transformed=[heat], recovered=[heat]) == Fraction("380.308")
    with pytest.raises(KeyError):
        standard_coal(fuels, [Amount("煤", Fraction(1), "吨")])
    with pytest.raises(ValueError, match="万千瓦时"):
        standard_coal(fuels, [Amount("电力", Fraction(1), "千瓦时")])


def test_a_derived_answer_says_how_it_came_about(tmp_path: Path) -> None:
    events = events_of(tmp_path, {"equipment": "100", "equipment_digital": "35"})
    (standing,) = assessed(events).standings
    (entry,) = next(i for i in standing.items if i.id == "Q2").entries
    assert text(entry.reason.code, "zh", **entry.reason.args) == (
        "35÷100=35%，为第3项“(20%,40%]”（自报）：50分 × 6% = 3分"
    )
    assert set(entry.events) == {"示例甲/equipment", "示例甲/equipment_digital"}


def test_figures_verified_in_part_are_taken_together_with_declared_ones(tmp_path: Path) -> None:
    """35 of 100 declared; the 100 turn out to be 50: 70 % and still a declared answer until the 35 are verified too."""
    declared = events_of(tmp_path, {"equipment": "100", "equipment_digital": "35"})
    total = events_of(tmp_path, {"equipment": "50"}, source="核验")
    part = events_of(tmp_path, {"equipment_digital": "10"}, source="核验")
    (standing,) = assessed([*declared, *total]).standings
    (entry,) = next(i for i in standing.items if i.id == "Q2").entries
    assert (entry.points, entry.reason.args["source"]) == (6, "@answer_declared")
    found = assessed([*declared, *total, *part])
    entry, *_ = next(i for i in found.standings[0].items if i.id == "Q2").entries
    assert (entry.points, entry.reason.args["source"]) == (Fraction("1.5"), "@answer_verified")  # 10 ÷ 50 = 20 %


def test_an_answer_that_does_not_hold_stands_beside_the_one_that_does(tmp_path: Path) -> None:
    found = assessed([*events_of(tmp_path, {"Q5": "5"}), *events_of(tmp_path, {"Q5": "3"}, source="核验")])
    holds, other = next(i for i in found.standings[0].items if i.id == "Q5").entries
    assert (holds.points, holds.events) == (5, ("示例甲/Q5/verified",))
    assert (other.points, other.events) == (0, ("示例甲/Q5",))
    assert text(other.reason.code, "zh", **other.reason.args) == "选第5项“全覆盖”（自报）：没有采用"


def test_a_figure_that_cannot_be_used_leaves_the_question_open(tmp_path: Path) -> None:
    """Rows of two files, each sound by itself: together they say 130 of 100."""
    rows = [*events_of(tmp_path, {"equipment": "100"}), *events_of(tmp_path, {"equipment_digital": "130"})]
    found = assessed(rows)
    item = next(i for i in found.standings[0].items if i.id == "Q2")
    assert (item.state, item.score, item.reasons[0].code) == (State.PENDING, 0, "Q322")
    warning = next(w for w in found.warnings if w.say.args.get("question") == "Q2")
    assert warning.code == "Q201"
    assert set(warning.events) == {"示例甲/equipment", "示例甲/equipment_digital"}
    answered = assessed([*rows, *events_of(tmp_path, {"Q2": "3"})])
    assert next(i for i in answered.standings[0].items if i.id == "Q2").score == 3
    assert "Q203" in {w.code for w in answered.warnings}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_warning_reads_as_a_sentence(tmp_path: Path, lang: str) -> None:
    answers = {**LOWEST, "Q2": "1", "equipment": "10", "equipment_digital": "9", "S1": "1;3"}
    del answers["Q9"], answers["S16"]
    verified = events_of(tmp_path, {"Q5": "2", "S2": "1"}, source="verified")
    half = {"investment_1": "5"}
    found = assessed([*events_of(tmp_path, {**answers, **half}), *verified])
    codes = {w.code for w in found.warnings}
    assert codes == {"Q201", "Q202", "Q203", "Q204", "Q205", "Q206"}
    for warning in found.warnings:
        told = text(warning.say.code, "en" if lang == "en" else "zh", **warning.say.args)
        assert "示例甲" in told
        assert "{" not in told
        assert "@" not in told


def test_json_has_gates_with_numbers_and_what_is_missing() -> None:
    document = assessment_json(assessed(read_events([SAMPLE], edition())))
    first = document["standings"][0]
    assert (first["rank"], first["grade"], first["missing"]) == (1, "四级", None)
    assert [gate["level"] for gate in first["gates"]] == ["一级", "二级", "三级", "四级"]
    assert all(gate["met"] for gate in first["gates"])
    third = next(s for s in document["standings"] if s["grade"] == "三级")
    condition = third["gates"][3]["conditions"][0]
    assert (condition["figure"], condition["threshold"], condition["met"]) == (third["total"], "80", False)
    assert condition["figure_exact"] == third["total_exact"]
    assert third["missing"]["level"] == "四级"
    assert all(step["sentences"] and step["clauses"] for step in third["missing"]["changes"])
    assert json.loads(json.dumps(document)) == document


def test_the_explanation_cites_the_document() -> None:
    events = read_events([SAMPLE], edition())
    found = assessed(events)
    by_id = {event.id: event for event in events}
    cited = {sentence.whole for sentence in book().sentences()}
    for standing in found.standings:
        about = Explainer(assessment=found, standing=standing, edition=edition(), events=by_id, lang="zh")
        told = words(explanation_tree(about))
        assert book().question_by_id["Q1"].text in told
        assert "“≥ 80 分”" in told
        way = the_answers(standing).way
        for step in way.changes if way else ():
            assert set(step.sentences) <= cited
            assert all(sentence in told for sentence in step.sentences)
        document = explanation_json(about)
        assert all(verdict["sentence"] for verdict in document["verdicts"])
        assert all(entry["sentence"] for item in document["items"] for entry in item["entries"])
    one = words(explanation_tree(about, "Q1"))
    assert "Q2" not in one
    assert "S1 产品设计" in words(explanation_tree(about, "S1"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_of_the_rulebook_can_be_shown(lang: str) -> None:
    language = "en" if lang == "en" else "zh"
    look = look_of(book())
    whole = look.rulebook(edition(), language)
    assert len(whole.tables) == 3 + 1 + 4 + 1 + 1
    for part in book().parts():
        sheet = look.part(edition(), part, language)
        assert any(row[1] for row in sheet.tables[0].rows), part


def test_a_scenario_is_shown_with_its_torn_sentences_whole_and_its_alternatives() -> None:
    """The sentence of level three of S6 is torn by a page break of the table, lines 84 and 86."""
    rows = look_of(book()).part(edition(), "S6", "zh").tables[0].rows
    (third,) = [value for label, value in rows if label == "3"]
    assert "信息化系统与其他系统（如生产计划、质量或设备等）的协同" in str(third)
    quality = look_of(book()).part(edition(), "S7", "zh").tables[0].rows
    assert sum(1 for label, _ in quality if label.endswith("之一")) == 4


def test_the_log_answers_as_of_a_past_moment(tmp_path: Path) -> None:
    """The first file is taken in on the first day, an answer verified on the second: each day has its standing."""
    first, second = datetime(2026, 11, 1, 9), datetime(2026, 11, 2, 9)  # noqa: DTZ001  naive by contract
    path = file_of(tmp_path, [("示例甲", part, answer, "") for part, answer in {**LOWEST, "Q5": "5"}.items()])
    span = edition().rulebook.default_span()
    with open_log(f"sqlite:///{tmp_path / 'log.db'}") as log:
        office = Office.of(log, "示例", make=True)
        office.import_files([path], rulebook="sme-digital-2024", now=first)
        again = office.import_files([path], rulebook="sme-digital-2024", now=second)
        assert (again.result.appended, again.result.ignored) == (0, 31)
        more = file_of(tmp_path, [("示例甲", "Q5", "3", "核验")])
        office.import_files([more], rulebook="sme-digital-2024", now=second)
        totals = [office.assess(span, known=at).standings[0].total for at in (first, second)]
        assert totals == [10, 5]
        assert office.assess(span, known=datetime(2026, 10, 1)).standings == ()  # noqa: DTZ001
        assert office.verify() == ()


def test_a_correction_counters_the_first_answer(tmp_path: Path) -> None:
    rows = [("a1", "示例甲", "Q5", "5", ""), ("a2", "示例甲", "Q5", "3", "a1"), ("a3", "", "", "", "a2")]
    head = "id,subject,question,answer,counters"
    events = read_events([file_of(tmp_path, rows[:2], head)], edition())
    assert assessed(events).standings[0].total == 5
    withdrawn = read_events([file_of(tmp_path, rows, head)], edition())
    assert assessed(withdrawn).standings[0].total == 10  # the correction is withdrawn, so the first holds again
    assert {one.event: one.reason for one in assessed(withdrawn).not_counted} == {"a2": "countered"}


def test_a_row_without_dates_belongs_to_the_rulebook_s_own_year(tmp_path: Path) -> None:
    (event,) = events_of(tmp_path, {"Q5": "5"})
    assert (event.id, str(event.period), event.date) == ("示例甲/Q5", "2024", date(2024, 9, 4))
    rows = [("示例甲", "Q5", "5", "", "2025")]
    (later,) = read_events([file_of(tmp_path, rows, "subject,question,answer,source,period")], edition())
    assert (later.id, str(later.period), later.date) == ("示例甲/Q5@2025", "2025", date(2025, 1, 1))
    (dated,) = read_events([file_of(tmp_path, [("示例甲", "Q5", "5", "2026-03-01")], "企业,题号,答案,日期")], edition())
    assert (str(dated.period), dated.date) == ("2026", date(2026, 3, 1))


@pytest.mark.parametrize(("suffix", "encoding"), [(".csv", "utf-8-sig"), (".csv", "gb18030"), (".jsonl", "utf-8")])
def test_the_same_answers_in_every_form_of_file(tmp_path: Path, suffix: str, encoding: str) -> None:
    plain = read_events([SAMPLE], edition())
    path = tmp_path / f"answers{suffix}"
    lines = SAMPLE.read_text(encoding="utf-8")
    if suffix == ".jsonl":
        head, *rows = [line.split(",") for line in lines.splitlines()]
        lines = "\n".join(json.dumps(dict(zip(head, row, strict=True)), ensure_ascii=False) for row in rows)
    path.write_text(lines, encoding=encoding)
    assert read_events([path], edition()) == plain


def test_unfinished_firms_are_told_with_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "sme-digital-2024", str(SAMPLE), "--format", "json"]) == 0
    out, told = capsys.readouterr()
    assert json.loads(out)["provisional"] is True
    assert "Q017  示例初晨玩具有限公司还没有回答：Q10、Q13、S16。" in told
    log = ["--db", str(tmp_path / "log.db"), "--rulebook", "sme-digital-2024"]
    assert main(["log", "import", str(SAMPLE), *log]) == 0
    assert "Q017  示例初晨玩具有限公司还没有回答：Q10、Q13、S16。" in capsys.readouterr().err
    assert main(["explain", "sme-digital-2024", str(SAMPLE), "--subject", "示例初晨"]) == 2
    assert "示例初晨玩具有限公司" in capsys.readouterr().err
    assert main(["explain", "sme-digital-2024", str(SAMPLE), "--subject", "示例九里五金有限公司", "--item", "Q77"]) == 2
    assert main(["rulebook", "show", "sme-digital-2024", "--clause", "Q99"]) == 2


def test_a_small_questionnaire_of_one_s_own_runs_as_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By hand: Q1 one of two 50 × 30 % = 15, Q2 6 ÷ 10 in band two 100 × 30 % = 30, Q3 down 100 × 40 % = 40."""
    answers = [("示例甲", "Q1", "2"), ("示例甲", "devices_total", "10"), ("示例甲", "digital", "6")]
    answers += [("示例甲", "cost_1", "9"), ("示例甲", "cost_2", "10"), ("示例甲", "S1", "1;2"), ("示例甲", "S2", "1")]
    path = file_of(tmp_path, answers, "subject,question,answer")
    assert main(["score", str(QUIZ), str(path), "--format", "json"]) == 0
    (standing,) = json.loads(capsys.readouterr().out)["standings"]
    assert (standing["total"], standing["grade"], standing["provisional"]) == ("85", "一级", False)
    assert [(s["id"], s["to"]) for s in standing["missing"]["changes"]] == [("S2", "2")]
    assert [v["outcome"] for v in standing["verdicts"]] == [*[Outcome.MET] * 4, Outcome.NOT_MET, Outcome.MET]
