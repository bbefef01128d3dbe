"""The documents that there are, by name, and how each is written: what the command and the web offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from appraisal.errors import Finding, RefusedError
from appraisal.office.months import Month
from appraisal.office.workflow import Case
from appraisal.reading.nearest import nearest
from appraisal.store.closings import Closing
from reports.csv import csv_text
from reports.document import Document, Progress, silent
from reports.documents.closing import closing_document
from reports.documents.department import department_document
from reports.documents.levels import levels_document
from reports.documents.notice import notice
from reports.documents.others import recommendation_document, report_document
from reports.documents.ruling import decision_document, ruling_document
from reports.documents.subject import subject_document
from reports.documents.workbook import workbook
from reports.json import assessment_json, dumps, receipt_json, standing_json
from reports.ledger import ledger_table
from reports.looks import look_of
from reports.material import Material
from reports.sheet import Table
from reports.standings import ranked


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which document is wanted: its name, and of which subject or department by id; empty is all of them.

    `case` is the entry that a ruling or decision is about, `month` and `closing` how the period came to be final.
    """

    document: str = ""
    subject: str = ""
    department: str = ""
    case: Case | None = None
    month: Month | None = None
    closing: Closing | None = None
    template: bytes | None = None
    template_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of document; `families` names those that it is for, empty is every one."""

    make: Callable[[Material, Wish], Document]
    families: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file's content, and the characters in it that no font of this machine has."""

    data: bytes
    missing: str = ""


DOCUMENTS: Mapping[str, Kind] = MappingProxyType(
    {
        "workbook": Kind(make=lambda material, _: workbook(material)),
        "notice": Kind(make=lambda material, _: notice(material), families=("scorecard", "questionnaire")),
        "subject": Kind(make=lambda material, wish: subject_document(material, wish.subject)),
        "department": Kind(
            make=lambda material, wish: department_document(material, wish.department), families=("scorecard",)
        ),
        "levels": Kind(
            make=lambda material, wish: levels_document(material, wish.subject), families=("questionnaire",)
        ),
        "report": Kind(make=lambda material, wish: report_document(material, wish.subject), families=("survey",)),
        "recommendation": Kind(make=lambda material, _: recommendation_document(material), families=("eligibility",)),
        "closing": Kind(
            make=lambda material, wish: closing_document(material, wish.month, wish.closing), families=("scorecard",)
        ),
        "ruling": Kind(make=lambda material, wish: ruling_document(material, wish.case), families=("scorecard",)),
        "decision": Kind(make=lambda material, wish: decision_document(material, wish.case), families=("scorecard",)),
    }
)
_LETTERS: Mapping[str, str] = MappingProxyType(
    {"scorecard": "notice", "questionnaire": "levels", "survey": "report", "eligibility": "recommendation"}
)


def default_document(material: Material, form: str) -> str:
    """Return which document a format means where none is named."""
    return _LETTERS[material.edition.rulebook.family] if form in {"docx", "pdf"} else "workbook"


def offered(material: Material) -> tuple[str, ...]:
    """Return the names of the documents that there are for a rulebook of this family."""
    family = material.edition.rulebook.family
    return tuple(name for name, kind in DOCUMENTS.items() if not kind.families or family in kind.families)


def document_of(material: Material, wish: Wish) -> Document:
    """Return a document by its name; RefusedError P034 where there is none of this name for this rulebook."""
    names = offered(material)
    if wish.document not in names:
        args = {"document": wish.document, "near": nearest(wish.document, names)}
        raise RefusedError([Finding(code="P034", args=args)])
    return DOCUMENTS[wish.document].make(material, wish)


def exported(material: Material, wish: Wish, form: str, progress: Progress = silent) -> Exported:
    """Return a document in a format (xlsx, docx, pdf, csv, json); what `progress` raises ends the work."""
    if not wish.document:
        wish = replace(wish, document=default_document(material, form))
    lang = material.lang
    if form == "json":
        return Exported(data=_json(material, wish).encode())
    if form == "csv":
        return Exported(data=csv_text(_table(material, wish)).encode())
    document = document_of(material, wish)
    if form == "xlsx":
        from reports.xlsx import xlsx  # noqa: PLC0415  each writer loads its own library

        return Exported(data=xlsx(document, lang, progress))
    if form == "docx":
        from reports.docx import docx  # noqa: PLC0415

        return Exported(data=docx(document, lang, progress, template=wish.template, name=wish.template_name))
    from reports.pdf import pdf  # noqa: PLC0415

    made = pdf(document, lang, progress)
    return Exported(data=made.data, missing=made.missing)


def _json(material: Material, wish: Wish) -> str:
    assessment, lang = material.assessment, material.lang
    if not wish.subject:
        return dumps(assessment_json(assessment, lang))
    told = standing_json(material.standing(wish.subject), lang)
    if not material.ranked:
        told = {key: value for key, value in told.items() if key not in {"rank", "rank_without_veto"}}
    return dumps({**receipt_json(assessment), **told})


def _table(material: Material, wish: Wish) -> Table:
    """Return the one table that a document's CSV holds: the ranking, or the entries of subjects or a department."""
    if wish.document in {"workbook", "notice"} and not wish.subject:
        look = look_of(material.edition.rulebook)
        return look.results(material.assessment, material.edition, material.lang, items=True)
    found = [material.standing(wish.subject)] if wish.subject else ranked(material.assessment)
    items = None
    if wish.department:
        departments = material.edition.scorecard.departments
        items = frozenset(item.id for d in departments if d.id == wish.department for item in d.items)
    return ledger_table(found, material, items=items)
