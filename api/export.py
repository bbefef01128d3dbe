"""What exports are made from: the log's answer for a span, the period before it, and the months up to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from api.logbook import checked_rulebook
from api.options import asked_span
from appraisal.assess import assess
from appraisal.errors import Lang
from appraisal.model.codec import decode
from appraisal.model.edition import Edition
from appraisal.model.periods import Period, Span, SpanKind
from appraisal.model.roles import Actor
from appraisal.model.rulebook import Rulebook
from appraisal.model.standing import Assessment
from appraisal.model.steps import Step
from appraisal.office.installation import Installation
from appraisal.office.months import Month, month
from appraisal.office.office import Office
from appraisal.office.workflow import Case, case_of
from appraisal.store.closings import Closing
from reports.bundle.making import Bundle, make
from reports.bundle.sources import from_closing, from_office
from reports.catalogue import Wish
from reports.document import Progress, silent
from reports.material import Imprint, Material
from reports.sets import Part


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which result is asked for, as of when, in which language."""

    rulebook: str
    period: str
    through: str
    known: datetime | None
    day: date | None
    lang: Lang


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a result is taken from: the log of an office, what is asked, and how official a span's documents are.

    `assessed` gives results that are at hand; without it they are assessed anew.
    """

    house: Installation
    office: Office
    asked: Asked
    imprint: Callable[[Span], Imprint]
    assessed: Callable[[Span], Assessment] | None = None


def gathered(
    house: Installation, office: Office, asked: Asked, imprint: Imprint, progress: Progress = silent
) -> Material:
    """Return the result asked for with what documents say beside it; a final one as it was closed, where it was."""
    source = Source(house=house, office=office, asked=asked, imprint=lambda _: imprint)
    return gathered_all(source, progress, months=False)[-1]


def gathered_all(source: Source, progress: Progress = silent, *, months: bool) -> list[Material]:
    """Return the result asked for, with `months` after the months up to it, each assessed once."""
    office, asked = source.office, source.asked
    name, span = span_of(office, asked)
    adoption, edition = office.edition(span, name)
    events = {event.id: event for event in office.events(span, adoption)}
    spans = span_and_months(span, edition, asked.day)
    imprints = {one: source.imprint(one) for one in spans}

    def assessed(one: Span) -> Assessment:
        kept = _closing(source.house, office, asked, name, one, final=imprints[one].final)
        if kept:
            return decode(kept.document)
        if source.assessed is not None:
            return source.assessed(one)
        return assess(edition, events.values(), one, known=asked.known, day=asked.day, roster=adoption.roster)

    found: dict[Span, Assessment] = {}
    for number, one in enumerate(spans):
        progress("assessing", number, len(spans))
        found[one] = assessed(one)
    progress("assessing", len(spans), len(spans))
    own = edition.rulebook.source.publisher if edition.rulebook.family == "scorecard" else ""
    return [
        Material(
            edition=edition,
            assessment=found[one],
            events=events,
            lang=asked.lang,
            imprint=_sealed(source, one, imprints[one], own),
            before=found.get(Span.month(one.year, one.number - 1)) if one.kind is SpanKind.MONTH else None,
            stages=tuple(found[m] for m in spans if m.kind is SpanKind.MONTH and m.months[-1] <= one.months[-1]),
        )
        for one in (spans if months else [span])
    ]


def span_of(office: Office, asked: Asked) -> tuple[str, Span]:
    """Return the rulebook and the span that are asked for."""
    name = office.adopted(checked_rulebook(office, asked.rulebook)).rulebook
    return name, asked_span(office.log.edition(office.adopted(name)).rulebook, asked.period, asked.through)


def _sealed(source: Source, span: Span, imprint: Imprint, publisher: str) -> Imprint:
    """Return an imprint with the seal of the bundle of the same result, and who issues it.

    An office that appraises by its own document issues it; a ministry's document is used by others.
    """
    asked = replace(source.asked, period=str(span), through="")
    seal = bundled(source.house, source.office, asked, final=imprint.final).seal
    return replace(imprint, seal=seal, office=imprint.office or publisher)


def imprint_of(at: Month | None, office: str, publisher: str = "") -> Imprint:
    """Return how official the documents of a period are by the log: final once it was published, by whom and when."""
    line = at.since(Step.PUBLISHED) if at and at.closed else None
    if line is None:
        return Imprint(office=office)
    signer, number = (str(line.facts.get(name, "")) for name in ("signer", "number"))
    return Imprint(final=True, office=publisher or office, signer=signer, number=number, date=line.known_at.date())


def _closing(
    house: Installation, office: Office, asked: Asked, name: str, span: Span, *, final: bool
) -> Closing | None:
    """Return what was closed for a span, where a final document of it is asked for without another moment."""
    if not final or asked.known is not None:
        return None
    return house.closings.latest(office.id, name, str(span))


def without_outcome(office: Office, material: Material, case: Case | None) -> Material:
    """Return the material with the result as it was without the last ruling or decision of a case."""
    if case is None:
        return material
    taken = [line.id for step, line in case.steps if step in {Step.RULED, Step.DECIDED}]
    steps = [line.id for _, line in case.steps]
    gone = set(steps[steps.index(taken[-1]) :]) if taken else set()
    left = [event for event in material.events.values() if event.id not in gone]
    found = material.assessment
    adoption, edition = office.edition(found.span, found.rulebook)
    known, day = found.known, found.day
    return replace(material, without=assess(edition, left, found.span, known=known, day=day, roster=adoption.roster))


def case_of_entry(office: Office, event: str) -> Case | None:
    """Return an entry of the office's log with the steps that followed it; None where none is named."""
    if not event:
        return None
    line = office.log.line(office.id, event)
    return case_of(line.event, office.log.related(office.id, [event]))


