"""How a clause is counted, in the words of officials: 每次扣 0.2 分；同一事项只计一次 (and in English)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.errors import Lang, text
from appraisal.model.clauses import Clause, Multiplier, Veto
from appraisal.model.clauses_counted import Amount, Level, Occurrence
from appraisal.model.clauses_duties import Deadline, Quota
from appraisal.model.clauses_judged import Compare, Gap, Grade, Tiers
from appraisal.model.clauses_scored import Composite, Relative, Score
from appraisal.model.exact import show
from appraisal.model.inputs import Measure
from appraisal.model.periods import Every
from appraisal.sentences import band, effect, figure
from reports.wording import listed

_OFTEN = {Every.MONTH: "told_month", Every.QUARTER: "told_quarter", Every.YEAR: "told_year"}


def method_told(clause: Clause, lang: Lang) -> str:
    """Return how a clause is counted as a sentence of several parts, amounts in points."""
    return Told(lang).clause(clause)


class Told:
    """The words of one language."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def clause(self, clause: Clause) -> str:
        """Return the whole sentence."""
        return text("told_join", self.lang).join(filter(None, (*self._own(clause), *self._common(clause))))

    def _say(self, code: str, **args: str | Fraction | int) -> str:
        told = {k: v if isinstance(v, str) else show(Fraction(v)) for k, v in args.items()}
        return text(f"told_{code}", self.lang, **told)

    def _own(self, clause: Clause) -> Iterator[str]:  # noqa: C901, PLR0912  one branch a method
        match clause:
            case Occurrence():
                yield from self._occurrence(clause)
            case Amount():
                yield from self._amount(clause)
            case Tiers():
                earned = any(tier.earn is not None for tier in clause.tiers)
                for tier in clause.tiers:
                    yield f"{band(tier, clause.measure)} {self._effect(tier.points, earned=earned)}"
                for word, level in clause.levels.items():
                    yield f"{word} {self._effect(level.points)}"
            case Grade():
                for word, level in clause.levels.items():
                    yield f"{word} {self._effect(level.points)}"
            case Score():
                yield from self._score(clause)
            case Composite():
                parts = "＋".join(f"{name} {figure(weight, Measure.RATE)}" for name, weight in clause.parts.items())
                yield self._say("composite", parts=parts, full=clause.full, worth=clause.worth)
            case Gap():
                yield from self._gap(clause)
            case Compare():
                yield self._say(f"compare_{clause.side}", amount=clause.deduct)
            case Relative():
                yield self._say(f"relative_{clause.to}", worth=clause.worth, round=clause.round)
            case Quota():
                yield from self._quota(clause)
            case Deadline():
                yield from self._deadline(clause)
            case Veto():
                yield self._say(f"veto_{clause.zero}")
                yield self._say("veto_last") if clause.rank == "last" else ""
            case Multiplier():
                yield self._multiplier(clause)
            case _:
                yield self._say(clause.method)

    def _effect(self, points: Fraction, *, earned: bool = False) -> str:
        code, amount = ("S036", "0") if earned and not points else effect(points)
        return text(code, self.lang, amount=amount)

    def _occurrence(self, clause: Occurrence) -> Iterator[str]:
        way = "add" if clause.sign > 0 else "deduct"
        unit = clause.unit or text("told_times", self.lang)
        if clause.amount is not None:
            yield self._say(f"{'once' if clause.once else 'each'}_{way}", unit=unit, amount=clause.amount)
        if clause.levels:
            words = listed((self._level(word, level, way) for word, level in clause.levels.items()), self.lang)
            yield self._say(f"levels_{clause.level_effect}", words=words, unit=unit)
        if clause.per == "value":
            yield self._say("per_value")
        if clause.again is not None:
            yield self._say("again", start=clause.again.start, times=clause.again.times)
        if clause.same_matter == "once":
            yield self._say("matter_once")
        if clause.count == "ignored":
            yield self._say("count_ignored")

    def _level(self, word: str, level: Level, way: str) -> str:
        if level.times is not None:
            return self._say("level_times", word=word, times=level.times)
        return self._say(f"level_{way}" if level.amount else "level_nothing", word=word, amount=level.amount or 0)

    def _amount(self, clause: Amount) -> Iterator[str]:
        yield self._say(f"amount_{'add' if clause.sign > 0 else 'deduct'}")
        if clause.most is not None:
            yield self._say("amount_between", least=clause.least, most=clause.most)
        elif clause.least:
            yield self._say("amount_least", least=clause.least)
        if clause.step is not None:
            yield self._say("amount_step", step=clause.step)

    def _score(self, clause: Score) -> Iterator[str]:
        plain = clause.measure is Measure.POINTS and clause.full == clause.worth
        code = f"score_{clause.form}{'_plain' if plain else ''}"
        yield self._say(code, full=figure(clause.full, clause.measure), worth=clause.worth)
        if clause.several != "refuse":
            yield self._say(f"several_{clause.several}")
        if clause.round is not None:
            yield self._say("rounded", round=clause.round)
        for word, meaning in clause.levels.items():
            yield self._say(f"word_{meaning}", word=word)

    def _gap(self, clause: Gap) -> Iterator[str]:
        yield self._say(f"gap_{clause.side}", step=figure(clause.step, clause.measure), amount=clause.deduct)
        if clause.target is not None:
            yield self._say("gap_target", target=figure(clause.target, clause.measure))
        yield self._say(f"gap_{clause.partial}")
        if clause.most is not None:
            yield self._say("most", most=clause.most)

    def _quota(self, clause: Quota) -> Iterator[str]:
        unit = clause.unit if clause.unit not in {"", "月", "季", "年"} else text("told_times", self.lang)
        yield self._say(f"quota_{clause.every.value}", number=clause.required_number, unit=unit)
        if clause.deduct_once:
            yield self._say("quota_missed", amount=clause.deduct_once)
        if clause.deduct_each:
            yield self._say("quota_short", unit=unit, amount=clause.deduct_each)
        if not clause.deduct_once and not clause.deduct_each:
            yield self._say("fact")
        if clause.most is not None:
            yield self._say("most", most=clause.most)
        yield from self._excuses(clause.excuses)

    def _deadline(self, clause: Deadline) -> Iterator[str]:
        after = clause.due.months_after
        code = {0: "due_same", 1: "due_next"}.get(after, "due_after")
        yield self._say(code, months=after, day=clause.due.day, amount=clause.deduct)
        yield from self._excuses(clause.excuses)

    def _excuses(self, words: tuple[str, ...]) -> Iterator[str]:
        if words:
            yield self._say("excused", words=listed(words, self.lang))

    def _multiplier(self, clause: Multiplier) -> str:
        bands = listed((self._say("band", first=b.first, last=b.last, times=b.times) for b in clause.bands), self.lang)
        return self._say("multiplier", after=clause.after, bands=bands, round=clause.round)

    def _common(self, clause: Clause) -> Iterator[str]:
        if clause.method not in {"quota", "deadline", "multiplier", "fact", "procedure", "heading"}:
            yield text(_OFTEN[clause.frequency], self.lang) if clause.frequency in _OFTEN else ""
        if clause.required:
            yield self._say(f"until_{getattr(clause, 'until_known', 'full')}")
        if clause.needs_confirmation:
            yield self._say("confirmed")
        if clause.decision_needed:
            yield self._say("decided")
        if clause.evidence_needed:
            yield self._say("evidence")
