"""Finding a clause by its id, by words, by pinyin or by initials; worked out once for each edition.

find(index, "ljfl", departments={"城市管理办"})     垃圾分类 …
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition

_PLAIN = re.compile(r"[\W_]+")
_FUZZY = 60.0


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """A clause as it is searched: its id, its words, their pinyin and initials, without punctuation."""

    clause: Clause
    department: str
    item: str
    id: str
    text: str
    around: str
    pinyin: str
    initials: str
    starts: tuple[int, ...]


@lru_cache(maxsize=64)
def index(edition: Edition) -> tuple[Indexed, ...]:
    """Return every clause that an entry may name, ready to be searched."""
    raise NotImplementedError


def find(
    edition: Edition, words: str, *, departments: Collection[str] | None = None, limit: int = 10
) -> tuple[Clause, ...]:
    """Return the clauses that fit best, the best first; only those of these departments, if any are named."""
    raise NotImplementedError