def month_of(house: Installation, office: Office, material: Material) -> tuple[Month | None, Closing | None]:
    """Return how the period of a result came to be final, and its closing; nothing for a span without stages."""
    span, name = material.assessment.span, material.edition.rulebook.id
    at = stages_of(house, office, span, material.edition.rulebook)
    return (at, house.closings.latest(office.id, name, str(span))) if at else (None, None)


def stages_of(house: Installation, office: Office, span: Span, rulebook: Rulebook) -> Month | None:
    """Return the stages of a month or year; None for a span that has none."""
    if span.kind not in {SpanKind.MONTH, SpanKind.YEAR} or rulebook.family != "scorecard":
        return None
    desk = house.desk(office.id, Actor(id=""))
    return month(desk, rulebook.id, Period(span.year, span.number if span.kind is SpanKind.MONTH else 0))


def parts_of(house: Installation, office: Office, made: Sequence[Material], wish: Wish) -> list[Part]:
    """Return what files of several periods are made from; the last period's lie on top, the others' in folders."""
    parts = []
    for material in made:
        stages, closing = month_of(house, office, material)
        folder = "" if material is made[-1] else str(material.assessment.span)
        parts.append(Part(folder=folder, material=material, wish=replace(wish, month=stages, closing=closing)))
    return parts


def bundled(house: Installation, office: Office, asked: Asked, *, final: bool) -> Bundle:
    """Return the bundle of the same result: its seal stands on the documents."""
    name, span = span_of(office, asked)
    closing = _closing(house, office, asked, name, span, final=final)
    if closing is not None:
        return make(from_closing(office, closing, lang=asked.lang))
    state = "final" if final else "draft"
    return make(
        from_office(office, span, rulebook=name, known=asked.known, day=asked.day, state=state, lang=asked.lang)
    )


def span_and_months(span: Span, edition: Edition, day: date | None) -> list[Span]:
    """Return the months up to a span that the rulebook was in force in and that have begun, the span itself last."""
    last = span.number if span.kind in {SpanKind.MONTH, SpanKind.THROUGH} else span.months[-1]
    rulebook = edition.rulebook
    if rulebook.family != "scorecard":
        return [span]
    found = [Span.month(span.year, month) for month in range(1, last + 1)]
    first, end = rulebook.valid_from, min(rulebook.valid_to, day or date.max)
    begun = [m for m in found if first <= date(m.year, m.number, 28) and date(m.year, m.number, 1) <= end]
    return [*(m for m in begun if m != span), span]
