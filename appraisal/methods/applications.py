"""The events of one application to what is known of each field: what was verified prevails over what was declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from appraisal.model.eligibility import SOURCES, Eligibility
from appraisal.model.event import Event, Scalar
from appraisal.model.fields import Choices, Figure
from appraisal.model.ruling import Answer, Value

DECLARED, VERIFIED = SOURCES


@dataclass(frozen=True, kw_only=True)
class Application:
    """One unit's answers by input, and the figures of which only some years are known (field, missing inputs)."""

    answers: Mapping[str, Answer]
    partial: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def word(self, name: str) -> str:
        """Return the option or text of a field; empty where it is not known."""
        answer = self.answers.get(name)
        return answer.value if answer is not None and isinstance(answer.value, str) else ""


def value_of(event: Event) -> Scalar:
    """Return what an event says of its field; texts about persons stand in the private part."""
    return event.facts.get("value", event.facts.get("x_value", ""))


def read_application(rulebook: Eligibility, events: Iterable[Event]) -> Application:
    """Return what the events of one unit say."""
    by_input: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_input[event.clause].append(event)
    answers = {name: _answer(rulebook, name, rows) for name, rows in by_input.items() if name in rulebook.field_of}
    return Application(answers=answers, partial=tuple(_partial(rulebook, answers)))


def _answer(rulebook: Eligibility, name: str, rows: list[Event]) -> Answer:
    rows = sorted(rows, key=lambda event: event.id)
    verified = [event for event in rows if event.facts.get("source") == VERIFIED]
    declared = [event for event in rows if event.facts.get("source") != VERIFIED]
    first, second = (verified, declared) if verified else (declared, [])
    value = _value(rulebook, name, first)
    other = _value(rulebook, name, second) if second else None
    return Answer(
        value=value,
        events=tuple(event.id for event in first),
        verified=bool(verified),
        overruled=other if other != value else None,
        overruled_events=tuple(event.id for event in second) if other is not None and other != value else (),
    )


def _value(rulebook: Eligibility, name: str, rows: list[Event]) -> Value:
    field = rulebook.field_of[name]
    values = [value_of(event) for event in rows]
    if isinstance(field, Choices):
        chosen = {word for value in values for word in str(value).split(";")}
        return frozenset(chosen - {field.none} or chosen)
    value = values[-1]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _partial(rulebook: Eligibility, answers: Mapping[str, Answer]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for field in rulebook.fields:
        if isinstance(field, Figure) and field.years:
            missing = tuple(name for name in field.inputs() if name not in answers)
            if missing and len(missing) < len(field.years):
                yield field.id, missing
