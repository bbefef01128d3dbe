"""The parts of a rulebook with their paths, as the cross-checks look at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from appraisal.errors import Finding, InternalError
from appraisal.model.clauses import Clause
from appraisal.model.rulebook import Rulebook
from appraisal.model.scorecard import Group, Item, Limit, Scorecard
from appraisal.reading.nearest import nearest
from appraisal.reading.yaml_places import Document, PathTo


@dataclass(frozen=True, kw_only=True)
class ClausePart:
    """A clause, where it stands, its item and the groups around it, outer first."""

    clause: Clause
    path: PathTo
    item: ItemPart
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ItemPart:
    """An item, where it stands, and whether it lies outside the total."""

    item: Item
    path: PathTo
    outside: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupPart:
    """A group, where it stands, and its item."""

    group: Group
    path: PathTo
    item: ItemPart


@dataclass(frozen=True, kw_only=True)
class LimitPart:
    """A limit, where it stands, and its item."""

    limit: Limit
    path: PathTo
    item: ItemPart


@dataclass
class Book:
    """A rulebook under check: the document, the typed model, and what had to be left out because it was unreadable."""

    document: Document
    rulebook: Rulebook
    left_out: frozenset[PathTo] = frozenset()
    lost_ids: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def scorecard(self) -> Scorecard:
        """The rulebook as a scorecard; InternalError if it is of another family."""
        if not isinstance(self.rulebook, Scorecard):
            raise InternalError(f"{self.rulebook.id} is no scorecard")
        return self.rulebook

    @cached_property
    def items(self) -> list[ItemPart]:
        """Every item, those outside the total last."""
        inside = [
            ItemPart(item=item, path=("departments", d, "items", i))
            for d, department in enumerate(self.scorecard.departments)
            for i, item in enumerate(department.items)
        ]
        outside = [ItemPart(item=o, path=("outside", i), outside=True) for i, o in enumerate(self.scorecard.outside)]
        return inside + outside

    @cached_property
    def groups(self) -> list[GroupPart]:
        """Every group, outer before inner."""
        return [GroupPart(group=g, path=p, item=item) for item in self.items for p, g in _groups(item.item, item.path)]

    @cached_property
    def limits(self) -> list[LimitPart]:
        """Every limit."""
        return [
            LimitPart(limit=limit, path=(*item.path, "limits", n), item=item)
            for item in self.items
            for n, limit in enumerate(item.item.limits)
        ]

    @cached_property
    def clauses(self) -> list[ClausePart]:
        """Every clause in the order of the file."""
        return [part for item in self.items for part in _clauses(item, item.item, item.path, ())]

    @cached_property
    def clause_by_id(self) -> dict[str, ClausePart]:
        """The clauses by id; the first of a repeated id."""
        return {part.clause.id: part for part in reversed(self.clauses)}

    def whole(self, path: PathTo) -> bool:
        """Say whether nothing inside this part had to be left out, so that what it comes to means something."""
        written = self.document.written(path)
        return not any(lost[: len(written)] == written for lost in self.left_out)

    def all_listed(self, path: PathTo) -> bool:
        """Say whether no entry of this list itself had to be left out, so that their points can be added up."""
        written = self.document.written(path)
        return not any(lost[:-1] == written for lost in self.left_out)

    def known(self, name: str, names: Iterable[str]) -> bool:
        """Say whether a name is known, or was known before its part had to be left out."""
        return name in names or name in self.lost_ids

    def finding(
        self,
        code: str,
        path: PathTo,
        *,
        also: tuple[PathTo, ...] = (),
        warn: bool = False,
        key: bool = False,
        **args: str,
    ) -> Finding:
        """Return a finding about a part."""
        return self.document.finding_with(code, path, args, also=also, warn=warn, key=key)

    def unknown(self, code: str, path: PathTo, name: str, names: Iterable[str], **args: str) -> Iterator[Finding]:
        """Yield a finding if a name is not known, with the nearest names."""
        names = list(names)
        if not self.known(name, names):
            yield self.document.finding_with(code, path, {"name": name, "near": nearest(name, names), **args})


Check = Callable[[Book], Iterator[Finding]]


def _groups(holder: Item | Group, path: PathTo) -> Iterator[tuple[PathTo, Group]]:
    for n, group in enumerate(holder.groups):
        inner = (*path, "groups", n)
        yield inner, group
        yield from _groups(group, inner)


def _clauses(item: ItemPart, holder: Item | Group, path: PathTo, groups: tuple[Group, ...]) -> Iterator[ClausePart]:
    for n, clause in enumerate(holder.clauses):
        yield ClausePart(clause=clause, path=(*path, "clauses", n), item=item, groups=groups)
    for n, group in enumerate(holder.groups):
        yield from _clauses(item, group, (*path, "groups", n), (*groups, group))
