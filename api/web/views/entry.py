"""The form of an entry: its clause, the fields that this clause knows, and what the entry would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from api.web.views.budgets import budget_of
from api.web.views.model import View
from api.web.words import N_
from appraisal.errors import Finding, Lang
from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.exact import Exact, show
from appraisal.model.inputs import CountUse, Inputs, Measure
from appraisal.model.rulebook import Subject
from appraisal.model.standing import Assessment
from appraisal.office.consequence import Consequence, Effect
from appraisal.reading.event_columns import TITLES
from reports.wording import said, span_words

_MEASURES = {
    Measure.RATE: N_("比率，如 72％ 或 0.72"),
    Measure.SCORE: N_("分数"),
    Measure.POINTS: N_("分值"),
    Measure.NUMBER: N_("数字"),
}


class ClauseBrief(View):
    """A clause as an officer chooses it: its sentence, and the item and department that it belongs to."""

    id: str
    text: str
    item: str
    item_name: str
    item_points: Exact
    department: str
    caution: str
    evidence_needed: bool


class Choice(View):
    """One line of a list to choose from."""

    id: str
    name: str


class Field(View):
    """One field of the form; `hint` and `label` are in the language of the pages' source, `faults` in the reader's."""

    name: str
    label: str
    kind: str
    value: str
    required: bool
    hint: str
    bounds: str
    choices: tuple[Choice, ...]
    faults: tuple[tuple[str, str], ...]


class EntryForm(View):
    """The form as it stands: what is chosen and filled in, and what is wrong with it."""

    rulebook: str
    clause: ClauseBrief | None
    fields: tuple[Field, ...]
    faults: tuple[tuple[str, str], ...]
    kept: tuple[Choice, ...]
    duplicate: str
    duplicate_needed: bool


class Moved(View):
    """A subject's score and rank in a span, before and after; no ranks where they are not displayed yet."""

    span: str
    total: Exact
    total_after: Exact
    rank: int | None
    rank_after: int | None
    others: tuple[str, ...]


class Likely(View):
    """An entry that this one might repeat."""

    id: str
    date: str
    clause: str
    note: str


class ConsequenceView(View):
    """What the entry would do: its points, what budgets leave of them, score and rank before and after."""

    points: Exact
    counted: Exact | None
    counts: bool
    budget: str
    budget_points: Exact
    budget_used: Exact
    reasons: tuple[str, ...]
    moved: tuple[Moved, ...]
    likely: tuple[Likely, ...]


def brief(edition: Edition, clause: Clause) -> ClauseBrief:
    """Return a clause as an officer chooses it."""
    book = edition.scorecard
    item = next(i for i in book.items() if any(c.id == clause.id for c in i.all_clauses()))
    department = next((d.id for d in book.departments if any(i.id == item.id for i in d.items)), "")
    return ClauseBrief(
        id=clause.id,
        text=clause.text,
        item=item.id,
        item_name=item.name,
        item_points=item.points,
        department=department,
        caution=clause.caution,
        evidence_needed=bool(getattr(clause, "evidence_needed", False)),
    )


def fields(clause: Clause, roster: Iterable[Subject], noun: str, cells: Mapping[str, str]) -> list[Field]:
    """Return the fields of the form for a clause, with what is filled in."""
    inputs = clause.inputs()
    subjects = tuple(Choice(id=s.id, name=s.name) for s in roster if not clause.applies_to or s.id in clause.applies_to)
    found = [
        _field("subject", noun, "choice", cells, required=True, choices=subjects),
        _field("date", N_("日期"), "date", cells, required=True),
    ]
    if inputs.period_needed:
        found.append(_field("period", N_("所属月份"), "month", cells, required=True))
    return [*found, *_own(inputs, cells), *_words(inputs, cells)]


