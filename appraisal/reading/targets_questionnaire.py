"""What the cases of a questionnaire must exercise, and which of it a case does."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.model.event import Event
from appraisal.model.exact import parse_exact, show
from appraisal.model.levels import Answers
from appraisal.model.questionnaire import Questionnaire
from appraisal.model.questions import Band, Change
from appraisal.model.standing import Assessment, ItemScore, Verdict

DERIVED = {"Q304", "Q305"}
HOLDS = "Q310"
"""The sentence of an answer that holds; one that was passed over has another."""
_NEAR = Fraction(1, 100)
_CONDITIONS = ("score", "scenarios", "starred")


def targets(book: Questionnaire) -> set[str]:
    """Name every option, both sides of each band's edge, each derivation, level, fuel, and both sides of each gate."""
    found: set[str] = set()
    for question in book.questions():
        found |= {f"choice:{question.id}:{n}" for n in range(1, question.size + 1)}
        if isinstance(question, Band):
            found |= {f"band:{question.id}:{edge}:{side}" for edge in _edges(question) for side in ("on", "off")}
            found.add(f"derived:{question.id}")
        if isinstance(question, Change):
            found |= {f"derived:{question.id}:{n}" for n in range(1, question.size + 1)}
    for scenario in book.scenarios():
        found |= {f"scenario:{scenario.id}:{n}" for n in range(len(scenario.levels) + 1)}
    for gate in book.gates:
        found |= {f"gate:{gate.name}:{what}:{side}" for what in _CONDITIONS for side in ("on", "off")}
    return found | {f"fuel:{fuel.name}" for fuel in book.fuels}


def _edges(question: Band) -> list[str]:
    return [f"{show(option.upto * 100)}%" for option in question.options[:-1] if option.upto is not None]


def exercised(book: Questionnaire, events: list[Event], assessment: Assessment) -> set[str]:
    """Return which targets a case reaches."""
    found: set[str] = set()
    for standing in assessment.standings:
        for item in standing.items:
            found |= set(_answer(book, item))
        for verdict in standing.verdicts:
            found |= set(_gate(verdict))
        if isinstance(standing.exhibits, Answers):
            found |= {f"scenario:{one.id}:{one.level}" for one in standing.exhibits.scenarios if not one.pending}
    return found | {target for event in events for target in _fuels(book, event)}


def _answer(book: Questionnaire, item: ItemScore) -> Iterator[str]:
    question = book.question_by_id[item.id]
    for entry in item.entries:
        if entry.reason.code != HOLDS:
            continue
        args, how = entry.reason.args, entry.reason.args["how"].removeprefix("@")
        chosen = args["number"] if "number" in args else args["options"]
        yield from (f"choice:{item.id}:{number}" for number in chosen.split("、"))
        if isinstance(question, Band) and "rate" in args:
            rate = parse_exact(args["rate"])
            if how in DERIVED:
                yield f"derived:{item.id}"
            for edge in _edges(question):
                bound = parse_exact(edge)
                if rate == bound:
                    yield f"band:{item.id}:{edge}:on"
                elif bound < rate <= bound + _NEAR:
                    yield f"band:{item.id}:{edge}:off"
        if isinstance(question, Change) and how in DERIVED:
            yield f"derived:{item.id}:{args['number']}"


def _gate(verdict: Verdict) -> Iterator[str]:
    what = verdict.id.rpartition(".")[2]
    if isinstance(verdict.figure, Fraction) and isinstance(verdict.threshold, Fraction):
        if verdict.figure == verdict.threshold:
            yield f"gate:{verdict.of}:{what}:on"
        elif verdict.threshold - 1 <= verdict.figure < verdict.threshold:
            yield f"gate:{verdict.of}:{what}:off"


def _fuels(book: Questionnaire, event: Event) -> Iterator[str]:
    for name in str(event.facts.get("named", "")).split("、"):
        if name in book.fuel_by_name:
            yield f"fuel:{book.fuel_by_name[name].name}"
