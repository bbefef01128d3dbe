"""Conditions judged against what is known of an application: met, not met, or unknown with what would decide it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from appraisal.model.criteria import AllOf, AnyOf, Choose, Criterion, Holds, Is, Least, Mean, OnlyIf, Share
from appraisal.model.exact import show
from appraisal.model.fields import YEARLY
from appraisal.model.ruling import Answer, Ruling, Truth

YES, NO = "yes", "no"


class Judge:
    """Judges the conditions of one application; `units` holds the unit of each field that has one."""

    def __init__(self, answers: Mapping[str, Answer], units: Mapping[str, str]) -> None:
        self._answers = answers
        self._units = units

    def judge(self, criterion: Criterion) -> Ruling:
        """Return how a condition ended, and why."""
        if criterion.only_if is None:
            return self._bare(criterion)
        return self._conditional(criterion, criterion.only_if)

    def _bare(self, criterion: Criterion) -> Ruling:
        return _FORMS[type(criterion)](self, criterion)

    def _conditional(self, criterion: Criterion, only_if: OnlyIf) -> Ruling:
        """Judge what binds only some: while that is not known, it is met where the condition itself is."""
        answer = self._answers.get(only_if.field)
        if answer is None:
            found = self._bare(criterion)
            if found.truth is Truth.MET:
                return found
            missing = _once([only_if.field, *found.missing])
            return replace(found, truth=Truth.UNKNOWN, missing=missing, because="applies_unknown")
        if not _words(answer) & set(only_if.one_of):
            return Ruling(
                criterion=criterion.id, truth=Truth.NOT_APPLICABLE, events=answer.events, because="not_applicable"
            )
        return self._bare(criterion)

    def _all(self, criterion: AllOf) -> Ruling:
        return _together(criterion.id, [self.judge(part) for part in criterion.of], worst=Truth.NOT_MET)

    def _any(self, criterion: AnyOf) -> Ruling:
        return _together(criterion.id, [self.judge(part) for part in criterion.of], worst=Truth.MET)

    def _choose(self, criterion: Choose) -> Ruling:
        answer = self._answers.get(criterion.field)
        if answer is None and criterion.undecided == "any":
            found = _together(criterion.id, [self.judge(part) for part in criterion.of], worst=Truth.MET)
            if found.truth is not Truth.UNKNOWN:
                return found
            return replace(found, missing=(criterion.field,), because="undecided")
        if answer is None:
            return Ruling(criterion=criterion.id, truth=Truth.UNKNOWN, missing=(criterion.field,), because="undecided")
        chosen = [part for part in criterion.of if _words(answer) & set(part.options)]
        if not chosen:  # the document says nothing about this option: neither met nor failed
            figure = str(answer.value)
            return replace(self._unknown(criterion, [criterion.field]), figure=figure, because="no_branch")
        found = _together(criterion.id, [self.judge(part) for part in chosen], worst=Truth.NOT_MET)
        return replace(found, figure=str(answer.value), events=answer.events)

    def _holds(self, criterion: Holds) -> Ruling:
        answer = self._answers.get(criterion.field)
        if answer is None:
            return self._unknown(criterion, [criterion.field])
        met = answer.value is criterion.wanted
        return Ruling(
            criterion=criterion.id,
            truth=_truth(met=met),
            figure=YES if answer.value else NO,
            threshold=YES if criterion.wanted else NO,
            events=answer.events,
        )

    def _is(self, criterion: Is) -> Ruling:
        answer = self._answers.get(criterion.field)
        if answer is None:
            return self._unknown(criterion, [criterion.field])
        words = _words(answer)
        return Ruling(
            criterion=criterion.id,
            truth=_truth(met=bool(words & set(criterion.one_of))),
            figure=";".join(sorted(words)),
            threshold=";".join(criterion.one_of),
            events=answer.events,
        )

    def _least(self, criterion: Least) -> Ruling:
        answer = self._answers.get(criterion.field)
        if answer is None:
            return self._unknown(criterion, [criterion.field])
        return self._compared(criterion, _exact(answer), answer.events, criterion.field)

    def _mean(self, criterion: Mean) -> Ruling:
        """Judge the mean of the years; those before the unit was founded are left out where the reading says so."""
        years, founded = list(criterion.years), self._answers.get(criterion.founded)
        events: list[str] = []
        missing: list[str] = []
        if criterion.over == "since_founded":
            if founded is not None:
                first = int(str(founded.value)[:4])
                years = [year for year in years if year >= first] or years[-1:]
                events += founded.events
            elif any(f"{criterion.field}{YEARLY}{year}" not in self._answers for year in years):
                missing.append(criterion.founded)
        names = [f"{criterion.field}{YEARLY}{year}" for year in years]
        missing += [name for name in names if name not in self._answers]
        events += [event for name in names if name in self._answers for event in self._answers[name].events]
        if missing:
            return replace(self._unknown(criterion, missing), events=tuple(events))
        figures = [_exact(self._answers[name]) for name in names]
        arithmetic = f"({' + '.join(show(figure) for figure in figures)}) / {len(figures)}"
        mean = sum(figures, Fraction(0)) / len(figures)
        return replace(
            self._compared(criterion, mean, tuple(events), criterion.field),
            arithmetic=arithmetic if len(figures) > 1 else "",
        )

    def _share(self, criterion: Share) -> Ruling:
        whole, part = self._answers.get(criterion.whole), self._answers.get(criterion.part)
        if criterion.overlap == "separate":
            return self._separate(criterion)
        if whole is None or (part is None and not all(name in self._answers for name in criterion.overlapping)):
            lacks = [] if part is not None else [criterion.part]
            lacks += [] if whole is not None else [criterion.whole]
            return self._unknown(criterion, lacks)
        of = _exact(whole)
        if part is not None:
            return self._quotient(criterion, part, of, whole.events)
        parts = [self._answers[name] for name in criterion.overlapping]
        figures = [_exact(answer) for answer in parts]
        events = _once(event for answer in (*parts, whole) for event in answer.events)
        low, high = max(figures), min(sum(figures, Fraction(0)), of)
        bounds = [_ratio(bound, of) for bound in (low, high)]
        meets = [_reaches(bound, criterion.least, inclusive=criterion.inclusive) for bound in bounds]
        truth = Truth.MET if meets[0] else Truth.UNKNOWN if meets[1] else Truth.NOT_MET
        return Ruling(
            criterion=criterion.id,
            truth=truth,
            threshold=criterion.least,
            inclusive=criterion.inclusive,
            unit="%",
            low=bounds[0],
            high=bounds[1],
            figure=bounds[0] if bounds[0] == bounds[1] else None,
            arithmetic=f"{show(low)} / {show(of)}" if low == high else "",
            events=events,
            missing=(criterion.part,) if truth is Truth.UNKNOWN else (),
            because="bounded" if bounds[0] != bounds[1] else "",
        )

    def _separate(self, criterion: Share) -> Ruling:
        """Judge each overlapping part on its own: one that reaches the threshold is enough."""
        whole = self._answers.get(criterion.whole)
        known = [(name, self._answers[name]) for name in criterion.overlapping if name in self._answers]
        if whole is None or not known:
            lacks = [name for name in (*criterion.overlapping, criterion.whole) if name not in self._answers]
            return self._unknown(criterion, lacks)
        best = max((answer for _, answer in known), key=_exact)
        found = self._quotient(criterion, best, _exact(whole), whole.events)
        lacks = [name for name in criterion.overlapping if name not in self._answers]
        if found.truth is Truth.NOT_MET and lacks:
            return replace(found, truth=Truth.UNKNOWN, missing=tuple(lacks))
        return found

    def _quotient(self, criterion: Share, part: Answer, of: Fraction, also: tuple[str, ...]) -> Ruling:
        figure = _exact(part)
        found = self._compared(criterion, _ratio(figure, of), _once([*part.events, *also]), criterion.part)
        return replace(found, unit="%", arithmetic=f"{show(figure)} / {show(of)}")

    def _compared(
        self, criterion: Least | Mean | Share, figure: Fraction, events: tuple[str, ...], field: str
    ) -> Ruling:
        return Ruling(
            criterion=criterion.id,
            truth=_truth(met=_reaches(figure, criterion.least, inclusive=criterion.inclusive)),
            figure=figure,
            threshold=criterion.least,
            inclusive=criterion.inclusive,
            unit=self._units.get(field, ""),
            events=events,
        )

    def _unknown(self, criterion: Criterion, missing: Iterable[str]) -> Ruling:
        threshold = getattr(criterion, "least", None)
        field = getattr(criterion, "field", getattr(criterion, "part", ""))
        return Ruling(
            criterion=criterion.id,
            truth=Truth.UNKNOWN,
            threshold=threshold,
            inclusive=getattr(criterion, "inclusive", True),
            unit="%" if isinstance(criterion, Share) else self._units.get(field, ""),
            missing=_once(missing),
        )


_FORMS: Mapping[type, Callable[[Judge, Any], Ruling]] = {
    AllOf: Judge._all,  # noqa: SLF001
    AnyOf: Judge._any,  # noqa: SLF001
    Choose: Judge._choose,  # noqa: SLF001
    Holds: Judge._holds,  # noqa: SLF001
    Is: Judge._is,  # noqa: SLF001
    Least: Judge._least,  # noqa: SLF001
    Mean: Judge._mean,  # noqa: SLF001
    Share: Judge._share,  # noqa: SLF001
}


def all_of(name: str, parts: Iterable[Ruling]) -> Ruling:
    """Return whether all of them are met."""
    return _together(name, list(parts), worst=Truth.NOT_MET)


def _together(name: str, parts: list[Ruling], *, worst: Truth) -> Ruling:
    """Put three-valued parts together: one that is `worst` decides, then one unknown leaves it open.

    For all of them, one not met decides; for any of them, one met. What does not apply counts neither way.
    """
    truths = {part.truth for part in parts}
    other = Truth.MET if worst is Truth.NOT_MET else Truth.NOT_MET
    truth = worst if worst in truths else Truth.UNKNOWN if Truth.UNKNOWN in truths else other
    open_parts = [part for part in parts if part.truth is Truth.UNKNOWN]
    missing = _once(name for part in open_parts for name in part.missing) if truth is Truth.UNKNOWN else ()
    return Ruling(criterion=name, truth=truth, parts=tuple(parts), missing=missing)


def _truth(*, met: bool) -> Truth:
    return Truth.MET if met else Truth.NOT_MET


def _reaches(figure: Fraction, least: Fraction, *, inclusive: bool) -> bool:
    return figure >= least if inclusive else figure > least


def _ratio(part: Fraction, whole: Fraction) -> Fraction:
    """Return a share; of nothing at all it is nothing."""
    return part / whole if whole else Fraction(0)


def _exact(answer: Answer) -> Fraction:
    if not isinstance(answer.value, Fraction):
        raise TypeError(f"not a figure: {answer.value!r}")
    return answer.value


def _words(answer: Answer) -> set[str]:
    """Return an answer as the words that conditions name: options, or yes and no."""
    value = answer.value
    if isinstance(value, bool):
        return {YES if value else NO}
    return set(value) if isinstance(value, frozenset) else {str(value)}


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
