"""The parts of a rulebook that pages name, whatever its family: departments, items, clauses, sentences."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.rulebook import Sentence
from appraisal.model.scorecard import Department, Item, Scorecard


def card(edition: Edition) -> Scorecard | None:
    """Return the rulebook as a scorecard; None where it is of another family."""
    return edition.rulebook if isinstance(edition.rulebook, Scorecard) else None


def departments(edition: Edition) -> tuple[Department, ...]:
    """Return the departments of a scorecard; other families have none."""
    book = card(edition)
    return book.departments if book else ()


def outside(edition: Edition) -> tuple[Item, ...]:
    """Return the items outside the total of a scorecard."""
    book = card(edition)
    return book.outside if book else ()


def clauses(edition: Edition) -> Iterator[Clause]:
    """Yield the clauses of a scorecard in the order of the document."""
    book = card(edition)
    return book.clauses() if book else iter(())


def clause_of(edition: Edition, name: str) -> Clause | None:
    """Return a clause of a scorecard by its id."""
    return next((c for c in clauses(edition) if c.id == name), None)


def item_of(edition: Edition, clause: str) -> Item | None:
    """Return the item that a clause draws on."""
    book = card(edition)
    if book is None:
        return None
    return next((i for i in book.items() if clause in {c.id for c in i.all_clauses()}), None)


def sentence_of(edition: Edition, part: str) -> Sentence | None:
    """Return the sentence of the document that a part encodes."""
    return next((s for s in edition.rulebook.sentences() if s.id == part), None)