def _own(inputs: Inputs, cells: Mapping[str, str]) -> Iterable[Field]:
    """Yield the fields that only some clauses have."""
    if inputs.levels:
        needed = inputs.level_needed
        yield _field("level", N_("级别 / 情形"), "choice", cells, required=needed, choices=_named(inputs.levels))
    if inputs.parts:
        yield _field("part", N_("分项"), "choice", cells, required=True, choices=_named(inputs.parts))
    if inputs.value is not None:
        rule, needed = inputs.value, inputs.value_needed and not inputs.level_for_value
        bounds = _bounds(rule.low, rule.high)
        yield _field("value", N_("数值"), "text", cells, required=needed, hint=_MEASURES[rule.measure], bounds=bounds)
    if inputs.benchmark_needed:
        yield _field("benchmark", N_("对照值"), "text", cells, required=True)
    if inputs.count is CountUse.COUNTED and inputs.value is None:
        yield _field("count", N_("数量"), "whole", {"count": "1", **cells}, required=False)


def _words(inputs: Inputs, cells: Mapping[str, str]) -> Iterable[Field]:
    hint = N_("同一件事写同样的名字，办法规定只计一次的就只计一次")
    yield _field("note", N_("事由"), "long", cells, required=inputs.note_needed)
    yield _field("matter", N_("事项"), "text", cells, required=False, hint=hint)


def _named(words: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(Choice(id=word, name=word) for word in words)


def _bounds(low: Fraction | None, high: Fraction | None) -> str:
    """Write what a figure must lie between; a lower bound of 0 alone goes without saying."""
    if low is not None and high is not None:
        return f"{show(low)}–{show(high)}"
    if high is not None:
        return f"≤ {show(high)}"
    return f"≥ {show(low)}" if low else ""


def _field(
    name: str,
    label: str,
    kind: str,
    cells: Mapping[str, str],
    *,
    required: bool,
    choices: tuple[Choice, ...] = (),
    hint: str = "",
    bounds: str = "",
) -> Field:
    return Field(
        name=name,
        label=label,
        kind=kind,
        value=cells.get(name, ""),
        required=required,
        hint=hint,
        bounds=bounds,
        choices=choices,
        faults=(),
    )


def with_faults(
    found: Iterable[Field], findings: Iterable[Finding], lang: Lang
) -> tuple[tuple[Field, ...], tuple[tuple[str, str], ...]]:
    """Return the fields with what is wrong with each beside it, and the faults that are about none of them."""
    rows = list(found)
    own: dict[str, list[tuple[str, str]]] = {}
    rest = []
    titles = {TITLES[f.name]: f.name for f in rows if f.name in TITLES}
    for finding in findings:
        told = (finding.what(lang), finding.remedy(lang))
        name = titles.get(finding.args.get("column", ""))
        if name is None:
            rest.append(told)
        else:
            own.setdefault(name, []).append(told)
    marked = tuple(f.model_copy(update={"faults": tuple(own.get(f.name, ()))}) for f in rows)
    return marked, tuple(dict.fromkeys(rest))


def consequence_view(edition: Edition, found: Consequence, month: Assessment, lang: Lang) -> ConsequenceView:
    """Return what an entry would do, in words and figures; `month` is how its month stands before it."""
    item = next(i for i in edition.scorecard.items() if any(c.id == found.event.clause for c in i.all_clauses()))
    standing = next(s for s in month.standings if s.subject == found.event.subject)
    score = next(i for i in standing.items if i.id == item.id)
    budget = budget_of(item, score, found.event.clause)
    return ConsequenceView(
        points=found.points,
        counted=found.counted,
        counts=found.counts,
        budget=budget.name if budget else "",
        budget_points=budget.points if budget else Fraction(0),
        budget_used=budget.points - budget.left if budget else Fraction(0),
        reasons=tuple(dict.fromkeys(said(line.reason, lang) for line in found.lines)),
        moved=tuple(m for effect in found.effects if (m := _moved(effect, found.event.subject, lang)) is not None),
        likely=tuple(
            Likely(id=e.id, date=e.date.isoformat(), clause=e.clause, note=e.note or e.matter) for e in found.likely
        ),
    )


def _moved(effect: Effect, subject: str, lang: Lang) -> Moved | None:
    own = effect.of(subject)
    if own is None:
        return None
    return Moved(
        span=span_words(effect.span, lang),
        total=own.before.total,
        total_after=own.after.total,
        rank=own.before.rank,
        rank_after=own.after.rank,
        others=tuple(s.name for s in effect.shifts if s.subject != subject and s.before.rank != s.after.rank),
    )
