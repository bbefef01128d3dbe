"""The words of a selection's fields and conditions, as its tables show them."""

from __future__ import annotations

from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.methods.verdicts import Wording
from appraisal.model.criteria import Choose, CriterionSpec, Holds, Is, Least, Mean, Share
from appraisal.model.eligibility import Eligibility
from appraisal.model.exact import show
from appraisal.model.fields import ApplicationField, Choice, Choices, Figure, YesNo
from appraisal.model.ruling import Screening
from appraisal.model.standing import Standing


def unit_of(field: ApplicationField) -> str:
    """Return the unit of a figure; nothing for other fields."""
    if not isinstance(field, Figure):
        return ""
    return "%" if field.kind == "rate" else field.unit


def options_of(field: ApplicationField) -> str:
    """Return what a field of words takes."""
    if isinstance(field, (Choice, Choices)):
        return " | ".join(option.name for option in field.options)
    return "是 | 否" if isinstance(field, YesNo) else ""


def bounds_of(field: ApplicationField) -> str:
    """Return the bounds of a figure."""
    if not isinstance(field, Figure):
        return ""
    found = [(mark, bound) for mark, bound in (("≥", field.least), ("≤", field.most)) if bound is not None]
    return " ".join(f"{mark} {_number(field, bound)}" for mark, bound in found)


def _number(field: ApplicationField, value: Fraction) -> str:
    rate = isinstance(field, Figure) and field.kind == "rate"
    return f"{show(value * 100)}%" if rate else show(value)


def evidence_of(rulebook: Eligibility, field: ApplicationField) -> str:
    """Return the evidence that the document asks for."""
    return "、".join(rulebook.evidence_by_id[name].name for name in field.evidence)


def demand(rulebook: Eligibility, criterion: CriterionSpec, lang: Lang) -> str:
    """Return what a condition demands: its form, and its field beside its threshold."""
    wording = Wording(rulebook)
    method = str(getattr(criterion, "method", ""))
    words = text(f"criterion_{method}", lang)
    told = _told(rulebook, criterion, wording)
    whom = _whom(criterion)
    if criterion.only_if is not None:
        asked = wording.input_name(criterion.only_if.field)
        wanted = "、".join({"yes": "是", "no": "否"}.get(w, w) for w in criterion.only_if.one_of)
        told = f"{told}  {text('criterion_only_if', lang, field=asked, words=wanted)}"
    return "  ".join(filter(None, (words, told, whom)))


def _whom(criterion: CriterionSpec) -> str:
    return f"[{', '.join(criterion.options)}]" if criterion.options else ""


def _told(rulebook: Eligibility, criterion: CriterionSpec, wording: Wording) -> str:
    if isinstance(criterion, (Holds, Choose)):
        return wording.input_name(criterion.field)
    if isinstance(criterion, Is):
        return f"{wording.input_name(criterion.field)} = {wording.value(criterion.field, ';'.join(criterion.one_of))}"
    if isinstance(criterion, Share):
        return f"{wording.input_name(criterion.part)} / {wording.input_name(criterion.whole)} {_least(criterion, '%')}"
    if isinstance(criterion, (Least, Mean)):
        years = f" {criterion.years[0]}—{criterion.years[-1]}" if isinstance(criterion, Mean) else ""
        unit = unit_of(rulebook.field_by_id[criterion.field])
        return f"{wording.input_name(criterion.field)}{years} {_least(criterion, unit)}"
    return ""


def _least(criterion: Least | Mean | Share, unit: str) -> str:
    mark = "≥" if criterion.inclusive else ">"
    return f"{mark} {show(criterion.least * 100)}%" if unit == "%" else f"{mark} {show(criterion.least)}{unit}"


def screening_of(standing: Standing) -> Screening | None:
    """Return how a unit was screened; None for one of another family."""
    return standing.exhibits if isinstance(standing.exhibits, Screening) else None
