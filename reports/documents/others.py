"""The documents whose sheets the other families make themselves: the report of a survey, the summary of annex 3."""

from __future__ import annotations

from dataclasses import replace

from appraisal.errors import Finding, RefusedError
from appraisal.model.survey_figures import SurveyExhibits
from reports.document import Document
from reports.material import Material
from reports.recommendation import recommend, recommendation_sheet
from reports.sheet import Sheet
from reports.survey_report import Report, survey_report


def report_document(material: Material, subject: str = "") -> Document:
    """Return the report of a survey, of one subject or of all respondents; RefusedError P043 where there are none."""
    assessment = material.assessment
    standing = material.standing(subject) if subject else None
    if standing is None and len(assessment.standings) == 1:
        standing = assessment.standings[0]
    exhibits = standing.exhibits if standing else assessment.exhibits
    if not isinstance(exhibits, SurveyExhibits):
        raise RefusedError([Finding(code="P043", args={"period": str(assessment.span)})])
    told = Report(
        assessment=assessment, edition=material.edition, exhibits=exhibits, lang=material.lang, standing=standing
    )
    sheet = survey_report(told)
    return _of(material, "report", [sheet])


def recommendation_document(material: Material) -> Document:
    """Return the summary with which a city recommends units; RefusedError P044 where the rulebook demands none."""
    found = recommend(material.edition, material.assessment, material.events)
    if found is None:
        raise RefusedError([Finding(code="P044", args={"rulebook": material.edition.rulebook.id})])
    return _of(material, "recommendation", [recommendation_sheet(found, material.imprint.office, material.lang)])


def _of(material: Material, name: str, sheets: list[Sheet]) -> Document:
    mark = material.imprint.mark(material.lang)
    marked = tuple(replace(sheet, paper=replace(sheet.paper, mark=mark)) for sheet in sheets)
    return Document(name=name, title=sheets[0].title, sheets=marked, author=material.imprint.office)
