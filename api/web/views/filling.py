"""Forms of questionnaires, selections and surveys as pages show them, and as the rows of a file that they stand for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from api.web.views.model import View
from appraisal.errors import Finding, Lang, text
from appraisal.methods.applications import Application
from appraisal.methods.verdicts import Wording
from appraisal.model.application import Form
from appraisal.model.eligibility import Eligibility
from appraisal.model.fields import Figure, YesNo
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.survey import Indicator, Survey
from appraisal.reading.questionnaire_rows import SOURCE_WORDS
from reports.application_form import Row, form_blocks

Told = Mapping[str, Sequence[str]]
SEGMENTS = ("branch", "age", "sex", "often")
"""What a respondent says beside the answers, as the skeleton of the questionnaire asks it."""
_YES_NO = ("是", "否")


class Cell(View):
    """A cell to fill in, or what the log knows already; `name` is the input that it gives."""

    name: str
    label: str
    kind: str
    options: tuple[str, ...] = ()
    value: str = ""
    known: str = ""


class Entry(View):
    """A field of an application with its cells: one, one for each year, or one for each option."""

    name: str
    label: str
    unit: str
    hint: str
    cells: tuple[Cell, ...]


class Part(View):
    """A section of an application form; `hint` says what is written on paper only."""

    title: str
    hint: str
    entries: tuple[Entry, ...]


class Ask(View):
    """A question to a respondent, with the answers it takes; without answers a number is written."""

    id: str
    words: str
    low_word: str
    high_word: str
    answers: tuple[str, ...]
    only: str


class Asks(View):
    """The questions about one latent."""

    name: str
    questions: tuple[Ask, ...]


def application(rulebook: Eligibility, form: Form, known: Application, told: Told) -> tuple[Part, ...]:
    """Return an application form with what is known and what was filled in; the unit itself is asked elsewhere."""
    wording = Wording(rulebook)
    parts = []
    for block in form_blocks(rulebook, form):
        rows = [row for row in block.rows if row.input != rulebook.unit]
        entries = tuple(_entries(rows, known, told, wording))
        if entries or block.section.hint:
            parts.append(Part(title=block.section.title, hint=block.section.hint, entries=entries))
    return tuple(parts)


def _entries(rows: Iterable[Row], known: Application, told: Told, wording: Wording) -> Iterator[Entry]:
    for name, found in groupby(rows, key=lambda row: row.field.id):
        group = list(found)
        first = group[0]
        label = first.field.name if len(group) > 1 else first.label
        cells = tuple(_cells(group, known, told, wording))
        yield Entry(name=name, label=label, unit=first.unit, hint=first.hint, cells=cells)


def _cells(rows: Sequence[Row], known: Application, told: Told, wording: Wording) -> Iterator[Cell]:
    seen: dict[str, int] = {}
    for row in rows:
        at = seen.setdefault(row.input, 0)
        seen[row.input] += 1
        answer = known.answers.get(row.input)
        if answer is not None and at:
            continue  # what is known is told once
        values = told.get(row.input, ())
        value = values[at] if at < len(values) else "" if values else row.given
        options = _YES_NO if isinstance(row.field, YesNo) else row.options
        kind = "choice" if options else "number" if isinstance(row.field, Figure) else row.field.kind
        label = row.input.rpartition("_")[2] if row.input != row.field.id else str(at + 1) if len(rows) > 1 else ""
        shown = "" if answer is None else wording.value(row.input, answer.value)
        yield Cell(name=row.input, label=label, kind=kind, options=options, value=value, known=shown)


def asks(survey: Survey, lang: Lang) -> tuple[Asks, ...]:
    """Return the questions to a respondent, latent by latent."""
    return tuple(
        Asks(name=f"{latent.id} {latent.name}", questions=tuple(_ask(survey, one, lang) for one in latent.indicators))
        for latent in survey.asked()
    )


def _ask(survey: Survey, one: Indicator, lang: Lang) -> Ask:
    low, high = survey.bounds(one)
    whole = low.denominator == high.denominator == 1 and not one.percent
    return Ask(
        id=one.id,
        words=one.question or one.name,
        low_word=one.low_word,
        high_word=one.high_word,
        answers=tuple(str(n) for n in range(int(low), int(high) + 1)) if whole else (),
        only=text("survey_if_asked", lang, of=one.asked.of) if one.asked is not None else "",
    )


# As rows of a file

Rows = list[dict[str, str]]


def answer_rows(book: Questionnaire, subject: str, told: Told) -> Rows:
    """Return the answers of a firm, a row a question."""
    parts = (*book.figure_by_id, *book.question_by_id, *book.scenario_by_id)
    source = "".join(told.get("source", ())[:1])
    return [
        {"企业": subject, "题号": name, "答案": ";".join(told[name]), "来源": source}
        for name in parts
        if told.get(name)
    ]


def application_rows(book: Eligibility, subject: str, told: Told) -> Rows:
    """Return the fields of a unit that were filled in, a row a field; its name is one of them."""
    source = "".join(told.get("source", ())[:1])
    names = [name for name in book.field_of if told.get(name)]
    rows = [
        {"单位": subject, "字段": name, "数值": ";".join(dict.fromkeys(told[name])), "来源": source} for name in names
    ]
    return [*rows, {"单位": subject, "字段": book.unit, "数值": subject, "来源": source}] if rows else []


def response_row(survey: Survey, subject: str, told: Told, *, name: str, day: str) -> Rows:
    """Return the answers of one respondent; the segments are those that were said."""
    answers = {one.id: "".join(told.get(one.id, ())[:1]) for one in survey.indicators()}
    said = {text(f"survey_background_{key}", "zh"): told[key][0] for key in SEGMENTS if told.get(key)}
    return [{"编号": name, "日期": day, "企业": subject, **said, **answers}] if any(answers.values()) else []


def source_of(row: Mapping[str, str]) -> str:
    """Return which source a row has, as its event says it."""
    return SOURCE_WORDS.get(row.get("来源", ""), SOURCE_WORDS[""])


def as_csv(rows: Rows) -> bytes:
    """Return rows as a file with a header."""
    made = io.StringIO(newline="")
    writer = csv.DictWriter(made, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: " ".join(value.split()) for key, value in row.items()} for row in rows)
    return made.getvalue().encode()


def beside(findings: Iterable[Finding], rows: Rows, lang: Lang) -> dict[str, list[tuple[str, str]]]:
    """Return what is wrong by the name of the field that it stands beside; what stands beside none under nothing."""
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in findings:
        line = finding.place.line if finding.place else 0
        row = rows[line - 2] if 1 < line <= len(rows) + 1 else {}
        name = row.get("题号") or row.get("字段") or ""
        if row and not name and finding.place and finding.place.column:
            name = list(row)[finding.place.column - 1]
        found.setdefault(name, []).append((finding.what(lang), finding.remedy(lang)))
    return found
