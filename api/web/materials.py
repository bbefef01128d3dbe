"""What documents are made from, for the web: the same result that the page shows, with how far it is official."""

from __future__ import annotations

from dataclasses import dataclass

from api.export import Asked, Source, gathered_all
from api.web.found import Found, find
from api.web.showing import shows
from api.web.visit import Visit
from appraisal.errors import Lang
from appraisal.model.event import Event
from appraisal.model.periods import Period, Span, SpanKind
from appraisal.model.standing import Assessment
from appraisal.model.steps import Step, thread
from appraisal.office.installation import Installation
from appraisal.office.months import is_published, root
from appraisal.office.office import Office
from appraisal.office.rights import Action
from reports.bundle.code import Seal
from reports.bundle.making import make
from reports.bundle.sources import from_closing
from reports.material import Imprint, Material


@dataclass(frozen=True, kw_only=True)
class Own:
    """What whoever asks may take away of a result: of one subject, of one department, or of all."""

    subject: str = ""
    department: str = ""
    bound: bool = False


def own_part(visit: Visit, subject: str = "") -> Own:
    """Return what of a result whoever asks may take away, with a wish for one subject; refused where that is none."""
    departments, subjects = visit.bounds(Action.EXPORT)
    department = min(departments, default="") if departments is not None else ""
    if subjects is not None:
        subject = subject or min(subjects, default="")
    elif departments is not None:
        subject = ""
    visit.require(Action.EXPORT, subject=subject, department=department)
    bound = departments is not None or subjects is not None
    return Own(subject=subject, department=department, bound=bound)


def material(house: Installation, office: str, found: Found, lang: Lang) -> Material:
    """Return the material of a result that a page shows: final where it was published, else a draft."""
    return Material(
        edition=found.edition,
        assessment=found.assessment,
        events=found.events,
        lang=lang,
        imprint=_imprint(house, office, found, lang),
    )


def _imprint(house: Installation, office: str, found: Found, lang: Lang) -> Imprint:
    """Return who issues it, and of a published period its number, signer, day and the seal of its bundle."""
    name = house.log.offices().get(office, office)
    line = published(found)
    if line is None:
        return Imprint(office=name)
    told = {key: str(line.facts.get(key, "")) for key in ("number", "signer")}
    day, seal = line.known_at.date(), _seal(house, office, found, lang)
    issuer = found.edition.rulebook.source.publisher or name
    return Imprint(final=True, office=issuer, number=told["number"], signer=told["signer"], date=day, seal=seal)


def published(found: Found) -> Event | None:
    """Return the line that published a result; none for one that is not published as it is shown."""
    span = found.assessment.span
    if not found.closed or span.kind not in {SpanKind.MONTH, SpanKind.YEAR}:
        return None
    period = Period(span.year, span.number if span.kind is SpanKind.MONTH else 0)
    lines = tuple(thread(root(found.assessment.rulebook, period), found.book.after))
    if not is_published(lines):
        return None
    return [line for line in lines if line.kind == Step.PUBLISHED][-1]


def _seal(house: Installation, office: str, found: Found, lang: Lang) -> Seal | None:
    """Return the seal of the bundle of a closing: its code stands on the documents."""
    closing = house.closings.latest(office, found.assessment.rulebook, str(found.assessment.span))
    if closing is None:
        return None
    at = Office(log=house.log, id=office)
    key = ("seal", closing.event, lang)
    return house.memo(office, key, lambda: make(from_closing(at, closing, lang=lang)).seal)


def whole(visit: Visit, rulebook: str, span: Span) -> Material:
    """Return the material of a span with the months up to it and the seal of its bundle; final once it is published."""
    house, office, day = visit.house.installation, visit.office, visit.now.date()
    found = find(house, office.id, rulebook, span, day=day)
    about = material(house, office.id, found, visit.lang)

    def assessed(one: Span) -> Assessment:
        return about.assessment if one == span else find(house, office.id, rulebook, one, day=day).assessment

    asked = Asked(rulebook=rulebook, period=str(span), through="", known=None, day=day, lang=visit.lang)
    source = Source(house=house, office=office, asked=asked, imprint=lambda _: about.imprint, assessed=assessed)
    (made,) = gathered_all(source, months=False)
    spans = [span, *(one.span for one in (*made.stages, *([made.before] if made.before else [])))]
    return made.displayed([str(one) for one in spans if not shows(visit, rulebook, one)])
