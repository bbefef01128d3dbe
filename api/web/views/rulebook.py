"""A rulebook as the office adopted it: its tree with every sentence beside its method, readings, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.web import parts
from api.web.views.model import View
from appraisal.errors import Lang
from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.exact import Exact, show
from appraisal.model.scorecard import Group, Item
from appraisal.reading.coverage import Coverage, account
from appraisal.reading.source_text import SourceText
from appraisal.store.adoptions import Adoption
from reports.coverage import percent
from reports.methods_told import method_told
from reports.rulebooks import concerned
from reports.wording import in_force


class AdoptionView(View):
    """One line of an office's adoptions."""

    rulebook: str
    name: str
    family: str
    valid_from: str
    valid_to: str
    adopted_at: str
    hash: str
    subjects: int
    current: bool


class ClauseView(View):
    """A clause: its sentence and where it stands, beside how it is counted."""

    id: str
    text: str
    line: int
    method: str
    group: str
    readings: tuple[str, ...]
    notes: tuple[str, ...]


class ItemView(View):
    """An item with its budgets and clauses."""

    id: str
    name: str
    points: Exact
    budgets: tuple[str, ...]
    clauses: tuple[ClauseView, ...]


class DepartmentView(View):
    """A department with its items; without a name: what stands outside the total."""

    id: str
    points: Exact | None
    items: tuple[ItemView, ...]


class SentenceView(View):
    """A sentence of a family without departments."""

    id: str
    text: str
    line: int


class AlternativeView(View):
    """Another way to read an unclear place."""

    id: str
    text: str
    in_force: bool


class ReadingView(View):
    """An unclear place: the question, how it is read and why, and how else it could be."""

    id: str
    of: tuple[str, ...]
    question: str
    text: str
    why: str
    alternatives: tuple[AlternativeView, ...]


class PassageView(View):
    """A part of the document that is informational, or a declared gap."""

    lines: str
    text: str
    reason: str
    gap: bool


class CoverageView(View):
    """Where the characters of the document went; shares in percent."""

    total: int
    encoded: Exact
    informational: Exact
    gap: Exact
    complete: bool


class RulebookPage(View):
    """What the page of a rulebook shows."""

    id: str
    name: str
    family: str
    publisher: str
    title: str
    file: str
    valid_from: str
    valid_to: str
    hash: str
    superseded: str
    clause_count: int
    departments: tuple[DepartmentView, ...]
    sentences: tuple[SentenceView, ...]
    readings: tuple[ReadingView, ...]
    passages: tuple[PassageView, ...]
    coverage: CoverageView
    adoptions: tuple[AdoptionView, ...]


def adoption_view(adoption: Adoption, edition: Edition, *, current: bool) -> AdoptionView:
    """Return one line of an office's adoptions."""
    return AdoptionView(
        rulebook=adoption.rulebook,
        name=edition.rulebook.name,
        family=edition.rulebook.family,
        valid_from=adoption.valid_from.isoformat(),
        valid_to=adoption.valid_to.isoformat(),
        adopted_at=adoption.adopted_at.isoformat(timespec="minutes"),
        hash=adoption.hash.removeprefix("sha256:")[:12],
        subjects=len(edition.roster if adoption.roster is None else adoption.roster),
        current=current,
    )


def rulebook_page(edition: Edition, source: bytes, lines: Sequence[AdoptionView], lang: Lang) -> RulebookPage:
    """Return the page of a rulebook; `source` is the text that was adopted with it."""
    book = edition.rulebook
    text = source.decode("utf-8-sig")
    found = account(book, SourceText.of(text), book.source.file)
    departments = tuple(_departments(edition, lang))
    sentences = () if departments else tuple(SentenceView(id=s.id, text=s.text, line=s.line) for s in book.sentences())
    return RulebookPage(
        id=book.id,
        name=book.name,
        family=book.family,
        publisher=book.source.publisher,
        title=book.source.title,
        file=book.source.file,
        valid_from=book.valid_from.isoformat(),
        valid_to=book.valid_to.isoformat(),
        hash=edition.hash.removeprefix("sha256:"),
        superseded=book.superseded,
        clause_count=sum(1 for _ in book.sentences()),
        departments=departments,
        sentences=sentences,
        readings=tuple(_readings(edition)),
        passages=tuple(_passages(edition, text)),
        coverage=_coverage(found),
        adoptions=tuple(lines),
    )


def _departments(edition: Edition, lang: Lang) -> Iterator[DepartmentView]:
    for department in parts.departments(edition):
        items = tuple(_item(edition, item, lang) for item in department.items)
        yield DepartmentView(id=department.id, points=department.points, items=items)
    beside = parts.outside(edition)
    if beside:
        yield DepartmentView(id="", points=None, items=tuple(_item(edition, item, lang) for item in beside))


def _item(edition: Edition, item: Item, lang: Lang) -> ItemView:
    groups = list(item.all_groups())
    budgets = [f"{group.name} {show(group.points)}" for group in groups]
    for limit in item.limits:
        covers = "、".join(limit.covers)
        budgets += [f"{limit.name or covers} ≤ +{show(limit.max_gain)}"] if limit.max_gain is not None else []
        budgets += [f"{limit.name or covers} ≤ −{show(limit.max_loss)}"] if limit.max_loss is not None else []
    clauses = tuple(_clause(edition, clause, groups, lang) for clause in item.all_clauses())
    return ItemView(id=item.id, name=item.name, points=item.points, budgets=tuple(budgets), clauses=clauses)


def _clause(edition: Edition, clause: Clause, groups: list[Group], lang: Lang) -> ClauseView:
    return ClauseView(
        id=clause.id,
        text=clause.text,
        line=clause.line,
        method=method_told(clause, lang),
        group=next((g.name for g in reversed(groups) if clause.id in {c.id for c in g.clauses}), ""),
        readings=tuple(reading.id for reading in concerned(edition.rulebook, clause.id)),
        notes=tuple(filter(None, (clause.remark, clause.gap, clause.caution))),
    )


def _readings(edition: Edition) -> Iterator[ReadingView]:
    for reading in edition.rulebook.readings:
        use = edition.readings.get(reading.id, reading.use)
        others = [AlternativeView(id="stated", text=reading.stated, in_force=use == "stated")]
        others += [AlternativeView(id=a.id, text=a.text, in_force=use == a.id) for a in reading.alternatives]
        yield ReadingView(
            id=reading.id,
            of=reading.of,
            question=reading.question,
            text=in_force(reading, edition),
            why=reading.why,
            alternatives=tuple(o for o in others if not o.in_force),
        )


def _passages(edition: Edition, source: str) -> Iterator[PassageView]:
    rows = source.splitlines()
    for passage in edition.rulebook.passages:
        first, _, last = passage.lines.partition("-")
        whole = " ".join(rows[int(first) - 1 : int(last or first)])
        gap = passage.kind == "gap"
        yield PassageView(lines=passage.lines, text=passage.text or whole, reason=passage.reason, gap=gap)


def _coverage(found: Coverage) -> CoverageView:
    shares = {name: percent(found.counts[name], found.total) for name in ("encoded", "informational", "gap")}
    return CoverageView(total=found.total, complete=found.complete, **shares)
