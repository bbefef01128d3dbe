"""One subject of a questionnaire, selection or survey at a glance: the result, its conditions, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.web.views.model import View
from appraisal.errors import Lang
from appraisal.model.exact import Exact
from appraisal.model.levels import Answers
from appraisal.model.ruling import Needed, Screening
from appraisal.model.standing import Outcome, Standing, Verdict
from reports.ledger import sentences
from reports.material import Material
from reports.wording import said


class Condition(View):
    """A condition that is not met, or not yet known: what it asks beside what there is, and its sentence."""

    outcome: Outcome
    words: str
    sentence: str


class Gate(View):
    """A level or a condition of the first order: how it ended, and which of the conditions inside it hold it back."""

    name: str
    outcome: Outcome
    lacking: tuple[Condition, ...]


class Supply(View):
    """What a unit still has to say, with the evidence that the document asks for."""

    name: str
    unit: str
    evidence: tuple[str, ...]


class Glance(View):
    """The result of one subject at a glance; without a total where the family has no points."""

    grade: str
    total: Exact | None
    rank: int | None
    of: int
    provisional: bool
    gates: tuple[Gate, ...]
    supply: tuple[Supply, ...]


def glance(standing: Standing, about: Material) -> Glance:
    """Return what stands on top of a subject's page."""
    shown = standing.exhibits
    pointed = not isinstance(shown, Screening)
    words = sentences(about)
    gates = _levels(shown, words, about.lang) if isinstance(shown, Answers) else _conditions(standing, words, about)
    needed: Iterable[Needed] = shown.needed if isinstance(shown, Screening) else ()
    return Glance(
        grade=standing.grade or "",
        total=standing.total if pointed else None,
        rank=standing.rank if pointed else None,
        of=len(about.assessment.standings),
        provisional=standing.provisional,
        gates=tuple(gates),
        supply=tuple(Supply(name=n.name, unit=n.unit, evidence=n.evidence) for n in needed),
    )


def _lacking(verdicts: Iterable[Verdict], words: dict[str, str], lang: Lang) -> tuple[Condition, ...]:
    return tuple(
        Condition(outcome=v.outcome, words=said(v.what, lang), sentence=words.get(v.clause, ""))
        for v in verdicts
        if v.outcome is not Outcome.MET
    )


def _levels(shown: Answers, words: dict[str, str], lang: Lang) -> Iterator[Gate]:
    for gate in shown.gates:
        name = f"{gate.name}（{gate.title}）" if gate.title else gate.name
        yield Gate(name=name, outcome=gate.outcome, lacking=_lacking(gate.verdicts, words, lang))


def _conditions(standing: Standing, words: dict[str, str], about: Material) -> Iterator[Gate]:
    """Yield the conditions of the first order; those inside one that holds are not told."""
    inside: dict[str, list[Verdict]] = {}
    for verdict in standing.verdicts:
        inside.setdefault(verdict.of, []).append(verdict)

    def leaves(name: str) -> Iterator[Verdict]:
        for verdict in inside.get(name, ()):
            if inside.get(verdict.id):
                yield from leaves(verdict.id) if verdict.outcome is not Outcome.MET else ()
            else:
                yield verdict

    for top in inside.get("", ()):
        name = said(top.what, about.lang)
        held_back = [] if top.outcome is Outcome.MET else list(leaves(top.id)) or [top]
        yield Gate(name=name, outcome=top.outcome, lacking=_lacking(held_back, words, about.lang))
