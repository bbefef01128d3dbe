"""A subject's sheet for a span: departments and items, and one item down to clause, sentence, reading and event."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction

from api.web.found import Chip, Found
from api.web.parts import clause_of
from api.web.views.budgets import Budget, budget_of
from api.web.views.model import Receipt, View
from api.web.views.ranking import Change, Course, change, course
from appraisal.errors import Lang
from appraisal.model.clauses_judged import Judged
from appraisal.model.exact import Exact
from appraisal.model.scorecard import Item
from appraisal.model.standing import Entry, EntryKind, ItemScore, Standing, State
from appraisal.office.workflow import Stage
from reports.wording import in_force, said, span_words, state_words


class EventBrief(View):
    """An event as people recognise it."""

    id: str
    date: str
    level: str
    matter: str
    note: str


class Line(View):
    """One line of the ledger; `counted` is what caps left of its points, `taken_by` the budget that took the rest."""

    points: Exact
    counted: Exact | None
    reason: str
    events: tuple[EventBrief, ...]
    provisional: bool
    taken_by: str
    taken_events: tuple[str, ...]


class ReadingBrief(View):
    """How an unclear place is read, and how else it could be."""

    id: str
    question: str
    text: str
    others: tuple[str, ...]


class ClauseLines(View):
    """What one clause, cap, multiplier or veto did to an item, with the sentence behind it.

    `shift` is how far it lies below full marks (or above): what was earned counts against the clause's worth.
    """

    clause: str
    kind: EntryKind
    points: Exact
    counted: Exact
    shift: Exact
    sentence: str
    place: str
    budget: Budget | None
    lines: tuple[Line, ...]
    readings: tuple[ReadingBrief, ...]


class Moved(View):
    """What one clause, cap, multiplier or veto gave or took, in short."""

    item: str
    item_name: str
    clause: str
    counted: Exact
    words: str
    events: int


class ItemView(View):
    """An item of a subject: its base plus its clauses is its score; `change` is what is behind full marks or above."""

    id: str
    name: str
    department: str
    points: Exact
    base: Exact
    score: Exact
    change: Exact
    best: Exact | None
    state: State
    state_words: str
    clauses: tuple[ClauseLines, ...]


class DepartmentView(View):
    """A department's items of a subject."""

    id: str
    points: Exact | None
    score: Exact
    items: tuple[ItemView, ...]


class SubjectSheet(View):
    """What the sheet of a subject shows; `rank` is none where the ranking is not displayed yet for who reads it."""

    rulebook: str
    rulebook_name: str
    subject_noun: str
    subject: str
    name: str
    period: str
    period_name: str
    rank: int | None
    of: int
    shared: bool
    rank_without_veto: int | None
    total: Exact
    grade: str | None
    change: Change | None
    before: str
    provisional: bool
    chip: Chip
    stage: Stage
    closed: bool
    departments: tuple[DepartmentView, ...]
    moved: tuple[Moved, ...]
    months: tuple[str, ...]
    course: Course
    receipt: Receipt

    def only(self, departments: frozenset[str] | None) -> SubjectSheet:
        """Return the sheet with the items of these departments only; None: with all."""
        if departments is None:
            return self
        kept = tuple(d for d in self.departments if d.id in departments)
        items = {item.id for d in kept for item in d.items}
        return self.model_copy(
            update={"departments": kept, "moved": tuple(one for one in self.moved if one.item in items)}
        )

    def unranked(self) -> SubjectSheet:
        """Return the sheet without its place among the others, nor the best of them."""
        alone = tuple(
            d.model_copy(update={"items": tuple(item.model_copy(update={"best": None}) for item in d.items)})
            for d in self.departments
        )
        gone = {"rank": None, "rank_without_veto": None, "shared": False, "change": None, "before": ""}
        return self.model_copy(update={**gone, "departments": alone})

    def ranked_in(self, shown: Collection[int], months: Iterable[int]) -> SubjectSheet:
        """Return the sheet with the ranks of these months only."""
        kept = tuple(rank if month in shown else None for month, rank in zip(months, self.course.ranks, strict=True))
        return self.model_copy(update={"course": self.course.model_copy(update={"ranks": kept})})


def sheet(
    found: Found, standing: Standing, earlier: Found | None, months: Mapping[int, Found], lang: Lang
) -> SubjectSheet:
    """Return the sheet of one subject."""
    assessment, book = found.assessment, found.edition.rulebook
    departments = tuple(_departments(found, standing, lang))
    alike = sum(1 for s in assessment.standings if s.rank == standing.rank)
    return SubjectSheet(
        rulebook=book.id,
        rulebook_name=book.name,
        subject_noun=book.subject_noun,
        subject=standing.subject,
        name=standing.name,
        period=str(assessment.span),
        period_name=span_words(assessment.span, lang),
        rank=standing.rank,
        of=len(assessment.standings),
        shared=alike > 1,
        rank_without_veto=standing.rank_without_veto if standing.rank != standing.rank_without_veto else None,
        total=standing.total,
        grade=standing.grade,
        change=change(standing, earlier),
        before="" if earlier is None else span_words(earlier.assessment.span, lang),
        provisional=standing.provisional,
        chip=found.chip,
        stage=found.stage,
        closed=found.closed,
        departments=departments,
        moved=tuple(_moved(departments)),
        months=tuple(f"{assessment.span.year}-{month:02d}" for month in months),
        course=course(standing, months),
        receipt=Receipt.of(assessment, found.position),
    )


