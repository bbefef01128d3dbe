"""What the office sends: rulings, decisions, closing protocols; a final document is the month as it was closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from office_making import NOW, at, at_hour, someone
from test_bundle_of_closing import published

from api.export import Asked, bundled, case_of_entry, gathered, month_of, without_outcome
from appraisal.model.periods import Period
from appraisal.model.roles import Role
from appraisal.model.standing import Assessment
from appraisal.office import appeals, claims, entries, months
from appraisal.office.appeals import Outcome
from appraisal.office.claims import Decision
from appraisal.office.installation import Installation
from appraisal.office.office import Office
from appraisal.office.workflow import Case
from reports.bundle.code import Seal
from reports.catalogue import Wish, document_of
from reports.document import Document
from reports.docx import docx
from reports.material import Imprint, Material
from reports.sheet import Section, Table

DEDUCTION = {"date": "2020-03-09", "subject": "s1", "clause": "CG-A2", "note": "示例：被通报一次"}
MARCH = Period(2020, 3)
ASKED = Asked(rulebook="small", period="2020-03", through="", known=None, day=NOW.date(), lang="zh")
FINAL = Imprint(final=True, office="示例街道", number="示例〔2020〕3号", signer="示例签发人", date=date(2020, 4, 2))


def words(document: Document) -> str:
    def of(block: object) -> str:
        if isinstance(block, Section):
            return block.title + "".join(map(of, block.body))
        if isinstance(block, Table):
            return "".join(c.words(cell) for row in block.rows for c, cell in zip(block.columns, row, strict=True))
        return str(block)

    return "".join(of(b) for sheet in document.sheets for b in (*sheet.opening, *sheet.tables, *sheet.sections))


def made(house: Installation, name: str, event: str = "", imprint: Imprint | None = None) -> Document:
    office = Office(log=house.log, id="o")
    material = gathered(house, office, ASKED, imprint or Imprint())
    stages, closing = month_of(house, office, material)
    case = case_of_entry(office, event)
    wish = Wish(document=name, case=case, month=stages, closing=closing)
    return document_of(without_outcome(office, material, case), wish)


def test_a_ruling_says_appeal_answer_outcome_and_where_the_community_stands(house: Installation) -> None:
    event = entries.log(at(house, Role.OFFICER), "small", DEDUCTION, now=NOW).id
    appeals.appeal(at(house, Role.HEAD), event, "示例：不属实", on=event, now=at_hour(10))
    group = at(house, Role.GROUP)
    appeals.answer(at(house, Role.OFFICER), event, "示例：有照片", on=group.case(event).last, now=at_hour(11))
    cells = {"clause": "CG-A1"}
    appeals.rule(
        group, event, Outcome.ADJUSTED, "示例：情节轻微", on=group.case(event).last, now=at_hour(12), cells=cells
    )
    document = made(house, "ruling", event)
    told = words(document)
    order = [
        "一、申诉事项",
        "示例：被通报一次",
        "示例：不属实",
        "二、部门答复",
        "示例：有照片",
        "三、裁定结果",
        "调整原记录",
        "示例：情节轻微",
    ]
    assert [word for word in order if word not in told] == [], told
    places = [told.index(word) for word in order]
    assert places == sorted(places)
    (table,) = [block for section in document.sheets[0].sections for block in section.body if isinstance(block, Table)]
    assert table.rows[0] == ("得分", "9.5", "9.8")  # 10 - 0.5 under CG-A2; 10 - 0.2 under CG-A1
    assert "CG-A1 计 -0.2 分" in told
    assert docx(document, "zh")[:2] == b"PK"


def test_a_protocol_names_reports_that_are_missing(house: Installation) -> None:
    entries.log(at(house, Role.OFFICER), "small", DEDUCTION, now=NOW)
    office = Office(log=house.log, id="o")
    expected = months.month(at(house, Role.GROUP), "small", MARCH).reports
    assert expected
    told = words(made(house, "closing"))
    assert told.count("未报告") == len(expected)
    assert "办法散列" in told
    assert office.log.head("o").hash not in told  # nothing was closed yet


def test_a_final_document_is_the_month_as_it_was_closed(house: Installation) -> None:
    entries.log(at(house, Role.OFFICER), "small", DEDUCTION, now=NOW)
    closing = published(house)
    office = Office(log=house.log, id="o")
    before = gathered(house, office, ASKED, FINAL)
    bundle = bundled(house, office, ASKED, final=True)
    later = DEDUCTION | {"date": "2020-03-18", "note": "示例：定稿后补录"}
    entries.log(at(house, Role.OFFICER), "small", later, now=at_hour(15))
    after = gathered(house, office, ASKED, FINAL)
    assert after.assessment == before.assessment
    assert after.imprint.seal == bundle.seal == Seal(sha256=bundle.seal.sha256)
    assert f"{closing.anchor.position}:{closing.anchor.hash}" in words(made(house, "closing", imprint=FINAL))
    draft = gathered(house, office, ASKED, Imprint())
    assert draft.assessment != before.assessment


def test_a_decision_says_which_body_decided_what_and_what_it_takes(house: Installation) -> None:
    house.log.add_office("h")
    house.office("h").adopt("houjiatang-2020", now=NOW)
    group = house.desk("h", someone(Role.GROUP, office="h"))
    cells = {"date": "2020-03-11", "subject": "ziyuan", "clause": "FM-1", "value": "1", "note": "示例：区通报"}
    event = entries.log(group, "houjiatang-2020", cells, now=NOW).id
    decision = Decision(body="示例党工委", day=date(2020, 3, 12), number="示例〔2020〕1号", files=("a" * 64,))
    claims.decide(group, event, decision, on=event, now=at_hour(10), reason="示例：情况属实")
    office = Office(log=house.log, id="h")
    material = gathered(house, office, replace(ASKED, rulebook="houjiatang-2020"), Imprint())
    case = case_of_entry(office, event)
    told = words(document_of(without_outcome(office, material, case), Wish(document="decision", case=case)))
    assert "示例党工委于2020-03-12作出决定（示例〔2020〕1号）：示例：情况属实。" in told
    assert "FM-1" in told
    before, after = (
        next(s.total for s in a.standings if s.subject == "ziyuan") for a in states(material, office, case)
    )
    assert after == before - 1  # the negative list takes the one point decided


def states(material: Material, office: Office, case: Case | None) -> tuple[Assessment, Assessment]:
    without = without_outcome(office, material, case).without
    assert without is not None
    return without, material.assessment
