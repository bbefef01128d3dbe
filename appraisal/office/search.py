"""Finding a clause by its id, by words, by pinyin or by initials; worked out once for each edition.

    find(edition, "ljfl", departments={"城市管理办"})     垃圾分类 …

A query is words with blanks between; each must be found. What stands earlier in the list fits better: an id, then
words of the sentence, then of the headings above it, then pinyin and initials, in the end what is only similar.
"""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from threading import Lock

from pypinyin import Style, lazy_pinyin
from rapidfuzz import fuzz

from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.scorecard import Group, Item

_NOISE = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^[（(]?[0-9一二三四五六七八九十]+[）)、.．]\s*")
_SIMILAR = 70.0  # of 100: what is only similar to a query must be this much so
_EDITIONS = 64


@dataclass(frozen=True)
class _Letters:
    """Text for searching: its characters, their pinyin joined, where each syllable begins, and the initials."""

    plain: str
    pinyin: str
    starts: frozenset[int]
    initials: str

    @classmethod
    def of(cls, text: str) -> _Letters:
        plain = _plain(text)
        syllables = lazy_pinyin(plain, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]  # the stub lacks lists
        starts, position = [], 0
        for syllable in syllables:
            starts.append(position)
            position += len(syllable)
        initials = "".join(syllable[:1] for syllable in syllables)
        return cls(plain, "".join(syllables), frozenset(starts), initials)

    def fit(self, word: str) -> float:
        """Return how well a word fits, 0 to 100; 0 for not at all. Earlier in the text fits a little better."""
        if (at := self.plain.find(word)) >= 0:
            return 100 - min(at, 50) / 10
        if word.isascii():
            if (at := self._syllable(word)) >= 0:
                return 80 - min(at, 100) / 20
            if len(word) > 1 and (at := self.initials.find(word)) >= 0:
                return 80 - min(at, 50) / 10
        return 0

    def _syllable(self, word: str) -> int:
        """Return where a word begins in the pinyin, at the beginning of a syllable; -1 where it does not."""
        at = self.pinyin.find(word)
        while at >= 0 and at not in self.starts:
            at = self.pinyin.find(word, at + 1)
        return at


@dataclass(frozen=True)
class Indexed:
    """A clause ready to be searched: its department, its id, its sentence, and the headings that it stands under."""

    clause: Clause
    department: str
    number: int
    id: str
    sentence: _Letters
    headings: _Letters

    def fit(self, words: tuple[str, ...]) -> float:
        """Return how well all words fit together; 0 where one does not fit at all."""
        fits = [self._fit(word) for word in words]
        return sum(fits) / len(fits) if fits and all(fits) else 0

    def _fit(self, word: str) -> float:
        if word == self.id:
            return 1000
        if self.id.startswith(word):
            return 500 - len(self.id)
        return max(self.sentence.fit(word), self.headings.fit(word) * 0.9)

    def similar(self, words: tuple[str, ...]) -> float:
        """Return how similar the query is to the sentence or its headings, 0 to 100: slips of the pen."""
        query = "".join(words)
        if query.isascii():
            texts = (self.sentence.pinyin, self.headings.pinyin, self.sentence.initials)
            return max(fuzz.partial_ratio(query, text) for text in texts)
        return max(fuzz.partial_ratio(query, text) for text in (self.sentence.plain, self.headings.plain))


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


_indexes: OrderedDict[str, tuple[Indexed, ...]] = OrderedDict()
_lock = Lock()


def index(edition: Edition) -> tuple[Indexed, ...]:
    """Return every clause that an entry may name, in the order of the document, ready to be searched."""
    key = f"{edition.hash}{sorted(edition.readings.items())}"
    with _lock:
        if (known := _indexes.get(key)) is not None:
            _indexes.move_to_end(key)
            return known
    made = tuple(_indexed(edition))
    with _lock:
        _indexes[key] = made
        while len(_indexes) > _EDITIONS:
            _indexes.popitem(last=False)
    return made


def _indexed(edition: Edition) -> Iterator[Indexed]:
    book = edition.scorecard
    places = [(d.id, item) for d in book.departments for item in d.items] + [("", item) for item in book.outside]
    number = 0
    for department, item in places:
        for clause, groups in _clauses(item):
            if clause.inputs().loggable:
                headings = " ".join((item.name, *groups, department))
                sentence = _Letters.of(_NUMBERING.sub("", clause.text))
                yield Indexed(clause, department, number, _plain(clause.id), sentence, _Letters.of(headings))
                number += 1


def _clauses(item: Item) -> Iterator[tuple[Clause, tuple[str, ...]]]:
    yield from ((clause, ()) for clause in item.clauses)
    yield from _of_groups(item.groups, ())


def _of_groups(groups: tuple[Group, ...], above: tuple[str, ...]) -> Iterator[tuple[Clause, tuple[str, ...]]]:
    for group in groups:
        names = (*above, group.name)
        yield from ((clause, names) for clause in group.clauses)
        yield from _of_groups(group.groups, names)


def find(
    edition: Edition, query: str, *, departments: Collection[str] | None = None, limit: int = 10
) -> tuple[Clause, ...]:
    """Return the clauses that fit a query best, the best first; only those of these departments, if any are named.

    An empty query gives the clauses in the order of the document. The department of what stands outside is empty.
    """
    words = tuple(filter(None, (_plain(word) for word in query.split())))
    offered = [i for i in index(edition) if departments is None or i.department in departments]
    if not words:
        return tuple(i.clause for i in offered[:limit])
    ranked = sorted(((-i.fit(words), i.number, i) for i in offered), key=lambda found: found[:2])
    found = [i for fit, _, i in ranked if fit]
    if len(found) < limit:
        rest = [(-i.similar(words), i.number, i) for fit, _, i in ranked if not fit]
        found += [i for fit, _, i in sorted(rest, key=lambda f: f[:2]) if -fit >= _SIMILAR]
    return tuple(i.clause for i in found[:limit])
