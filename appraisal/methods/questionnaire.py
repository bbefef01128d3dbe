"""The questionnaire behind the protocol of families: weighted answers, scenario levels, gates, the way to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from appraisal.methods.family import Judged, Judgement, Sitting
from appraisal.methods.held_answers import Answer, Held, Sheet, options, percent
from appraisal.methods.next_level import Move, way_to
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.levels import Answers, GateResult, NodeScore, ScenarioLevel
from appraisal.model.questionnaire import Gate, Questionnaire, Scenario, Topic
from appraisal.model.questions import Question
from appraisal.model.rulebook import Subject
from appraisal.model.standing import (
    DepartmentScore,
    Entry,
    EntryKind,
    ItemScore,
    Outcome,
    Say,
    State,
    Verdict,
    Warn,
)

FULL = Fraction(100)
NOTHING = Fraction(0)


class QuestionnaireFamily:
    """Judges questionnaires, firm by firm."""

    def judge(self, sitting: Sitting) -> Judged:
        """Judge every firm of the sitting."""
        book = sitting.edition.as_a(Questionnaire)
        rows = sitting.by_subject()
        firms = [_Firm.of(book, subject, rows[subject.id]) for subject in sitting.roster]
        warnings = tuple(warn for firm in firms for warn in firm.warnings())
        seen: dict[tuple[str, tuple[int, ...]], list[Move]] = {}
        return Judged(judgements=[firm.judgement(seen) for firm in firms], warnings=warnings)


@dataclass(frozen=True, kw_only=True)
class _Firm:
    """One firm: what it has filled in, and what holds for every question and scenario."""

    book: Questionnaire
    subject: Subject
    sheet: Sheet
    held: dict[str, Held]
    scenarios: tuple[ScenarioLevel, ...]

    @classmethod
    def of(cls, book: Questionnaire, subject: Subject, events: list[Event]) -> _Firm:
        sheet = Sheet.of(book, events)
        held = {question.id: sheet.held(question) for question in book.questions()}
        scenarios = tuple(_level(sheet, scenario) for scenario in book.scenarios())
        return cls(book=book, subject=subject, sheet=sheet, held=held, scenarios=scenarios)

    def mark(self, question: Question) -> Fraction:
        """Return the mark of a question from 0 to 100; 0 for one that is not answered."""
        answer = self.held[question.id].answer
        return NOTHING if answer is None else question.score(answer.chosen)

    def open_questions(self) -> list[Question]:
        """Return the questions without an answer."""
        return [question for question in self.book.questions() if self.held[question.id].answer is None]

    def judgement(self, seen: dict[tuple[str, tuple[int, ...]], list[Move]]) -> Judgement:
        """Return everything that the answers come to; `seen` as for `way_to`."""
        items = tuple(self._item(question) for question in self.book.questions())
        total = sum((item.score for item in items), NOTHING)
        gates = tuple(self._gate(gate, total) for gate in self.book.gates)
        passed = [gate for gate in gates if gate.outcome is Outcome.MET]
        best = max(passed, key=lambda gate: gate.level, default=None)
        level = best.level if best else 0
        pending = bool(self.open_questions()) or any(scenario.pending for scenario in self.scenarios)
        order = (Fraction(level), total) if self.book.ranking.by == "level" else (total,)
        following = min((g for g in self.book.gates if g.level > level), key=lambda g: g.level, default=None)
        chosen = {name: held.answer.chosen for name, held in self.held.items() if held.answer is not None}
        way = way_to(self.book, following, chosen, self.scenarios, total, seen) if following else None
        scores = {item.id: item.score for item in items}
        return Judgement(
            subject=self.subject,
            total=total,
            grade=best.name if best else self.book.no_level,
            departments=tuple(self._departments(scores)),
            items=items,
            verdicts=tuple(verdict for gate in gates for verdict in gate.verdicts),
            exhibits=Answers(tree=tuple(self._tree()), scenarios=self.scenarios, gates=gates, way=way),
            provisional=pending,
            order=order,
        )

    def _departments(self, scores: dict[str, Fraction]) -> Iterator[DepartmentScore]:
        for dimension in self.book.dimensions:
            mine = [question.id for topic in dimension.topics for question in topic.questions]
            score = sum((scores[name] for name in mine), NOTHING)
            yield DepartmentScore(id=dimension.name, points=dimension.weight * FULL, score=score)

    def _item(self, question: Question) -> ItemScore:
        held, weight = self.held[question.id], self.book.weights[question.id]
        if held.answer is None:
            say = held.trouble.say if held.trouble else Say("Q320", {"question": question.id})
            return _score(question, weight, NOTHING, State.PENDING, (say,), ())
        mark = self.mark(question)
        points = mark * weight
        told = {"mark": show(mark), "weight": percent(weight), "points": show(points)}
        entries = [_entry(question, held.answer, points, "Q310", told)]
        entries += [_entry(question, other, NOTHING, "Q311", {}) for other in held.passed_over]
        return _score(question, weight, points, State.ASSESSED, (), tuple(entries))

    def _gate(self, gate: Gate, total: Fraction) -> GateResult:
        most = total + sum((FULL * self.book.weights[question.id] for question in self.open_questions()), NOTHING)
        reached = [scenario for scenario in self.scenarios if scenario.level >= gate.level]
        unknown = [scenario for scenario in self.scenarios if scenario.pending]
        stars = [scenario for scenario in reached if scenario.starred]
        more_stars = [scenario for scenario in unknown if scenario.starred]
        verdicts = (
            _verdict(gate, "score", (total, most), gate.score, "Q330", ()),
            _verdict(gate, "scenarios", _counts(reached, unknown), Fraction(gate.scenarios), "Q331", reached),
            _verdict(gate, "starred", _counts(stars, more_stars), Fraction(gate.starred), "Q332", stars),
        )
        outcomes = {verdict.outcome for verdict in verdicts}
        if Outcome.NOT_MET in outcomes:
            outcome = Outcome.NOT_MET
        else:
            outcome = Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.MET
        return GateResult(
            id=gate.id, level=gate.level, name=gate.name, title=gate.title, outcome=outcome, verdicts=verdicts
        )

    def _tree(self) -> Iterator[NodeScore]:
        for dimension in self.book.dimensions:
            inner = list(self._topics(dimension.topics, dimension.weight))
            yield _sum(dimension.id, dimension.name, 1, dimension.weight, [n for n in inner if n.depth == 2])  # noqa: PLR2004  its topics
            yield from inner

    def _topics(self, topics: tuple[Topic, ...], share: Fraction) -> Iterator[NodeScore]:
        for topic in topics:
            leaves = [self._leaf(question) for question in topic.questions]
            yield _sum(topic.id, topic.name, 2, share * topic.weight, leaves)
            yield from leaves

    def _leaf(self, question: Question) -> NodeScore:
        mark, share = self.mark(question), self.book.weights[question.id]
        pending = self.held[question.id].answer is None
        return NodeScore(
            id=question.id, name=question.topic, depth=3, share=share, mark=mark, points=mark * share, pending=pending
        )

    def warnings(self) -> Iterator[Warn]:
        """Yield what people must look at: open questions, figures that say nothing, answers that differ."""
        for question in self.book.questions():
            yield from self._about(question)
        open_scenarios = [scenario.id for scenario in self.scenarios if scenario.pending]
        if open_scenarios:
            yield self._warn("Q202", {"scenarios": "、".join(open_scenarios)}, ())
        for scenario in self.scenarios:
            yield from self._about_scenario(scenario)

    def _about(self, question: Question) -> Iterator[Warn]:
        held = self.held[question.id]
        told = {"question": question.id, "topic": question.topic}
        if held.answer is None:
            why = held.trouble.say if held.trouble else Say("Q320", {"question": question.id})
            events = held.trouble.events if held.trouble else ()
            yield self._warn("Q201", {**why.args, **told, "why": f"@{why.code}"}, events)
        elif held.trouble is not None:
            yield self._warn(
                "Q203", {**held.trouble.say.args, **told, "why": f"@{held.trouble.say.code}"}, held.trouble.events
            )
        for other in held.passed_over:
            if held.answer is not None and other.chosen != held.answer.chosen:
                events = (*held.answer.events, *other.events)
                yield self._warn("Q204", {**told, **_pair(held.answer, other)}, events)

    def _about_scenario(self, scenario: ScenarioLevel) -> Iterator[Warn]:
        told = {"scenario": scenario.id, "name": scenario.name, "level": str(scenario.level)}
        skipped = [level for level in scenario.met if level > scenario.level]
        if skipped:
            shown = {"skipped": "、".join(map(str, skipped)), "gap": str(scenario.level + 1)}
            yield self._warn("Q205", {**told, **shown}, scenario.events[:1])
        first, second = (self.sheet.given.get((scenario.id, source)) for source in self.sheet.sources)
        if first is not None and second is not None and options(first) != options(second):
            pair = {
                "held": ";".join(map(str, options(first))) or "0",
                "other": ";".join(map(str, options(second))) or "0",
            }
            by = {"by": f"@answer_{self.sheet.sources[0]}", "other_by": f"@answer_{self.sheet.sources[1]}"}
            yield self._warn("Q206", {**told, **pair, **by}, (first.id, second.id))

    def _warn(self, code: str, args: dict[str, str], events: tuple[str, ...]) -> Warn:
        say = Say(code, {"subject": self.subject.name, **args})
        return Warn(code=code, say=say, events=events, subject=self.subject.id)


def _entry(question: Question, answer: Answer, points: Fraction, code: str, told: dict[str, str]) -> Entry:
    """Return the line of an answer: of the one that holds its points, of one that does not that it was there."""
    args = {**answer.how.args, **told, "how": f"@{answer.how.code}", "source": f"@answer_{answer.source}"}
    return Entry(
        clause=question.id,
        kind=EntryKind.CLAUSE,
        points=points,
        reason=Say(code, args),
        events=answer.events,
        counted=points,
    )


def _pair(held: Answer, other: Answer) -> dict[str, str]:
    return {
        "held": "、".join(map(str, held.chosen)),
        "other": "、".join(map(str, other.chosen)),
        "by": f"@answer_{held.source}",
        "other_by": f"@answer_{other.source}",
    }


def _score(
    question: Question,
    weight: Fraction,
    score: Fraction,
    state: State,
    reasons: tuple[Say, ...],
    entries: tuple[Entry, ...],
) -> ItemScore:
    return ItemScore(
        id=question.id,
        name=question.topic,
        points=weight * FULL,
        base=NOTHING,
        score=score,
        state=state,
        reasons=reasons,
        entries=entries,
    )


def _level(sheet: Sheet, scenario: Scenario) -> ScenarioLevel:
    """Return the highest level of a scenario with all lower ones met."""
    event = sheet.event(scenario.id)
    met = options(event) if event is not None else ()
    level = 0
    while level + 1 in met:
        level += 1
    source = next((s for s in sheet.sources if (scenario.id, s) in sheet.given), "")
    return ScenarioLevel(
        id=scenario.id,
        name=scenario.name,
        starred=scenario.starred,
        level=level,
        met=met,
        source=source,
        pending=event is None,
        events=(event.id,) if event is not None else (),
    )


def _sum(id_: str, name: str, depth: int, share: Fraction, nodes: list[NodeScore]) -> NodeScore:
    points = sum((node.points for node in nodes), NOTHING)
    pending = any(node.pending for node in nodes)
    return NodeScore(id=id_, name=name, depth=depth, share=share, mark=points / share, points=points, pending=pending)


def _counts(reached: list[ScenarioLevel], unknown: list[ScenarioLevel]) -> tuple[Fraction, Fraction]:
    return Fraction(len(reached)), Fraction(len(reached) + len(unknown))


def _verdict(
    gate: Gate,
    what: str,
    figures: tuple[Fraction, Fraction],
    threshold: Fraction,
    code: str,
    because: tuple[ScenarioLevel, ...] | list[ScenarioLevel],
) -> Verdict:
    """Return one condition of a gate; `figures` are what is reached, and what could be with all that is still open."""
    least, most = figures
    outcome = Outcome.MET if least >= threshold else Outcome.UNKNOWN if most >= threshold else Outcome.NOT_MET
    names = "、".join(scenario.name for scenario in because)
    told = {"figure": show(least), "threshold": show(threshold), "level": gate.name, "names": names or "—"}
    return Verdict(
        id=f"{gate.id}.{what}",
        of=gate.name,
        outcome=outcome,
        what=Say(code, told),
        figure=least,
        threshold=threshold,
        clause=f"{gate.id}.score" if what == "score" else f"{gate.id}.scenarios",
        events=tuple(event for scenario in because for event in scenario.events),
    )
