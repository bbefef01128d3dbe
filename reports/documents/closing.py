"""The closing protocol (定稿记录): how a month came to be final, on what it stands, and what was closed."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.errors import Finding, RefusedError
from appraisal.model.event import Event
from appraisal.model.steps import Step
from appraisal.office.months import Month
from appraisal.store.closings import Closing
from reports.document import Document
from reports.documents.workbook import ranking
from reports.material import Material
from reports.sheet import Kind, Paper, Section, Sheet, Table
from reports.standings import receipt_line
from reports.wording import column, numbered, span_words


def closing_document(material: Material, month: Month | None, closing: Closing | None) -> Document:
    """Return the protocol of a month or year; RefusedError P042 where the office keeps no stages for it."""
    if month is None:
        raise RefusedError([Finding(code="P042", args={"period": str(material.assessment.span)})])
    span = span_words(material.assessment.span, material.lang)
    title = material.say("closing_title", span=span)
    sections = [Section(title=material.say("closing_course"), body=(_steps(material, month),))]
    if month.reports:
        sections.append(Section(title=material.say("closing_reports"), body=(_reports(material, month),)))
    if month.exceptions:
        sections.append(Section(title=material.say("closing_exceptions"), body=(_exceptions(material, month),)))
    sections.append(Section(title=material.say("closing_result"), body=ranking(material).tables))
    sections.append(Section(title=material.say("closing_ground"), body=(_ground(material, closing),)))
    sections.append(Section(title=material.say("closing_hands"), body=(_hands(material),)))
    sheet = Sheet(
        name=material.say("closing_name"),
        title=title,
        meta=(
            (material.say("meta_state"), material.say(f"stage_{month.stage}")),
            *receipt_line(material.assessment, material.lang),
        ),
        sections=numbered(sections, material.lang),
        paper=Paper(mark="" if month.official else material.say("draft")),
    )
    return Document(name="closing", title=title, sheets=(sheet,), author=material.imprint.office)


def _steps(material: Material, month: Month) -> Table:
    lang = material.lang
    columns = (
        column("when", lang),
        column("step", lang),
        column("who", lang),
        column("reason", lang),
    )
    rows = tuple(
        (
            line.known_at.isoformat(sep=" ", timespec="minutes"),
            material.say(f"step_{line.kind}"),
            _who(material, line),
            line.note,
        )
        for line in month.lines
    )
    return Table(columns=columns, rows=rows, notes=() if rows else (material.say("closing_no_step"),))


def _who(material: Material, line: Event) -> str:
    role = str(line.facts.get("role", ""))
    return material.say(f"role_{role}") if role else ""


def _reports(material: Material, month: Month) -> Table:
    lang = material.lang
    columns = (
        column("department", lang),
        column("reported", lang, kind=Kind.WHOLE),
        column("logged", lang, kind=Kind.WHOLE),
        column("state", lang),
    )
    rows = []
    for report in month.reports.values():
        code = "report_missing" if report.entries is None else "report_holds" if report.stands else "report_differs"
        rows.append((report.department, report.entries, report.now, material.say(code)))
    return Table(columns=columns, rows=tuple(rows))


def _exceptions(material: Material, month: Month) -> Table:
    lang = material.lang
    columns = (column("department", lang), column("until", lang), column("reason", lang), column("state", lang))
    rows = tuple(
        (e.department, e.until.isoformat(), e.line.note, material.say("exception_revoked") if e.revoked else "")
        for e in month.exceptions
    )
    return Table(columns=columns, rows=rows)


def _ground(material: Material, closing: Closing | None) -> Table:
    assessment = material.assessment
    return Table(
        columns=(column("what", material.lang), column("value_of", material.lang)),
        rows=tuple(_facts(material, closing, str(len(material.events)), str(len(assessment.not_counted)))),
    )


def _facts(material: Material, closing: Closing | None, events: str, left_out: str) -> Iterator[tuple[str, str]]:
    yield material.say("closing_rulebook"), material.edition.rulebook.name
    yield material.say("closing_rulebook_hash"), material.assessment.rulebook_hash
    yield material.say("closing_input_hash"), material.assessment.input_hash
    yield material.say("closing_events"), material.say("closing_counts", events=events, not_counted=left_out)
    if closing is not None:
        yield material.say("closing_number"), str(closing.number)
        yield material.say("closing_anchor"), f"{closing.anchor.position}:{closing.anchor.hash}"
        yield material.say("closing_seal"), f"sha256:{closing.sha256}"
    if material.imprint.code:
        yield material.say("meta_code"), material.imprint.code


def _hands(material: Material) -> Table:
    """Return the lines where those who answer for it sign by hand."""
    lang = material.lang
    columns = (column("hand_role", lang), column("hand_name", lang, drop=0), column("hand_day", lang))
    roles = (Step.CUT_OFF, Step.RECHECKED, Step.CLOSED)
    rows = tuple((material.say(f"hand_{role.value}"), "\n", "") for role in roles)
    return Table(columns=columns, rows=rows)
