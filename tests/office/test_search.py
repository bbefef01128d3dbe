"""Clause search: by id, words, pinyin and initials, in a rulebook of some 300 clauses."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TypeVar

import pytest
from pypinyin import lazy_pinyin

from appraisal.model.clauses import Clause
from appraisal.model.edition import Edition
from appraisal.model.scorecard import Group, Item
from appraisal.office.search import find, index
from appraisal.reading.rulebook import find_rulebook, read_rulebook

Part = TypeVar("Part", Item, Group)
CHARACTERS = re.compile(r"[一-鿿]{2,}")


def renamed(part: Part) -> Part:
    """Return an item or a group with other ids for its clauses, so that two rulebooks fit into one."""
    clauses = tuple(c.model_copy(update={"id": f"LM-{c.id}"}) for c in part.clauses)
    return part.model_copy(update={"clauses": clauses, "groups": tuple(renamed(g) for g in part.groups)})


@cache
def edition() -> Edition:
    """Return Houjiatang's clauses, those of another scorecard, and 150 made of halves of two: 300 clauses."""
    own = read_rulebook(find_rulebook("houjiatang-2020"))
    two = read_rulebook(find_rulebook("longmen-2018"))
    more = tuple(
        d.model_copy(update={"id": f"龙门·{d.id}", "items": tuple(renamed(i) for i in d.items)})
        for d in two.scorecard.departments
    )
    texts = [c.text for c in own.scorecard.clauses()]
    pairs = [(texts[n % len(texts)], texts[-n % len(texts)]) for n in range(1, 151)]
    halves = [one[: len(one) // 2] + other[len(other) // 2 :] for one, other in pairs]
    first = own.scorecard.departments[0].items[0]
    sample = next(first.all_clauses())
    clauses = tuple(sample.model_copy(update={"id": f"X-{n}", "text": text}) for n, text in enumerate(halves))
    item = first.model_copy(update={"name": "拼成的", "groups": (), "clauses": clauses})
    mixed = own.scorecard.departments[0].model_copy(update={"id": "龙门·拼成的", "items": (item,)})
    book = own.scorecard.model_copy(update={"departments": (*own.scorecard.departments, *more, mixed)})
    return Edition(rulebook=book, hash="sha256:both")


def windows(clause: Clause, width: int) -> list[str]:
    """Return a few pieces of a clause's sentence, of so many characters, spread over it."""
    pieces = [run[at : at + width] for run in CHARACTERS.findall(clause.text) for at in range(len(run) - width + 1)]
    return pieces[:: max(1, len(pieces) // 3)][:3]


def telling(width: int) -> list[tuple[str, str]]:
    """Return pieces that stand in three sentences at most, with the id of one they stand in."""
    clauses = [i.clause for i in index(edition())]
    told = [(piece, clause.id) for clause in clauses for piece in windows(clause, width)]
    count = Counter({piece: sum(piece in c.text for c in clauses) for piece, _ in told})
    return [(piece, clause) for piece, clause in told if count[piece] <= 3]


def share(queries: list[tuple[str, str]]) -> float:
    hits = [wanted in [c.id for c in find(edition(), query, limit=3)] for query, wanted in queries]
    return sum(hits) / len(hits)


def test_there_are_enough_clauses_for_the_test_to_mean_something() -> None:
    assert len(index(edition())) >= 300
    assert len(telling(4)) > 300


def test_every_clause_is_found_first_by_its_id_however_written() -> None:
    for indexed in index(edition()):
        for query in (indexed.clause.id, indexed.clause.id.lower(), indexed.clause.id.replace("-", "").lower()):
            assert find(edition(), query, limit=1)[0].id == indexed.clause.id


def test_words_of_a_sentence_find_it_among_the_first_three() -> None:
    assert share(telling(4)) == 1


def test_full_pinyin_finds_it_as_words_do() -> None:
    assert share([("".join(lazy_pinyin(piece)), clause) for piece, clause in telling(4)]) > 0.98


def test_initials_find_it() -> None:
    queries = [("".join(s[0] for s in lazy_pinyin(piece)), clause) for piece, clause in telling(6)]
    assert share(queries) > 0.95


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("CG-B1", "CG-B1"),
        ("垃圾", "CG-B1"),
        ("ljfl", "CG-B1"),  # the heading 垃圾分类
        ("lajifenlei", "CG-B1"),
        ("垃圾 收运", "CG-B1"),
        ("laji shouyun", "CG-B1"),
        ("ＣＧ－Ｂ１", "CG-B1"),
        ("信访件", "HB-B1"),
        ("消防隐患", "LD-11"),
        ("负面新闻", "XC-3"),
        ("fmxw", "XC-3"),
        ("网格通", "CG-A3"),
        ("食品安全", "SC-1"),
        ("违规有偿补课", "JY-5"),
        ("wgycbk", "JY-5"),
        ("无偿献血", "WJ-1"),
        ("wcxx", "WJ-1"),
        ("垃圾焚烧", "HB-A3"),
        ("焚烧 垃圾", "HB-A3"),
        ("拉圾分类", "CG-B1"),  # a slip: 拉 for 垃
    ],
)
def test_what_people_type_finds_what_they_mean(query: str, wanted: str) -> None:
    own = {d.id for d in edition().scorecard.departments if not d.id.startswith("龙门")} | {""}
    assert wanted in [c.id for c in find(edition(), query, departments=own, limit=3)]


def test_only_the_departments_of_the_officer_are_offered() -> None:
    found = find(edition(), "投诉", departments={"城市管理办"}, limit=50)
    mine = {i.clause.id for i in index(edition()) if i.department == "城市管理办"}
    assert {c.id for c in found} <= mine
    assert find(edition(), "CG-B1", departments={"公共服务办"}, limit=3) == () or "CG-B1" not in {
        c.id for c in find(edition(), "CG-B1", departments={"公共服务办"}, limit=3)
    }


def test_nothing_typed_gives_the_document_in_its_order() -> None:
    assert [c.id for c in find(edition(), "  ", limit=5)] == [i.clause.id for i in index(edition())][:5]


def test_what_is_nowhere_is_not_found() -> None:
    assert find(edition(), "航空母舰停靠") == ()
