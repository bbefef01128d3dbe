"""One subject's standing as a tree: every point back to the clause's sentence, the arithmetic and the event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.rulebook import Reading
from appraisal.model.standing import Assessment, Entry, EntryKind, ItemScore, Standing, Swallowed
from reports.json import entry_json, item_json, number, receipt_json
from reports.standings import in_force, span_words, state_words
from reports.tree import Node, Role
from reports.wording import listed, said


@dataclass(frozen=True, kw_only=True)
class Explainer:
    """What an explanation is made from: the run, one standing in it, and the events by id."""

    assessment: Assessment
    standing: Standing
    edition: Edition
    events: Mapping[str, Event]
    lang: Lang

    def say(self, code: str, **args: str) -> str:
        """Return a message in the reader's language."""
        return text(code, self.lang, **args)


def signed(points: Fraction) -> str:
    """Return points with their sign, as people write gains and losses."""
    return f"+{show(points)}" if points > 0 else show(points).replace("-", "−")


def explanation_tree(about: Explainer, item: str = "") -> Node:
    """Return the tree of a standing, or of one of its items."""
    standing, assessment = about.standing, about.assessment
    number_of = str(len(assessment.standings))
    args = {"total": show(standing.total), "rank": str(standing.rank), "number": number_of}
    head = about.say("explain_head", subject=standing.name, span=span_words(assessment.span, about.lang), **args)
    if standing.rank != standing.rank_without_veto:
        head += about.say("explain_veto", rank=str(standing.rank_without_veto))
    if standing.provisional:
        head += about.say("explain_provisional")
    items = tuple(_item(about, i) for i in standing.items if item in {"", i.id})
    return Node(words=head, role=Role.CONCLUSION, children=items)


def _item(about: Explainer, item: ItemScore) -> Node:
    points = {"score": show(item.score), "points": show(item.points), "base": show(item.base)}
    words = about.say("explain_item", id=item.id, name=item.name, **points)
    state = state_words(item, about.lang)
    moved = [_entry(about, entry) for entry in item.entries]
    sum_words = " ".join([show(item.base), *(_term(e.points) for e in item.entries if e.points)])
    total = [Node(words=f"{sum_words} = {show(item.score)}")] if moved else []
    return Node(words=f"{words}  {state}".rstrip(), role=Role.CONCLUSION, children=(*moved, *total))


def _term(points: Fraction) -> str:
    return f"+ {show(points)}" if points > 0 else f"− {show(-points)}"


def _entry(about: Explainer, entry: Entry) -> Node:
    words = f"{entry.clause}  {signed(entry.points)}  {said(entry.reason, about.lang)}"
    if entry.provisional:
        words += about.say("explain_provisional")
    if entry.counted is not None and entry.counted != entry.points:
        words += about.say("explain_counted", counted=signed(entry.counted))
    below = [*_sentence(about, entry), *_events(about, entry), *_swallowed(about, entry), *_readings(about, entry)]
    return Node(words=words, role=Role.ENTRY, children=tuple(below))


def _source(about: Explainer, entry: Entry) -> tuple[str, str] | None:
    """Return the sentence behind an entry and where it stands: that of its clause, or of the limit that it applies."""
    rulebook = about.edition.rulebook
    limits = (limit for item in rulebook.items() for limit in item.limits if limit.text)
    for part in (*rulebook.clauses(), *limits):
        if part.id == entry.clause:
            return part.text, f"{rulebook.source.file}:{part.line}"
    return None


def _sentence(about: Explainer, entry: Entry) -> Iterator[Node]:
    source = _source(about, entry)
    if source is not None:
        yield Node(words=about.say("explain_sentence", text=source[0], place=source[1]), role=Role.SOURCE)


def _events(about: Explainer, entry: Entry) -> Iterator[Node]:
    if entry.kind is EntryKind.CAP:
        return  # the events that it took points from follow with how much it took
    for event in (about.events[e] for e in entry.events if e in about.events):
        origin = about.events.get(event.derived_from)
        note = event.note or (origin.note if origin else "")
        parts = (event.id, event.date.isoformat(), event.level, event.matter, note)
        yield Node(words="  ".join(filter(None, parts)), role=Role.EVENT)


def _swallowed(about: Explainer, entry: Entry) -> Iterator[Node]:
    for part in entry.swallowed:
        yield Node(words=swallowed_words(about, part, entry.used_up_by), role=Role.NOTE)


def swallowed_words(about: Explainer, part: Swallowed, used_up_by: str) -> str:
    """Return what a cap left of one event: `0 of 0.5`."""
    left = {"left": show(part.of - part.points), "of": show(part.of)}
    words = about.say("explain_swallowed", event=part.event, clause=part.clause, **left)
    return words + (about.say("explain_used_up", by=used_up_by) if used_up_by else "")


def _readings(about: Explainer, entry: Entry) -> Iterator[Node]:
    for reading in _concerned(about, entry):
        others = listed((f"{a.id}: {a.text}" for a in reading.alternatives), about.lang)
        words = about.say("explain_reading", id=reading.id, text=in_force(reading, about.edition))
        yield Node(words=words + (about.say("explain_else", others=others) if others else ""), role=Role.NOTE)


def _concerned(about: Explainer, entry: Entry) -> list[Reading]:
    return [r for r in about.edition.rulebook.readings if entry.clause in r.of]


def explanation_json(about: Explainer, item: str = "") -> dict[str, Any]:
    """Return the same as one JSON document."""
    standing = about.standing
    return {
        **receipt_json(about.assessment),
        "subject": standing.name,
        "subject_id": standing.subject,
        "rank": standing.rank,
        "rank_without_veto": standing.rank_without_veto,
        **number("total", standing.total),
        "provisional": standing.provisional,
        "items": [
            {**item_json(i, about.lang), "entries": [_entry_told(about, e) for e in i.entries]}
            for i in standing.items
            if item in {"", i.id}
        ],
    }


def _entry_told(about: Explainer, entry: Entry) -> dict[str, Any]:
    sentence, place = _source(about, entry) or (None, None)
    return {
        **entry_json(entry, about.lang),
        "sentence": sentence,
        "source": place,
        "readings": [
            {"id": r.id, "text": in_force(r, about.edition), "alternatives": {a.id: a.text for a in r.alternatives}}
            for r in _concerned(about, entry)
        ],
        "records": [about.events[e].content() for e in entry.events if e in about.events],
    }
