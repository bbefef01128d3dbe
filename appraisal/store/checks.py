"""What must hold before events are appended: no id with two contents, counters that name a line, one value a period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import ColumnElement, Connection

from appraisal.errors import Finding
from appraisal.model.event import Event
from appraisal.model.ledger import resolve
from appraisal.model.rulebook import Rulebook
from appraisal.model.steps import step_of
from appraisal.store.lines import TEXTS, read, without_private, write
from appraisal.store.lookup import CHUNK, followed, ids, lines_by_id, lines_in, rows_by_id
from appraisal.store.rows import EVENT, LINKED


def fresh(
    connection: Connection, office: str, rulebook: str, events: Iterable[Event]
) -> tuple[dict[str, Event], int, list[Finding]]:
    """Return by id the events that the log does not have, how many it has already, and those that differ."""
    batch: dict[str, Event] = {}
    findings: list[Finding] = []
    seen = 0
    for event in events:
        seen += 1
        if unfit := _unfit(event):
            findings.append(Finding(code="L009", args={"id": repr(event.id)[1:-1], "column": unfit}))
            continue
        first = batch.setdefault(event.id, event)
        if first is not event and (told := _difference(first, event)):
            findings.append(Finding(code="L006", args={"id": event.id, "columns": told}))
    for row in rows_by_id(connection, office, list(batch)):
        event = batch.pop(row.event_id)
        if write(event, rulebook, row.appended_at) == (row.public, row.private):
            continue
        line = read(row.position, row.public, row.private)
        # What was erased cannot be compared: the open part decides.
        told = _difference(line.event, without_private(event) if line.erased else event)
        if line.rulebook != rulebook:
            told = ", ".join(filter(None, ["rulebook", told]))
        if told:
            args = {"id": event.id, "position": str(line.position), "columns": told}
            findings.append(Finding(code="L005", args=args))
    return batch, seen - len(batch), findings


def _unfit(event: Event) -> str:
    """Name the first column that no database can keep: a NUL, or half a character."""
    texts = {name: getattr(event, name) for name in TEXTS} | {"id": event.id, "note": event.note}
    texts |= {key: f"{key}{value}" for key, value in event.facts.items() if isinstance(value, str)}
    if _storable("".join(texts.values())):
        return ""
    return next(name for name, text in texts.items() if not _storable(text))


def _storable(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _difference(one: Event, other: Event) -> str:
    """Name the columns in which two events of one id differ; the rows are the same if there is none."""
    a, b = _flat(one), _flat(other)
    return ", ".join(key for key in sorted(a.keys() | b.keys()) if a.get(key) != b.get(key))


def _flat(event: Event) -> dict[str, object]:
    told = event.content()
    facts = told.pop("facts", {})
    return {**told, **facts} if isinstance(facts, dict) else told


ROOT = "@"
"""How the name begins of what is followed and is no line of its own: a month, a department's month."""


def following(connection: Connection, office: str, batch: Mapping[str, Event]) -> Iterator[Finding]:
    """Find the lines that carry further what is not there, or what another line has carried further already."""
    steps = [e for e in batch.values() if e.follows]
    if not steps:
        return
    wanted = {e.follows for e in steps if not e.follows.startswith(ROOT) and e.follows not in batch}
    have = ids(connection, office, sorted(wanted))
    taken = followed(connection, office, [e.follows for e in steps])
    for event in steps:
        if event.follows in wanted - have or event.follows == event.id:
            yield Finding(code="L016", args={"id": event.id, "target": event.follows})
        other = taken.setdefault(event.follows, event)
        if other is not event:
            yield overtaken(event.follows, other)


def moved_on(connection: Connection, office: str, onto: Iterable[str]) -> list[Finding]:
    """Find what somebody carried further, of what nobody had when it was looked at."""
    names = sorted(onto)
    return [overtaken(name, by) for name, by in sorted(followed(connection, office, names).items())] if names else []


def overtaken(target: str, by: Event) -> Finding:
    """Return what the second of two is told: who carried the line further meanwhile, how and when."""
    step = step_of(by)
    at = by.known_at.isoformat(sep=" ", timespec="minutes")
    role = by.facts.get("role")  # what people know each other by; the id of an account tells them nothing
    told = {"target": target, "by": by.id, "at": at, "actor": f"@role_{role}" if role else by.actor or "-"}
    return Finding(code="L017", args={**told, "kind": step, "step": f"@step_{step}"})


def dangling(connection: Connection, office: str, batch: Mapping[str, Event]) -> Iterator[Finding]:
    """Find the events that counter what neither the log nor the batch has, or themselves."""
    wanted = {e.counters for e in batch.values() if e.counters and e.counters not in batch}
    have = ids(connection, office, sorted(wanted))
    for event in batch.values():
        if event.counters in wanted - have or (event.counters and event.counters == event.id):
            yield Finding(code="L007", args={"id": event.id, "target": event.counters})


def conflicts(connection: Connection, office: str, batch: Mapping[str, Event], rulebook: Rulebook) -> Iterator[Finding]:
    """Find pairs of live events, of which at least one is new, that claim the same single value."""
    scope = _scope(connection, office, batch, rulebook)
    if scope is None:
        return
    c = EVENT.c
    office_s = (c.office_id == office) & (c.rulebook == rulebook.id)  # other rulebooks have their own values
    found = [*lines_in(connection, office_s & scope), *lines_in(connection, office_s & LINKED & (c.counters != ""))]
    events = {line.event.id: line.event for line in found}
    resolved = resolve([*events.values(), *batch.values()], rulebook)
    for one, other in resolved.conflicts:
        old, new = sorted((one, other), key=lambda e: e.id in batch)
        args = {"id": new.id, "other": old.id, "subject": new.subject, "clause": new.clause, "period": str(new.when)}
        yield Finding(code="L008", args=args)


def _scope(
    connection: Connection, office: str, batch: Mapping[str, Event], rulebook: Rulebook
) -> ColumnElement[bool] | None:
    """Return which lines of the log could claim what the batch claims; None where it claims no single value."""
    c = EVENT.c
    single = [event for event in batch.values() if rulebook.once(event) is not None]
    if _revives(connection, office, batch):
        return c.clause != ""
    if not single:
        return None
    touched = {event.clause for event in single}
    scope = c.clause.in_(sorted(touched)) & c.year.in_(sorted({e.when.year for e in batch.values()}))
    subjects = {event.subject for event in single}
    return scope & c.subject.in_(sorted(subjects)) if len(subjects) < CHUNK else scope


def _revives(connection: Connection, office: str, batch: Mapping[str, Event]) -> bool:
    """Say whether the batch counters a counter-event, so that an older value holds again."""
    targets = {e.counters for e in batch.values() if e.counters}
    if any(batch[target].counters for target in targets if target in batch):
        return True
    return any(line.event.counters for line in lines_by_id(connection, office, sorted(targets)))
