"""What the commands without a database do alike: find the rulebook, read the files, assess."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.faults import UsageFaultError, nearest
from api.language import lang
from api.options import asked_day, asked_known, asked_readings, asked_span

if TYPE_CHECKING:
    from appraisal.errors import Finding
    from appraisal.model.edition import Edition
    from appraisal.model.event import Event
    from appraisal.model.rulebook import Subject
    from appraisal.model.standing import Assessment, Standing


@dataclass(frozen=True, kw_only=True)
class Run:
    """One pure run: what was read, events by their ids, and what came of it."""

    edition: Edition
    events: dict[str, Event]
    assessment: Assessment


def rulebook_ids() -> list[str]:
    """Return the ids of the rulebooks that come with the product."""
    from appraisal.reading.rulebook import shipped_rulebooks  # noqa: PLC0415

    return list(shipped_rulebooks())


def rulebook_path(id_or_path: str) -> Path:
    """Return the file of a rulebook that is named by id or by path."""
    from appraisal.reading.rulebook import find_rulebook  # noqa: PLC0415

    path = Path(id_or_path)
    if path.suffix.lower() in {".yaml", ".yml"} or path.is_file():
        if not path.is_file():
            raise UsageFaultError("C030", path=id_or_path)
        return path
    if path.is_dir() and (path / "rulebook.yaml").is_file():
        return path / "rulebook.yaml"
    if id_or_path not in rulebook_ids():
        raise UsageFaultError("C031", id=id_or_path, near=nearest(id_or_path, rulebook_ids()))
    return find_rulebook(id_or_path)


def load_edition(id_or_path: str, readings: Mapping[str, str] | None = None) -> Edition:
    """Read a rulebook with the readings chosen for this run."""
    from appraisal.reading.rulebook import read_rulebook  # noqa: PLC0415

    path = rulebook_path(id_or_path)
    chosen = dict(readings or {})
    if chosen:
        known = {r.id: r for r in read_rulebook(path).rulebook.readings}
        for reading, alternative in chosen.items():
            if reading not in known:
                raise UsageFaultError("C032", reading=reading, near=nearest(reading, known))
            words = ["stated", *(a.id for a in known[reading].alternatives)]
            if alternative not in words:
                raise UsageFaultError("C033", reading=reading, alternative=alternative, near=", ".join(words))
    return read_rulebook(path, readings=chosen)


def checked_file(path: Path) -> Path:
    """Return the path of a file; a folder, or nothing at all, is wrong usage."""
    if not path.is_file():
        raise UsageFaultError("C038" if path.is_dir() else "C034", path=str(path))
    return path


def load_events(paths: Sequence[Path], edition: Edition) -> tuple[Event, ...]:
    """Read the event files and put the raw incidents under clauses; a file that is not there is wrong usage."""
    from api.output import tell  # noqa: PLC0415
    from appraisal.inference.engine import classify, unclassified  # noqa: PLC0415
    from appraisal.reading.events import read_events  # noqa: PLC0415

    for path in paths:
        checked_file(path)
    advice: list[Finding] = []
    events = read_events(list(paths), edition, advice=advice)
    for odd in advice:
        tell(odd.render(lang()))
    incidents = unclassified(events)
    if not incidents:
        return tuple(events)
    classified = classify(edition, incidents)
    for _, finding in classified.quarantined:
        tell(finding.render(lang()))
    return (*events, *classified.events)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a pure run is asked for, in the words of the command line."""

    rulebook: str
    inputs: Sequence[Path]
    period: str = ""
    through: str = ""
    known: str = ""
    day: str = ""
    reading: Sequence[str] = ()


def assessed_files(order: Order, check: Callable[[Edition], None] | None = None) -> Run:
    """Assess the events of some files; `check` may refuse the order before they are read."""
    moment, until, readings = asked_known(order.known), asked_day(order.day), asked_readings(order.reading)
    edition = load_edition(order.rulebook, readings)
    span = asked_span(edition.rulebook, order.period, order.through)
    if check is not None:
        check(edition)
    events = load_events(order.inputs, edition)
    if not (order.period or order.through):
        span = edition.rulebook.usual_span(events)
    from appraisal.assess import assess  # noqa: PLC0415

    assessment = assess(edition, events, span, known=moment, day=until)
    return Run(edition=edition, events={event.id: event for event in events}, assessment=assessment)


def checked_names(edition: Edition, subject: str, item: str) -> None:
    """Refuse as wrong usage a subject that the roster does not have, unless it is open, and an unknown item."""
    items = list(dict.fromkeys(edition.rulebook.explained()))
    if item and item not in items:
        raise UsageFaultError("C037", word=item, near=nearest(item, items))
    if edition.roster:
        _known(subject, edition.roster)


def _known(word: str, roster: Sequence[Subject]) -> str:
    for known in roster:
        if word in {known.id, known.name, *known.aliases}:
            return known.id
    raise UsageFaultError("C035", word=word, near=nearest(word, [s.name for s in roster]))


def the_standing(assessment: Assessment, edition: Edition, word: str) -> Standing:
    """Return the standing of the subject that a name, alias or id names; an unknown one is wrong usage."""
    from appraisal.model.rulebook import Subject  # noqa: PLC0415

    judged = [Subject.model_construct(id=s.subject, name=s.name) for s in assessment.standings]
    subject = _known(word, edition.roster or judged)
    found = {s.subject: s for s in assessment.standings}
    if subject not in found:
        raise UsageFaultError("C035", word=word, near=nearest(word, [s.name for s in assessment.standings]))
    return found[subject]
