"""The selection: routes to join, each with its conditions, judged three-valued for every unit that applies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from appraisal.methods.applications import Application, read_application
from appraisal.methods.criteria import Judge, all_of
from appraisal.methods.family import Judged, Judgement, Sitting
from appraisal.methods.verdicts import Wording
from appraisal.model.criteria import Least
from appraisal.model.eligibility import Eligibility, Route
from appraisal.model.exact import show
from appraisal.model.fields import Choices, Figure
from appraisal.model.rulebook import Subject
from appraisal.model.ruling import RouteTaken, Ruling, Screening, Truth
from appraisal.model.standing import Say, Warn

_ORDER = {Truth.MET: Fraction(2), Truth.UNKNOWN: Fraction(1), Truth.NOT_MET: Fraction(0)}


class EligibilityFamily:
    """Judges the applications of a selection."""

    def judge(self, sitting: Sitting) -> Judged:
        """Judge every unit: its grade, its conditions, and what it still has to supply."""
        rulebook = sitting.edition.as_a(Eligibility)
        by_subject = sitting.by_subject()
        wording = Wording(rulebook)
        judgements: list[Judgement] = []
        warnings: list[Warn] = []
        for subject in sitting.roster:
            application = read_application(rulebook, by_subject[subject.id])
            found = screen(rulebook, application, wording)
            judgements.append(_judgement(subject, found, wording))
            warnings += _warnings(rulebook, subject, application, wording)
        return Judged(judgements=judgements, warnings=tuple(warnings))


@dataclass(frozen=True, kw_only=True)
class Screened:
    """What came of one application."""

    truth: Truth
    grade: str
    screening: Screening


def screen(rulebook: Eligibility, application: Application, wording: Wording) -> Screened:
    """Judge one application by every route that it takes; the first route that is met counts."""
    judge = Judge(application.answers, units(rulebook))
    rulings = {criterion.id: judge.judge(criterion) for criterion in rulebook.criteria}
    routes = [_route(rulebook, route, rulings, application) for route in rulebook.routes]
    claimed = [found for taken, found in routes if taken.claimed]
    whole = _any_route(claimed)
    met = next(
        (route for route, (taken, found) in zip(rulebook.routes, routes, strict=True) if _is_met(taken, found)), None
    )
    grade = met.grade if met else rulebook.grades.unknown if whole is Truth.UNKNOWN else rulebook.grades.not_met
    still_open = [found.missing for found in claimed if whole is Truth.UNKNOWN and found.truth is Truth.UNKNOWN]
    missing = min(still_open, key=len, default=())  # one route is enough: the one that lacks least
    shown = [met] if met else [r for r, (taken, _) in zip(rulebook.routes, routes, strict=True) if taken.claimed]
    needed = {name for route in shown for name in route.needs}
    screening = Screening(
        routes=tuple(taken for taken, _ in routes),
        rulings=tuple(ruling for name, ruling in rulings.items() if name in needed),
        needed=tuple(wording.needed(name) for name in missing),
        taken=met.id if met else "",
        chosen=application.word(rulebook.chooser),
    )
    return Screened(truth=whole, grade=grade, screening=screening)


def units(rulebook: Eligibility) -> Mapping[str, str]:
    """Return the unit of each figure; a rate has %."""
    return {f.id: "%" if f.kind == "rate" else f.unit for f in rulebook.fields if isinstance(f, Figure)}


def _route(
    rulebook: Eligibility, route: Route, rulings: Mapping[str, Ruling], application: Application
) -> tuple[RouteTaken, Ruling]:
    found = all_of(route.id, [rulings[name] for name in route.needs])
    claimed = not route.claimed_by or _claims(rulebook, route.claimed_by, application)
    return RouteTaken(route=route.id, truth=found.truth, claimed=claimed), found


def _claims(rulebook: Eligibility, field: str, application: Application) -> bool:
    """Say whether a unit fills a field in with more than that it has none of it."""
    answer = application.answers.get(field)
    spec = rulebook.field_by_id[field]
    none = {spec.none} if isinstance(spec, Choices) else set()
    return answer is not None and answer.value != frozenset(none)


def _is_met(taken: RouteTaken, found: Ruling) -> bool:
    return taken.claimed and found.truth is Truth.MET


def _any_route(found: Sequence[Ruling]) -> Truth:
    truths = {ruling.truth for ruling in found}
    return Truth.MET if Truth.MET in truths else Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.NOT_MET


def _judgement(subject: Subject, found: Screened, wording: Wording) -> Judgement:
    return Judgement(
        subject=subject,
        total=Fraction(0),
        grade=found.grade,
        verdicts=tuple(v for ruling in found.screening.rulings for v in wording.verdicts(ruling)),
        exhibits=found.screening,
        provisional=found.truth is Truth.UNKNOWN,
        order=(_ORDER[found.truth],),
    )


def _warnings(rulebook: Eligibility, subject: Subject, application: Application, wording: Wording) -> Iterator[Warn]:
    """Yield what people must look at: other values verified, years missing, too little written up."""
    name = subject.name
    for field, answer in sorted(application.answers.items()):
        if answer.overruled is not None:
            told = {"subject": name, "field": wording.input_name(field)}
            told |= {"declared": wording.value(field, answer.overruled), "verified": wording.value(field, answer.value)}
            events = (*answer.overruled_events, *answer.events)
            yield Warn(code="Y501", say=Say("Y501", told), events=events, subject=subject.id)
    for field, missing in application.partial:
        given = [n for n in rulebook.field_by_id[field].inputs() if n in application.answers]
        events = tuple(event for n in given for event in application.answers[n].events)
        lacks = "、".join(wording.input_name(n) for n in missing)
        told = {"subject": name, "field": rulebook.field_by_id[field].name, "missing": lacks}
        yield Warn(code="Y502", say=Say("Y502", told), events=events, subject=subject.id)
    yield from _minima(rulebook, subject, application, wording)


def _minima(rulebook: Eligibility, subject: Subject, application: Application, wording: Wording) -> Iterator[Warn]:
    """Yield where an application writes up too little, and where a form asks less than the condition does."""
    for minimum in rulebook.minima:
        if application.word(rulebook.chooser) not in minimum.options:
            continue
        told = {"subject": subject.name, "minimum": minimum.id, "least": show(minimum.least), "text": minimum.text}
        written = application.answers.get(minimum.field)
        if written is not None and isinstance(written.value, Fraction) and written.value < minimum.least:
            say = Say("Y503", {**told, "field": wording.input_name(minimum.field), "figure": show(written.value)})
            yield Warn(code="Y503", say=say, events=written.events, subject=subject.id)
        beside = rulebook.criterion_by_id.get(minimum.beside)
        if isinstance(beside, Least):
            had = application.answers.get(beside.field)
            low, high = sorted((minimum.least, beside.least))
            if had is not None and isinstance(had.value, Fraction) and low <= had.value < high:
                more = {"figure": show(had.value), "condition": beside.id, "threshold": show(beside.least)}
                more |= {"field": wording.input_name(beside.field), "readings": _readings(rulebook, beside.id)}
                say = Say("Y504", {**told, **more})
                yield Warn(code="Y504", say=say, events=had.events, subject=subject.id)


def _readings(rulebook: Eligibility, part: str) -> str:
    return "、".join(reading.id for reading in rulebook.readings if part in reading.of)
