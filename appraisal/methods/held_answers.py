"""From the answers and figures of one firm to the answer that holds for each question, and why.

An answer that its question prefers comes from figures; a verified answer comes before a declared one, or the other way
round where the rulebook says so. All that is given is kept; what differs is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import ceil

from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.questionnaire import SOURCES, Questionnaire
from appraisal.model.questions import Band, Change, Question, Quotient, Share
from appraisal.model.standing import Say

Args = dict[str, str]
PERCENT = Fraction(100)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer to a question: the options chosen, from whom, because of which events, and how it came about."""

    chosen: tuple[int, ...]
    source: str
    how: Say
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Why figures give no answer: what is missing (`missing`, ids of figures), or what is wrong with them."""

    say: Say
    missing: tuple[str, ...] = ()
    events: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Held:
    """What holds for a question, the answers that do not (`passed_over`), and why figures gave none."""

    answer: Answer | None
    passed_over: tuple[Answer, ...] = ()
    trouble: Trouble | None = None


@dataclass
class Sheet:
    """What one firm has filled in, by part and source."""

    book: Questionnaire
    given: dict[tuple[str, str], Event] = field(default_factory=dict)

    @classmethod
    def of(cls, book: Questionnaire, events: Iterable[Event]) -> Sheet:
        """Put the events of one firm in order."""
        sheet = cls(book)
        for event in events:
            sheet.given[event.clause, str(event.facts.get("source", SOURCES[0]))] = event
        return sheet

    @property
    def sources(self) -> tuple[str, str]:
        """The sources, the one that comes first in front."""
        first = self.book.sources.first
        return (first, SOURCES[1] if first == SOURCES[0] else SOURCES[0])

    @cached_property
    def figures(self) -> Mapping[str, Mapping[str, Event]]:
        """The figures that an answer of a source may rest on: of the first one its own, of the second one any."""
        names, (first, second) = self.book.figure_by_id, self.sources
        own = {
            source: {name: event for (name, by), event in self.given.items() if by == source and name in names}
            for source in self.sources
        }
        return {first: own[first], second: {**own[second], **own[first]}}

    def event(self, part: str) -> Event | None:
        """Return what holds for a part of which both sources may speak."""
        return next((self.given[part, source] for source in self.sources if (part, source) in self.given), None)

    def held(self, question: Question) -> Held:
        """Return the answer that holds for a question."""
        found: list[Answer] = []
        trouble: Trouble | None = None
        for source in self.sources:
            derived = self._derived(question, source)
            direct = self._direct(question, source)
            own = [derived] if isinstance(derived, Answer) else []
            trouble = derived if isinstance(derived, Trouble) else trouble
            own += [direct] if direct is not None else []
            if isinstance(question, (Band, Change)) and question.prevails == "option":
                own.reverse()
            found += own
        answers = tuple(found)
        return Held(answer=answers[0] if answers else None, passed_over=answers[1:], trouble=trouble)

    def _direct(self, question: Question, source: str) -> Answer | None:
        event = self.given.get((question.id, source))
        if event is None:
            return None
        rate = event.value
        if rate is not None and isinstance(question, Band):
            number = question.option(rate)
            if number is None:
                return None
            told = {"rate": percent(rate), **_option(question, number)}
            return Answer(chosen=(number,), source=source, how=Say("Q303", told), events=(event.id,))
        chosen = options(event)
        if len(chosen) == 1:
            how = Say("Q301", _option(question, chosen[0]))
        else:
            how = Say("Q302", {"count": str(len(chosen)), "options": "、".join(map(str, chosen))})
        return Answer(chosen=chosen, source=source, how=how, events=(event.id,))

    def _derived(self, question: Question, source: str) -> Answer | Trouble | None:
        """Derive an answer from figures: all of this source, or for the source that comes second from any."""
        known = self.figures[source]
        if not known:
            return None
        result: _Derived | Trouble | None = None
        if isinstance(question, Band):
            result = _band(self.book, question, known)
        elif isinstance(question, Change):
            result = _change(self.book, question, known)
        if not isinstance(result, _Derived):
            return result
        if source != self.sources[0] and all((name, self.sources[0]) in self.given for name in result.names):
            return None  # the source that comes first has said it already
        events = tuple(known[name].id for name in result.names)
        return Answer(chosen=(result.number,), source=source, how=result.how, events=events)


@dataclass(frozen=True, kw_only=True)
class _Derived:
    number: int
    how: Say
    names: tuple[str, ...]


def options(event: Event) -> tuple[int, ...]:
    """Return the options or levels that an event names, counted from 1; none where it says 0."""
    text = str(event.facts.get("answer", ""))
    return tuple(int(part) for part in text.split(";") if part not in {"", "0"})


def percent(rate: Fraction) -> str:
    """Write a rate with its percent sign."""
    return f"{show(rate * PERCENT)}%"


def _option(question: Question, number: int) -> Args:
    return {"number": str(number), "option": question.options[number - 1].text}


Known = Mapping[str, Event]


def _names(book: Questionnaire, names: Iterable[str]) -> str:
    return "、".join(f"{book.figure_by_id[name].name}（{name}）" for name in names)


def _value(known: Known, name: str) -> Fraction:
    return known[name].value or Fraction(0)


def _events(known: Known, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(known[name].id for name in names if name in known)


def _missing(book: Questionnaire, known: Known, needed: list[str]) -> Trouble | None:
    """Return what is missing, where at least one of the figures is there."""
    lacks = tuple(name for name in needed if name not in known)
    told = {"missing": _names(book, lacks), "given": _names(book, [name for name in needed if name in known])}
    return Trouble(say=Say("Q321", told), missing=lacks, events=_events(known, needed)) if lacks else None


def _band(book: Questionnaire, question: Band, known: Known) -> _Derived | Trouble | None:
    share = question.of
    needed, years = list(_needed(share, known)), _years(share, known)
    own = set(share.over) | ({share.yearly} if share.yearly else set())
    if not own & set(known):
        return None
    lacking = _missing(book, known, needed)
    if lacking is not None:
        return lacking
    used = tuple(dict.fromkeys([*needed, *([share.years] if share.years in known else [])]))
    under = [_value(known, name) for name in needed if name in share.under]
    if not all(under):
        return Trouble(say=Say("Q323", {"figures": _names(book, share.under)}), events=_events(known, used))
    rate, arithmetic = _rate(share, known, needed, years)
    number = question.option(rate)
    told = {"rate": percent(rate), "arithmetic": arithmetic}
    if number is None:
        return Trouble(say=Say("Q322", told), events=_events(known, used))
    return _Derived(number=number, how=Say("Q304", {**told, **_option(question, number)}), names=used)


def _years(share: Share, known: Known) -> Fraction:
    """Return over how many years the sums run: all, or as long as the firm has existed."""
    most = Fraction(len(share.over))
    return min(most, _value(known, share.years)) if share.years in known else most


def _needed(share: Share, known: Known) -> Iterator[str]:
    """Yield the figures that a rate needs: those of the years that the firm has begun."""
    count = ceil(_years(share, known))
    if share.yearly and share.yearly in known and share.mean == "of_sums":
        yield share.yearly
    else:
        yield from share.over[:count]
    yield from share.under[:count]


def _rate(share: Share, known: Known, needed: list[str], years: Fraction) -> tuple[Fraction, str]:
    """Return the rate and its arithmetic."""
    count = ceil(years)
    below = [_value(known, name) for name in share.under[:count]]
    if share.yearly in needed:
        mean = _value(known, share.yearly)
        return mean * years / sum(below, Fraction(0)), f"{show(mean)}÷（{_plus(below)}÷{show(years)}）"
    above = [_value(known, name) for name in share.over[:count]]
    if share.mean == "of_rates":
        rates = [a / b for a, b in zip(above, below, strict=True)]
        shown = "＋".join(f"{show(a)}÷{show(b)}" for a, b in zip(above, below, strict=True))
        return sum(rates, Fraction(0)) / count, f"（{shown}）÷{count}"
    return sum(above, Fraction(0)) / sum(below, Fraction(0)), f"{_plus(above)}÷{_plus(below)}"


def _plus(values: list[Fraction]) -> str:
    text = "＋".join(show(value) for value in values)
    return f"（{text}）" if len(values) > 1 else text


def _change(book: Questionnaire, question: Change, known: Known) -> _Derived | Trouble | None:
    sides = (question.now, question.before)
    needed = [name for side in sides for name in (side.over, side.under) if name]
    if not any(side.over in known for side in sides):
        return None
    lacking = _missing(book, known, needed)
    if lacking is not None:
        return lacking
    if not all(_value(known, side.under) for side in sides if side.under):
        wrong = [side.under for side in sides if side.under]
        return Trouble(say=Say("Q323", {"figures": _names(book, wrong)}), events=_events(known, needed))
    now, before = (_quotient(side, known) for side in sides)
    number = question.option(now, before)
    sign = "＞" if now > before else "＜" if now < before else "＝"
    told = {"arithmetic": f"{_shown(question.now, known)} {sign} {_shown(question.before, known)}"}
    return _Derived(number=number, how=Say("Q305", {**told, **_option(question, number)}), names=tuple(needed))


def _quotient(side: Quotient, known: Known) -> Fraction:
    return _value(known, side.over) / (_value(known, side.under) if side.under else Fraction(1))


def _shown(side: Quotient, known: Known) -> str:
    if not side.under:
        return show(_value(known, side.over))
    return f"{show(_value(known, side.over))}÷{show(_value(known, side.under))}={show(_quotient(side, known))}"
