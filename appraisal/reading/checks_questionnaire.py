"""What can be wrong across a questionnaire: weights, scores, bands, figures, gates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import cast

from appraisal.errors import Finding
from appraisal.model.exact import show
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.questions import Band, Change, Multiple, Question
from appraisal.reading.checks_head import readings_of, twice
from appraisal.reading.checks_parts import Book
from appraisal.reading.yaml_places import PathTo

FULL = Fraction(1)
DIRECTIONS = ["down", "flat", "up"]
Placed = tuple[PathTo, Question]


def _book(book: Book) -> Questionnaire:
    return cast("Questionnaire", book.rulebook)


def _questions(book: Book) -> Iterator[Placed]:
    for d, dimension in enumerate(_book(book).dimensions):
        for t, topic in enumerate(dimension.topics):
            for q, question in enumerate(topic.questions):
                yield ("dimensions", d, "topics", t, "questions", q), question


def weights(book: Book) -> Iterator[Finding]:
    """Find parts whose weights do not add up to 100 %."""
    rulebook = _book(book)
    yield from _whole(book, ("dimensions",), rulebook.id, [d.weight for d in rulebook.dimensions])
    for d, dimension in enumerate(rulebook.dimensions):
        path: PathTo = ("dimensions", d, "topics")
        yield from _whole(book, path, dimension.name, [topic.weight for topic in dimension.topics])
        for t, topic in enumerate(dimension.topics):
            inner: PathTo = (*path, t, "questions")
            yield from _whole(book, inner, topic.name, [question.weight for question in topic.questions])


def _whole(book: Book, path: PathTo, name: str, parts: list[Fraction]) -> Iterator[Finding]:
    total = sum(parts, Fraction(0))
    if book.all_listed(path) and total != FULL:
        terms = " + ".join(f"{show(part * 100)}%" for part in parts)
        yield book.finding("Q101", path, name=name, sum=f"{terms} = {show(total * 100)}%")


def ids(book: Book) -> Iterator[Finding]:
    """Find parts that share an id, whatever they are: an input row and a reading name them by it alone."""
    rulebook = _book(book)
    found: list[tuple[PathTo, str]] = []
    for d, dimension in enumerate(rulebook.dimensions):
        found.append((("dimensions", d), dimension.id))
        found += [(("dimensions", d, "topics", t), topic.id) for t, topic in enumerate(dimension.topics)]
    for path, question in _questions(book):
        found.append((path, question.id))
        found += [((*path, "figures", n), figure.id) for n, figure in enumerate(question.figures)]
    for a, area in enumerate(rulebook.areas):
        found.append((("areas", a), area.id))
        found += [(("areas", a, "scenarios", s), scenario.id) for s, scenario in enumerate(area.scenarios)]
    found += [(("gates", n), gate.id) for n, gate in enumerate(rulebook.gates)]
    found += [(("rules", n), rule.id) for n, rule in enumerate(rulebook.rules)]
    yield from twice(book, "parts", found)
    yield from readings_of(book, {*(name for _, name in found), rulebook.ranking.id, rulebook.sources.id})


def scores(book: Book) -> Iterator[Finding]:
    """Find questions whose scores or exclusive option do not fit their options."""
    for path, question in _questions(book):
        if isinstance(question, Multiple):
            if question.none > question.size:
                yield book.finding("Q106", (*path, "none"), question=question.id, most=str(question.size))
            continue
        if len(question.scores) != question.size:
            given = str(len(question.scores))
            yield book.finding(
                "Q102", (*path, "scores"), question=question.id, scores=given, options=str(question.size)
            )
        for n, score in enumerate(question.scores):
            if not 0 <= score <= 100:  # noqa: PLR2004  the range of a mark
                yield book.finding("Q110", (*path, "scores", n), question=question.id, score=show(score))


def options(book: Book) -> Iterator[Finding]:
    """Find bands that do not rise to 100 %, and changes without each direction once."""
    for path, question in _questions(book):
        if isinstance(question, Band):
            bounds = [option.upto for option in question.options]
            known = [bound for bound in bounds if bound is not None]
            if len(known) != len(bounds) or any(a >= b for a, b in pairwise(known)):
                shown = ", ".join("—" if bound is None else f"{show(bound * 100)}%" for bound in bounds)
                yield book.finding("Q103", (*path, "options"), question=question.id, bounds=shown)
        if isinstance(question, Change):
            found = sorted(option.means or "—" for option in question.options)
            if found != DIRECTIONS:
                yield book.finding("Q104", (*path, "options"), question=question.id, found=", ".join(found))


def figures(book: Book) -> Iterator[Finding]:
    """Find derivations from figures that no question asks for."""
    known = list(_book(book).figure_by_id)
    for path, question in _questions(book):
        for inner, name in _named(question):
            yield from book.unknown("Q105", (*path, *inner), name, known, question=question.id)


def _named(question: Question) -> Iterable[tuple[PathTo, str]]:
    if isinstance(question, Band):
        share = question.of
        yield from ((("of", "over", n), name) for n, name in enumerate(share.over))
        yield from ((("of", "under", n), name) for n, name in enumerate(share.under))
        yield from ((("of", key), name) for key, name in (("years", share.years), ("yearly", share.yearly)) if name)
    elif isinstance(question, Change):
        for key, side in (("now", question.now), ("before", question.before)):
            yield (key, "over"), side.over
            if side.under:
                yield (key, "under"), side.under


def gates(book: Book) -> Iterator[Finding]:
    """Find gates that nobody could pass, and levels that no scenario has."""
    rulebook = _book(book)
    scenarios = list(rulebook.scenarios())
    stars = sum(1 for scenario in scenarios if scenario.starred)
    levels = max(len(scenario.levels) for scenario in scenarios)
    for n, gate in enumerate(rulebook.gates):
        path: PathTo = ("gates", n)
        if gate.level > levels:
            yield book.finding("Q107", (*path, "level"), gate=gate.name, level=str(gate.level), levels=str(levels))
        if gate.starred > min(stars, gate.scenarios) or gate.scenarios > len(scenarios):
            asked, there = (str(gate.scenarios), str(gate.starred)), (str(len(scenarios)), str(stars))
            yield book.finding(
                "Q108", path, gate=gate.name, scenarios=asked[0], starred=asked[1], all=there[0], stars=there[1]
            )


def alternatives(book: Book) -> Iterator[Finding]:
    """Find alternatives that do not stand in the sentence that they are said to be part of."""
    for a, area in enumerate(_book(book).areas):
        for s, scenario in enumerate(area.scenarios):
            for n, level in enumerate(scenario.levels):
                for i, text in enumerate(level.any_of):
                    if text not in level.whole:
                        path: PathTo = ("areas", a, "scenarios", s, "levels", n, "any_of", i)
                        yield book.finding("Q109", path, scenario=scenario.name, level=str(n + 1))


CHECKS = (weights, ids, scores, options, figures, gates, alternatives)
