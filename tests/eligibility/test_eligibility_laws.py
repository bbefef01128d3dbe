"""Laws of selections: order means nothing, knowing more turns no known outcome round, the same in gives the same."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.assess import assess
from appraisal.methods.criteria import Judge
from appraisal.methods.eligibility import units
from appraisal.model.eligibility import FIELD
from appraisal.model.event import Event
from appraisal.model.fields import Choice, Figure, YesNo
from appraisal.model.ruling import Answer, Truth, Value
from appraisal.model.standing import Outcome
from eligibility.applying import DOMAINS, FULL, edition, full, guide
from reports.json import assessment_json, dumps

FIRST = edition().rulebook.valid_from
INPUTS = [name for name, f in guide().field_of.items() if isinstance(f, (YesNo, Figure, Choice))]


def a_value(name: str) -> st.SearchStrategy[Value]:
    field = guide().field_of[name]
    if isinstance(field, YesNo):
        return st.booleans()
    if isinstance(field, Choice):
        return st.sampled_from([option.id for option in field.options])
    if isinstance(field, Figure) and field.kind == "rate":
        return st.sampled_from([Fraction(n, 100) for n in (0, 19, 20, 50, 89, 90, 100)])
    return st.sampled_from([Fraction(n) for n in (0, 1, 2, 3, 4, 5, 9, 10, 19, 20, 40, 1499, 1500, 4500)])


@st.composite
def known(draw: st.DrawFn) -> dict[str, Value]:
    names = draw(st.lists(st.sampled_from(INPUTS), unique=True, max_size=len(INPUTS)))
    return {name: draw(a_value(name)) for name in names}


def truths(answers: dict[str, Value]) -> dict[str, Truth]:
    """Judge every condition of the first seven domains, each for itself."""
    judge = Judge({name: Answer(value=value) for name, value in answers.items()}, units(guide()))
    found: dict[str, Truth] = {}
    for criterion in guide().criterion_by_id.values():
        if not criterion.id.startswith(("B4", "D8", "T")):
            found[criterion.id] = judge.judge(criterion).truth
    return found


@given(known(), known())
def test_knowing_more_never_turns_a_known_outcome_round(first: dict[str, Value], more: dict[str, Value]) -> None:
    before, after = truths(first), truths({**more, **first})
    for name, truth in before.items():
        if truth is not Truth.UNKNOWN:
            assert after[name] is truth, name


@given(known())
def test_what_is_missing_decides_nothing_that_is_known_and_opens_nothing_else(answers: dict[str, Value]) -> None:
    judge = Judge({name: Answer(value=value) for name, value in answers.items()}, units(guide()))
    for criterion in guide().criteria:
        ruling = judge.judge(criterion)
        assert bool(ruling.missing) is (ruling.truth is Truth.UNKNOWN)
        assert (
            not set(ruling.missing) & set(answers)
            or ruling.because == "no_branch"
            or "no_branch" in {part.because for part in ruling.walk()}
        )


def an_event(unit: str, name: str, value: Value, number: int) -> Event:
    assert not isinstance(value, frozenset)
    return Event(
        id=f"{unit}/{name}", date=FIRST, subject=unit, clause=name, kind=FIELD, facts={"value": value}, note=f"{number}"
    )


@given(st.lists(known(), min_size=1, max_size=3), st.integers(0, 2**16))
def test_neither_order_nor_repetition_of_rows_matters(applications: list[dict[str, Value]], seed: int) -> None:
    events = [
        an_event(f"示例{n}", name, value, n) for n, told in enumerate(applications) for name, value in told.items()
    ]
    shuffled = [*events, *events[:3]]
    Random(seed).shuffle(shuffled)  # noqa: S311  no secret
    span = edition().rulebook.default_span()
    one, other = (dumps(assessment_json(assess(edition(), told, span))) for told in (events, shuffled))
    assert one == other


@given(st.lists(known(), min_size=2, max_size=3))
def test_each_unit_is_judged_by_itself(applications: list[dict[str, Value]]) -> None:
    span = edition().rulebook.default_span()
    events = [[an_event(f"示例{n}", *pair, n) for pair in told.items()] for n, told in enumerate(applications)]
    together = {s.subject: s for s in assess(edition(), [e for own in events for e in own], span).standings}
    for n, own in enumerate(events):
        if own:
            (alone,) = assess(edition(), own, span).standings
            assert (alone.grade, alone.verdicts) == (together[f"示例{n}"].grade, together[f"示例{n}"].verdicts)


@pytest.mark.parametrize("name", [*DOMAINS, *(n for n in FULL if n not in DOMAINS)])
def test_every_verdict_cites_a_sentence_and_every_open_one_says_what_to_supply(name: str) -> None:
    sentences = {sentence.id for sentence in guide().sentences()}
    answers = {f: v for f, v in full(name).items() if f in {"domain", "unit_kind", "project_table"}}
    words = {f.id: {o.name: o.id for o in f.options} for f in guide().fields if isinstance(f, Choice)}
    events = [an_event("示例", f, words[f][v], 0) for f, v in answers.items()]
    (standing,) = assess(edition(), events, edition().rulebook.default_span()).standings
    inner = {verdict.of for verdict in standing.verdicts}
    for verdict in standing.verdicts:
        assert verdict.clause in sentences
        if verdict.outcome is Outcome.UNKNOWN and verdict.id not in inner:
            assert verdict.supply, verdict.id
