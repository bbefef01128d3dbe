"""What the cases of a selection must exercise, which of it a case does, and where the headings of its source stand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.model.criteria import Choose, CriterionSpec, Least, Mean, Share
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.fields import Choice, Figure
from appraisal.model.ruling import Ruling, Screening, Truth
from appraisal.model.standing import Assessment
from appraisal.reading.yaml_places import PathTo

_TRUTHS = (Truth.MET, Truth.NOT_MET, Truth.UNKNOWN)
_NEAR = {"whole": Fraction(1), "number": Fraction(1), "rate": Fraction(1, 100)}


def headings(rulebook: Eligibility) -> Iterator[tuple[str, str]]:
    """Yield conditions, forms and lists with the lines on which their numbers, titles and labels stand."""
    for criterion in rulebook.criterion_by_id.values():
        if criterion.head is not None:
            yield criterion.id, criterion.head
    for form in rulebook.forms:
        if form.lines is not None:
            yield form.id, form.lines
        for section in form.sections:
            if section.lines is not None:
                yield f"{form.id} {section.title}", section.lines
            yield from ((f"{form.id} {e.label}", e.lines) for e in section.entries if e.lines is not None)
    if rulebook.summary is not None:
        if rulebook.summary.head is not None:
            yield "summary", rulebook.summary.head
        yield from ((f"summary {part.route}", part.head) for part in rulebook.summary.lists if part.head is not None)


def named(rulebook: Eligibility) -> Iterator[tuple[PathTo, str, str]]:
    """Yield titles, labels, hints and evidence with the lines of the source in which they must stand."""
    for n, evidence in enumerate(rulebook.evidence):
        yield ("evidence", n, "name"), str(evidence.line), evidence.name
    for n, form in enumerate(rulebook.forms):
        if form.lines is not None:
            yield ("forms", n, "title"), form.lines, form.title
        for s, section in enumerate(form.sections):
            at: PathTo = ("forms", n, "sections", s)
            if section.lines is not None:
                yield (*at, "title"), section.lines, section.title
                if section.hint:
                    yield (*at, "hint"), section.lines, section.hint
            for e, entry in enumerate(section.entries):
                if entry.lines is not None:
                    yield (*at, "entries", e, "label"), entry.lines, entry.label
    if rulebook.summary is not None and rulebook.summary.head is not None:
        yield ("summary", "title"), rulebook.summary.head, rulebook.summary.title


def targets(rulebook: Eligibility) -> set[str]:
    """Name what cases must exercise.

    Each condition met, not met, unknown and, where it binds only some, not applicable; both sides of each threshold;
    each option that chooses a branch; each grade; each minimum of a form kept and missed.
    """
    found = {f"grade:{grade}" for grade in _grades(rulebook)}
    claims = {route.claimed_by for route in rulebook.routes}
    for criterion in rulebook.criterion_by_id.values():
        if isinstance(criterion, Choose):
            found |= {f"option:{criterion.id}:{option}" for part in criterion.of for option in part.options}
        if criterion.children():
            continue
        # who claims a qualification has said which: that cannot be unknown
        open_too = not set(criterion.fields()) & claims
        found |= {f"criterion:{criterion.id}:{t.value}" for t in _TRUTHS if open_too or t is not Truth.UNKNOWN}
        if criterion.only_if is not None:
            found.add(f"criterion:{criterion.id}:{Truth.NOT_APPLICABLE.value}")
        if isinstance(criterion, (Least, Mean, Share)):
            found |= {f"edge:{criterion.id}:on", f"edge:{criterion.id}:off"}
    for minimum in rulebook.minima:
        found |= {f"minimum:{minimum.id}:kept", f"minimum:{minimum.id}:missed"}
    return found


def _grades(rulebook: Eligibility) -> list[str]:
    return [*(route.grade for route in rulebook.routes), rulebook.grades.not_met, rulebook.grades.unknown]


def exercised(rulebook: Eligibility, events: list[Event], assessment: Assessment) -> set[str]:
    """Return which targets a case reaches."""
    found: set[str] = set()
    for standing in assessment.standings:
        found.add(f"grade:{standing.grade}")
        if isinstance(standing.exhibits, Screening):
            for ruling in standing.exhibits.rulings:
                found |= {target for part in ruling.walk() for target in _of_ruling(rulebook, part)}
    return found | set(_minima(rulebook, events))


def _of_ruling(rulebook: Eligibility, ruling: Ruling) -> Iterator[str]:
    criterion = rulebook.criterion_by_id[ruling.criterion]
    if isinstance(criterion, Choose) and isinstance(ruling.figure, str):
        yield f"option:{criterion.id}:{ruling.figure}"
    if criterion.children():
        return
    yield f"criterion:{criterion.id}:{ruling.truth.value}"
    if isinstance(criterion, (Least, Mean, Share)) and isinstance(ruling.figure, Fraction):
        below = criterion.least - ruling.figure
        if not below:
            yield f"edge:{criterion.id}:on"
        elif 0 < below <= _near(rulebook, criterion):
            yield f"edge:{criterion.id}:off"


def _near(rulebook: Eligibility, criterion: CriterionSpec) -> Fraction:
    """Return how far below a threshold a figure lies just below it."""
    field = rulebook.field_by_id[criterion.fields()[0]]
    if isinstance(criterion, Share) or not isinstance(field, Figure):
        return Fraction(1, 10)
    return _NEAR[field.kind]


def _minima(rulebook: Eligibility, events: list[Event]) -> Iterator[str]:
    """Yield which minimum an application of its domain keeps or misses."""
    chooser = rulebook.field_by_id[rulebook.chooser]
    domains = {
        e.subject: e.facts.get("value") for e in events if isinstance(chooser, Choice) and e.clause == chooser.id
    }
    for minimum in rulebook.minima:
        for event in events:
            value = event.facts.get("value")
            of_it = event.clause == minimum.field and domains.get(event.subject) in minimum.options
            if of_it and isinstance(value, Fraction):
                yield f"minimum:{minimum.id}:{'kept' if value >= minimum.least else 'missed'}"