def _departments(found: Found, standing: Standing, lang: Lang) -> Iterator[DepartmentView]:
    scores = {item.id: item for item in standing.items}
    totals = {d.id: d for d in standing.departments}
    book = found.edition.scorecard
    for department in book.departments:
        items = tuple(
            item_view(found, i, scores[i.id], department.id, lang) for i in department.items if i.id in scores
        )
        score = totals[department.id].score if department.id in totals else Fraction(0)
        yield DepartmentView(id=department.id, points=department.points, score=score, items=items)
    known = {i.id for d in book.departments for i in d.items}
    outside = {i.id: i for i in book.outside}
    rest = [score for score in standing.items if score.id not in known]
    if rest:
        views = tuple(item_view(found, outside.get(score.id), score, "", lang) for score in rest)
        yield DepartmentView(id="", points=None, score=sum((s.score for s in rest), Fraction(0)), items=views)


def _moved(departments: tuple[DepartmentView, ...]) -> list[Moved]:
    """Return what gave or took points, the largest losses first; results still at full marks move nothing."""
    found = [
        Moved(
            item=item.id,
            item_name=item.name,
            clause=c.clause,
            counted=c.shift,
            words=c.sentence or c.lines[0].reason,
            events=sum(len(line.events) for line in c.lines),
        )
        for department in departments
        for item in department.items
        for c in item.clauses
        if c.shift
    ]
    return sorted(found, key=lambda one: (one.counted, one.item, one.clause))


def item_view(found: Found, item: Item | None, score: ItemScore, department: str, lang: Lang) -> ItemView:
    """Return one item with what each clause did to it; a veto of the whole total has no item of the rulebook."""
    others = [i.score for s in found.assessment.standings for i in s.items if i.id == score.id]
    return ItemView(
        id=score.id,
        name=score.name,
        department=department,
        points=score.points,
        base=score.base,
        score=score.score,
        change=score.score - (score.points if department else score.base),
        best=max(others, default=score.score),
        state=score.state,
        state_words=state_words(score, lang),
        clauses=tuple(_clauses(found, item, score, lang)),
    )


def _clauses(found: Found, item: Item | None, score: ItemScore, lang: Lang) -> Iterator[ClauseLines]:
    groups: dict[tuple[str, bool], list[Entry]] = {}
    for entry in score.entries:
        groups.setdefault((entry.clause, entry.kind in {EntryKind.CLAUSE, EntryKind.MISSING}), []).append(entry)
    for (clause, own), entries in groups.items():
        sentence, place = _source(found, clause, own=own)
        counted = sum((e.points if e.counted is None else e.counted for e in entries), Fraction(0))
        yield ClauseLines(
            clause=clause,
            kind=entries[0].kind,
            points=sum((e.points for e in entries), Fraction(0)),
            counted=counted,
            shift=_shift(found, clause, counted, own=own),
            sentence=sentence,
            place=place,
            budget=budget_of(item, score, clause) if item is not None and own and counted < 0 else None,
            lines=tuple(_line(found, e, lang) for e in entries),
            readings=tuple(_readings(found, clause)),
        )


def _shift(found: Found, clause: str, counted: Fraction, *, own: bool) -> Fraction:
    """Return how far a clause lies from full marks: a clause that earns its worth has moved nothing."""
    part = clause_of(found.edition, clause) if own else None
    return counted - part.full_points if isinstance(part, Judged) else counted


def _source(found: Found, clause: str, *, own: bool) -> tuple[str, str]:
    book = found.edition.scorecard
    limits = (limit for item in book.items() for limit in item.limits if limit.text)
    for part in (*book.clauses(), *limits) if own else (*limits, *book.clauses()):
        if part.id == clause:
            return part.text, f"{book.source.file}:{part.line}"
    return "", ""


def _line(found: Found, entry: Entry, lang: Lang) -> Line:
    return Line(
        points=entry.points,
        counted=entry.counted,
        reason=said(entry.reason, lang),
        events=tuple(brief(found, name) for name in entry.events) if entry.kind is not EntryKind.CAP else (),
        provisional=entry.provisional,
        taken_by=entry.used_up_by,
        taken_events=tuple(name for name in entry.used_up_events if name not in entry.events),
    )


def brief(found: Found, name: str) -> EventBrief:
    """Return an event as people recognise it; a derived one with the words of the incident behind it."""
    event = found.events.get(name)
    if event is None:
        return EventBrief(id=name, date="", level="", matter="", note="")
    origin = found.events.get(event.derived_from)
    note = event.note or (origin.note if origin else "")
    return EventBrief(id=name, date=event.date.isoformat(), level=event.level, matter=event.matter, note=note)


def _readings(found: Found, clause: str) -> Iterator[ReadingBrief]:
    for reading in found.edition.rulebook.readings:
        if clause in reading.of:
            yield ReadingBrief(
                id=reading.id,
                question=reading.question,
                text=in_force(reading, found.edition),
                others=tuple(a.text for a in reading.alternatives),
            )
