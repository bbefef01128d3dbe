"""The engine and the plain matcher keep one contract, and give the same answers on random rulebooks and incidents."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import permutations

import plain
import pytest
from books import CLAUSES, LEVELS, edition, event, incident, kind, rule
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.inference.checks import problems
from appraisal.inference.engine import classify, is_incident, unclassified
from appraisal.inference.joins import joins
from appraisal.model.edition import Edition
from appraisal.model.event import Event

pytestmark = pytest.mark.inference

TOPIC = {"words": ["食安", "城管", "其他"], "default": "其他"}
WHOLE = {"type": "whole"}


def engine_answers(book: Edition, incidents: Iterable[Event]) -> dict[str, plain.Answer | None]:
    """Return what the engine makes of each incident, as the plain matcher says it."""
    told = classify(book, incidents)
    assert not told.quarantined
    found: dict[str, plain.Answer | None] = dict.fromkeys(told.unmatched)
    for made in told.events:
        assert made.id == f"{made.derived_from}~{made.id.rsplit('~', 1)[1]}"
        found[made.derived_from] = (made.id.rsplit("~", 1)[1], made.clause, made.level, made.count)
    return found


class MatcherContract:
    """What every matcher does."""

    def answers(self, book: Edition, incidents: Iterable[Event]) -> dict[str, plain.Answer | None]:
        raise NotImplementedError

    def test_first_rule_that_holds_answers_and_the_others_do_not(self) -> None:
        special = rule("special", {"fact": "x_topic", "is": "食安"}, {"fact": "x_n", "at_least": "3"}, clause="K-2")
        general = rule("general", {"fact": "x_topic", "is": "食安"})
        book = edition(kinds=[kind(x_topic=TOPIC, x_n=WHOLE)], rules=[special, general])
        told = [incident("a", x_topic="食安", x_n="3"), incident("b", x_topic="食安", x_n="2")]
        assert self.answers(book, told) == {"a": ("special", "K-2", "", 1), "b": ("general", "K-1", "", 1)}

    def test_no_rule_is_an_answer(self) -> None:
        book = edition(kinds=[kind(x_topic=TOPIC)], rules=[rule("r", {"fact": "x_topic", "is": "食安"})])
        told = [incident("a"), incident("b", x_topic="食安"), incident("c", x_topic="城管")]
        assert self.answers(book, told) == {"a": None, "b": ("r", "K-1", "", 1), "c": None}

    def test_absent_fact_counts_as_its_default(self) -> None:
        rules = [
            rule("r", {"fact": "x_topic", "is": "其他"}),
            rule("q", {"fact": "x_n", "at_least": "5"}, clause="K-2"),
        ]
        book = edition(kinds=[kind(x_topic=TOPIC, x_n={**WHOLE, "default": "7"})], rules=rules)
        assert self.answers(book, [incident("a")]) == {"a": ("r", "K-1", "", 1)}
        assert self.answers(book, [incident("a", x_topic="食安")]) == {"a": ("q", "K-2", "", 1)}

    def test_absent_number_without_default_meets_no_condition(self) -> None:
        for number, condition in enumerate(({"at_most": "5"}, {"at_least": "-5"}, {"is": "0"}, {"is_not": "9"})):
            book = edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", {"fact": "x_n", **condition})])
            assert self.answers(book, [incident("a"), incident("b", x_n="0")]) == {
                "a": None,
                "b": ("r", "K-1", "", 1),
            }, number

    def test_bounds_belong_to_the_range(self) -> None:
        both = ({"fact": "x_n", "at_least": "-2"}, {"fact": "x_n", "at_most": "2"})
        book = edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", *both)])
        told = [incident(str(n), x_n=str(n)) for n in (-3, -2, 0, 2, 3)]
        inside = ("r", "K-1", "", 1)
        assert self.answers(book, told) == {"-3": None, "-2": inside, "0": inside, "2": inside, "3": None}

    def test_text_that_contains_a_word(self) -> None:
        rules = [
            rule("r", {"fact": "note", "contains": "迎国检"}),
            rule("q", {"fact": "note", "contains": '"\\'}, clause="K-2"),
        ]
        book = edition(kinds=[kind(note={})], rules=rules)
        notes = {"a": "2020年迎国检通报", "b": "迎检", "c": 'say "\\"', "d": ""}
        told = [Event(id=i, date=incident("x").date, kind="ticket", note=note) for i, note in notes.items()]
        assert self.answers(book, told) == {"a": ("r", "K-1", "", 1), "b": None, "c": ("q", "K-2", "", 1), "d": None}

    def test_level_and_count_come_from_facts(self) -> None:
        facts = {"level": {"words": list(LEVELS)}, "count": WHOLE}
        rules = [
            rule("r", {"fact": "level", "is_not": "区"}, level_from="level", count_from="count"),
            rule("q", level="区"),
        ]
        book = edition(kinds=[kind(**facts)], rules=rules)
        told = [incident("a", level="市", count=4), incident("b"), incident("c", level="区", count=4)]
        assert self.answers(book, told) == {
            "a": ("r", "K-1", "市", 4),
            "b": ("r", "K-1", "", 1),
            "c": ("q", "K-1", "区", 1),
        }

    def test_kinds_are_apart(self) -> None:
        kinds = [kind("ticket", x_topic=TOPIC), kind("case", x_topic=TOPIC)]
        rules = [rule("t", kind="ticket"), rule("c", {"fact": "x_topic", "is": "食安"}, kind="case", clause="K-2")]
        book = edition(kinds=kinds, rules=rules)
        told = [incident("a", "ticket"), incident("b", "case"), incident("c", "case", x_topic="食安")]
        assert self.answers(book, told) == {"a": ("t", "K-1", "", 1), "b": None, "c": ("c", "K-2", "", 1)}


class TestEngine(MatcherContract):
    def answers(self, book: Edition, incidents: Iterable[Event]) -> dict[str, plain.Answer | None]:
        return engine_answers(book, incidents)


class TestPlain(MatcherContract):
    def answers(self, book: Edition, incidents: Iterable[Event]) -> dict[str, plain.Answer | None]:
        return plain.answers(book, incidents)


FACTS = {
    "level": {"words": list(LEVELS)},
    "x_topic": TOPIC,
    "x_free": {"default": "甲"},
    "x_n": WHOLE,
    "x_m": {**WHOLE, "default": "2"},
    "count": WHOLE,
}
WORDS = {"level": [*LEVELS, ""], "x_topic": TOPIC["words"], "x_free": ["甲", "乙丙", "1", '"', "\\", "丙\n", ""]}
NUMBERS = st.integers(-3, 5).map(str)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, object]:
    fact = draw(st.sampled_from(["level", "x_topic", "x_free", "x_n", "x_m", "count"]))
    constants = st.sampled_from(WORDS[fact]) if fact in WORDS else NUMBERS
    forms = (
        ["is", "is_not", "one_of", "contains"] if fact in WORDS else ["is", "is_not", "one_of", "at_least", "at_most"]
    )
    form = draw(st.sampled_from(forms))
    if form == "one_of":
        return {"fact": fact, form: draw(st.lists(constants, min_size=1, max_size=3))}
    return {"fact": fact, form: draw(constants)}


@st.composite
def books(draw: st.DrawFn) -> Edition:
    """Draw a rulebook of which every rule is sound; faulty ones are dropped, as an author would."""
    rules = []
    for number in range(draw(st.integers(1, 8))):
        then = draw(st.sampled_from([{}, {"level": "市"}, {"level_from": "level"}, {"count_from": "count"}]))
        when = draw(st.lists(conditions(), max_size=3))
        place = draw(st.sampled_from(["ticket", "case"]))
        new = rule(f"r{number}", *when, kind=place, clause=draw(st.sampled_from(CLAUSES)), **then)
        if not problems(edition(kinds=KINDS, rules=[*rules, new]).rulebook):
            rules.append(new)
    return edition(kinds=KINDS, rules=rules)


KINDS = [kind("ticket", **FACTS), kind("case", **FACTS)]


@st.composite
def incidents(draw: st.DrawFn) -> list[Event]:
    told = []
    for number in range(draw(st.integers(1, 25))):
        facts = {name: draw(st.sampled_from(words)) for name, words in WORDS.items() if draw(st.booleans())}
        facts |= {name: draw(NUMBERS) for name in ("x_n", "x_m") if draw(st.booleans())}
        facts |= {"count": draw(st.integers(1, 4))} if draw(st.booleans()) else {}
        told.append(incident(f"i{number}", draw(st.sampled_from(["ticket", "case"])), **facts))
    return told


@settings(max_examples=80, deadline=None)
@given(books(), incidents(), st.randoms(use_true_random=False))
def test_engine_agrees_with_plain_python_whatever_the_order(
    book: Edition, told: list[Event], shuffler: random.Random
) -> None:
    shuffled = list(told)
    shuffler.shuffle(shuffled)
    assert engine_answers(book, shuffled) == plain.answers(book, told)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(conditions(), max_size=3), min_size=1, max_size=5), incidents())
def test_rules_found_unanswering_never_answer(whens: list[list[dict[str, object]]], told: list[Event]) -> None:
    rules = [rule(f"r{number}", *when) for number, when in enumerate(whens)]
    book = edition(kinds=KINDS, rules=rules)
    silent = {problem.args["rule"] for problem in problems(book.rulebook) if problem.code in {"I006", "I007"}}
    answered = {found[0] for found in plain.answers(book, told).values() if found}
    assert not silent & answered


def test_masked_and_contradictory_rules_are_found() -> None:
    cases = {
        "I006": [
            ([{"fact": "x_topic", "one_of": ["食安", "城管"]}], [{"fact": "x_topic", "is": "食安"}]),
            ([{"fact": "x_n", "at_least": "3"}], [{"fact": "x_n", "at_least": "4"}, {"fact": "x_topic", "is": "食安"}]),
            ([], [{"fact": "x_n", "is": "3"}]),
            ([{"fact": "x_free", "contains": "国检"}], [{"fact": "x_free", "contains": "迎国检"}]),
            ([{"fact": "x_free", "is_not": "乙"}], [{"fact": "x_free", "is": "甲"}]),
            ([{"fact": "x_topic", "is_not": "城管"}], [{"fact": "x_topic", "one_of": ["食安", "其他"]}]),
        ],
        "I007": [
            ([], [{"fact": "x_n", "at_least": "3"}, {"fact": "x_n", "at_most": "2"}]),
            ([{"fact": "x_n", "is": "1"}], [{"fact": "x_topic", "is": "食安"}, {"fact": "x_topic", "is": "城管"}]),
        ],
    }
    for code, pairs in cases.items():
        for first, second in pairs:
            book = edition(kinds=KINDS, rules=[rule("first", *first), rule("second", *second)])
            assert [(p.code, p.args["rule"]) for p in problems(book.rulebook)] == [(code, "second")], second


def test_rules_that_leave_something_to_answer_are_not_called_masked() -> None:
    pairs = [
        ([{"fact": "x_free", "is_not": "乙"}], [{"fact": "x_n", "is": "3"}]),
        ([{"fact": "x_free", "is_not": "乙"}], [{"fact": "x_free", "contains": "乙"}]),
        ([{"fact": "x_n", "at_least": "3"}], [{"fact": "x_n", "at_least": "2"}]),
        ([{"fact": "x_n", "at_most": "3"}], [{"fact": "x_n", "at_most": "4"}]),
        ([{"fact": "x_n", "at_least": "0"}], [{"fact": "x_topic", "is": "食安"}]),
        ([{"fact": "x_free", "contains": "迎国检"}], [{"fact": "x_free", "contains": "国检"}]),
        ([{"fact": "x_topic", "is": "食安"}], [{"fact": "x_topic", "one_of": ["食安", "城管"]}]),
        ([{"fact": "x_free", "is": "甲"}], [{"fact": "x_free", "contains": "甲"}]),
    ]
    for first, second in pairs:
        book = edition(kinds=KINDS, rules=[rule("first", *first), rule("second", *second)])
        assert problems(book.rulebook) == [], second


def test_an_overlap_that_is_switched_off_settles_nothing() -> None:
    told = [event("e1", "K-2", matter="m"), event("e2", "K-1", matter="m")]
    for active in (True, False):
        for settles in ({"together": ["K-2", "K-1"]}, {"prevails": "K-2", "over": ["K-1"]}):
            overlap = {"id": "o", "active": active, **settles}
            book = edition(overlaps=[overlap], joins=[{"id": "j", "warn": "示例"}])
            assert bool(joins(book, told)) is not active


@st.composite
def logs(draw: st.DrawFn) -> tuple[Edition, list[Event]]:
    pairs = st.lists(st.sampled_from(CLAUSES), min_size=2, max_size=3, unique=True)
    together = [{"id": f"o{n}", "together": draw(pairs)} for n in range(draw(st.integers(0, 1)))]
    over = draw(st.lists(pairs, max_size=1))
    prevailing = [{"id": "p", "prevails": one[0], "over": one[1:], "active": draw(st.booleans())} for one in over]
    sides = st.lists(st.sampled_from(CLAUSES), max_size=2, unique=True)
    asked = [{"id": "j", "warn": "示例", "first": draw(sides), "second": draw(sides)}]
    often = [{"id": "n", "warn": "示例", "clauses": ["K-1", "K-2"], "times": draw(st.integers(2, 3))}]
    book = edition(overlaps=[*together, *prevailing], joins=asked, repeats=often)
    rows = st.tuples(
        st.sampled_from(CLAUSES), st.sampled_from(["S1", "S2"]), st.sampled_from(["", "m1", "m2"]), st.integers(1, 28),
        st.integers(3, 4),
    )  # fmt: skip
    told = [
        event(f"e{n}", clause, subject=subject, matter=matter, day=day, month=month)
        for n, (clause, subject, matter, day, month) in enumerate(draw(st.lists(rows, max_size=14)))
    ]
    return book, told


@settings(max_examples=80, deadline=None)
@given(logs(), st.randoms(use_true_random=False))
def test_joins_agree_with_plain_python_whatever_the_order(
    case: tuple[Edition, list[Event]], shuffler: random.Random
) -> None:
    book, told = case
    shuffled = list(told)
    shuffler.shuffle(shuffled)
    warnings = joins(book, shuffled)
    assert warnings == joins(book, told)
    doubled = {(w.subject, w.say.args["matter"], w.events) for w in warnings if w.code == "W101"}
    often = {(w.subject, w.say.args["clause"], w.events) for w in warnings if w.code == "W102"}
    assert len(doubled) + len(often) == len(warnings)
    assert doubled == plain.double_charges(book, told)
    assert often == plain.repeats(book, told)


def test_what_has_been_classified_is_not_classified_again() -> None:
    book = edition(kinds=[kind()], rules=[rule("r")])
    told = [incident("a"), incident("b"), event("e", "K-1")]
    made = classify(book, told[:1]).events
    assert unclassified([*told, *made]) == [told[1]]
    assert not is_incident(made[0])


def test_the_same_incidents_in_any_order_give_the_same_events() -> None:
    book = edition(kinds=[kind(x_topic=TOPIC)], rules=[rule("r", {"fact": "x_topic", "is": "食安"})])
    told = [incident("a", x_topic="食安"), incident("b"), incident("c", x_topic="食安")]
    results = {repr(classify(book, some)) for some in permutations(told)}
    assert len(results) == 1
