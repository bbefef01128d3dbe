"""The explanation of a selection as a tree: each route, its conditions as they nest, what is to be supplied."""

from __future__ import annotations

from collections.abc import Iterable

from appraisal.methods.applications import value_of
from appraisal.methods.verdicts import Wording
from appraisal.model.eligibility import Eligibility
from appraisal.model.event import Event
from appraisal.model.ruling import RouteTaken, Ruling, Truth
from reports.eligibility_words import screening_of
from reports.explainer import Explainer
from reports.rulebooks import concerned
from reports.tree import Node, Role
from reports.wording import apart, said

MARKS = {Truth.MET: "✓", Truth.NOT_MET: "✗", Truth.UNKNOWN: "?", Truth.NOT_APPLICABLE: "–"}


def nodes(about: Explainer, part: str) -> Iterable[Node]:
    """Return the explanation: each route, its conditions as they nest, and what is to be supplied."""
    found = screening_of(about.standing)
    if found is None:
        return
    rulebook = about.edition.as_a(Eligibility)
    told: set[str] = set()
    rulings = {ruling.criterion: ruling for ruling in found.rulings}
    if part and part not in {route.route for route in found.routes}:
        yield from (_ruling(about, r, told) for top in found.rulings for r in top.walk() if r.criterion == part)
        return
    shown: set[str] = set()
    for taken in found.routes:
        if part in {"", taken.route}:
            needs = next(route.needs for route in rulebook.routes if route.id == taken.route)
            yield _route(about, taken, [rulings[n] for n in needs if n in rulings], shown, told)
    if found.missing and not part:
        wording = Wording(rulebook)
        lines = tuple(Node(words=wording.supply(name)) for name in found.missing)
        words = about.say("explain_to_supply", number=str(len(lines)))
        yield Node(words=words, role=Role.CONCLUSION, children=lines)


def _route(about: Explainer, taken: RouteTaken, rulings: list[Ruling], shown: set[str], told: set[str]) -> Node:
    joined = _taken(about)
    idle = not taken.claimed or (joined and joined != taken.route)
    code = "route_not_claimed" if not taken.claimed else "route_not_needed" if idle else f"route_{taken.truth.value}"
    words = about.say(code, route=taken.route, taken=joined)
    if idle:
        return Node(words=words, role=Role.CONCLUSION, children=about.source(taken.route))
    below: list[Node] = []
    for ruling in rulings:
        if ruling.criterion in shown:
            words_above = about.say("ruling_above", id=ruling.criterion, outcome=_outcome(about, ruling))
            below.append(Node(words=f"{MARKS[ruling.truth]} {words_above}"))
        else:
            shown.add(ruling.criterion)
            below.append(_ruling(about, ruling, told))
    readings = _readings(about, taken.route, told)
    return Node(words=words, role=Role.CONCLUSION, children=(*about.source(taken.route), *readings, *below))


def _taken(about: Explainer) -> str:
    found = screening_of(about.standing)
    return found.taken if found is not None else ""


def _outcome(about: Explainer, ruling: Ruling) -> str:
    return about.say(f"outcome_{ruling.truth.value}")


def _ruling(about: Explainer, ruling: Ruling, told: set[str]) -> Node:
    """Return a condition with its arithmetic, its sentence, its events and the conditions inside it."""
    rulebook = about.edition.as_a(Eligibility)
    wording = Wording(rulebook)
    criterion = rulebook.criterion_by_id[ruling.criterion]
    what = said(wording.what(criterion, ruling), about.lang)
    words = f"{MARKS[ruling.truth]} {ruling.criterion}  {_outcome(about, ruling)}  {what}"
    source = about.source(ruling.criterion) if criterion.text else ()
    events = tuple(Node(words=_event(about, name, wording), role=Role.EVENT) for name in ruling.events)
    below: list[Node] = []
    if not ruling.parts and ruling.missing:
        supply = apart((wording.supply(name) for name in ruling.missing), about.lang)
        below.append(Node(words=about.say("explain_supply", what=supply)))
    one_is_met = ruling.truth is Truth.MET and len(ruling.parts) > 1 and _one_is_enough(rulebook, ruling)
    parts = [p for p in ruling.parts if p.truth is Truth.MET] if one_is_met else list(ruling.parts)
    if left := len(ruling.parts) - len(parts):
        below.append(Node(words=about.say("others_not_needed", number=str(left))))
    inner = tuple(_ruling(about, p, told) for p in parts)
    readings = _readings(about, ruling.criterion, told)
    role = Role.ENTRY if ruling.parts else Role.NOTE
    return Node(words=words, role=role, children=(*source, *events, *readings, *below, *inner))


def _one_is_enough(rulebook: Eligibility, ruling: Ruling) -> bool:
    method = getattr(rulebook.criterion_by_id[ruling.criterion], "method", "")
    return method == "any" or (method == "choose" and ruling.figure is None)


def _event(about: Explainer, name: str, wording: Wording) -> str:
    """Return an event as people recognise it: its id, the value that it gives, who says so, and its note."""
    event: Event | None = about.events.get(name)
    if event is None:
        return name
    value = wording.value(event.clause, value_of(event)) if event.clause else ""
    source = about.say("source_verified") if event.facts.get("source") == "verified" else ""
    return "  ".join(filter(None, (event.id, event.date.isoformat(), value, source, event.note)))


def _readings(about: Explainer, part: str, told: set[str]) -> tuple[Node, ...]:
    """Return how a part is read, each reading once in an explanation."""
    found = [reading for reading in concerned(about.edition.rulebook, part) if reading.id not in told]
    told.update(reading.id for reading in found)
    return tuple(map(about.read_as, found))
