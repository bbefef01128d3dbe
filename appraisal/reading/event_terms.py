"""What a row says, checked against what its clause or its kind of incident accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from appraisal.model.clauses import Clause, Heading
from appraisal.model.conditions import FactSpec, Kind
from appraisal.model.event import Scalar
from appraisal.model.exact import parse_exact, show
from appraisal.model.inputs import CountUse, Inputs, Measure, ValueRule
from appraisal.model.scorecard import Scorecard
from appraisal.reading.cells import Wrong, even, parse_count, parse_number
from appraisal.reading.nearest import Nearest, plain

_WHOLE = re.compile(r"[+-]?\d{1,15}(?:\.0+)?", re.ASCII)
_NUMBERS = ("value", "benchmark")


@dataclass(frozen=True)
class Said:
    """The columns of a row that its clause or kind decides about, as text."""

    clause: str
    kind: str
    count: str
    level: str
    value: str
    benchmark: str
    part: str
    pure: bool


@dataclass(frozen=True)
class Terms:
    """What came of it: the facts of the event, what is wrong, and what the rest of the row must satisfy."""

    facts: Mapping[str, Scalar] = field(default_factory=dict)
    wrongs: tuple[Wrong, ...] = ()
    clause: str = ""
    kind: str = ""
    incident: bool = False
    month_needed: bool = False
    period_needed: bool = False
    note_needed: bool = False
    pure: bool = False


@dataclass(frozen=True)
class _Same:
    """A rulebook that equals only itself."""

    rulebook: Scorecard

    def __hash__(self) -> int:
        return id(self.rulebook)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.rulebook is self.rulebook


@lru_cache(maxsize=16)
def _accepting(key: _Same) -> Accepting:
    return Accepting(key.rulebook)


def accepting(rulebook: Scorecard) -> Accepting:
    """Return what a rulebook accepts, worked out once: a form asks for every line that is logged."""
    return _accepting(_Same(rulebook)).anew()


class Accepting:
    """The clauses and kinds of a rulebook, ready to be asked often."""

    def __init__(self, rulebook: Scorecard) -> None:
        self.clauses: dict[str, Clause] = {clause.id: clause for clause in rulebook.clauses()}
        self._inputs: dict[str, Inputs] = {name: clause.inputs() for name, clause in self.clauses.items()}
        kinds = rulebook.inference.kinds
        self._kinds: dict[str, Kind] = {word: kind for kind in reversed(kinds) for word in (kind.name, kind.id)}
        self._limits = {limit.id for item in rulebook.items() for limit in item.limits}
        loggable = [name for name, inputs in self._inputs.items() if inputs.loggable]
        self._near_clauses = Nearest(loggable)
        self._clause_words = {plain(name): name for name in self.clauses}

    def anew(self) -> Accepting:
        """Return the same for another run, which remembers nothing of the slips in this one."""
        made = copy(self)
        made.__dict__.update(_near_clauses=self._near_clauses.anew())
        return made

    def terms(self, said: Said) -> Terms:
        """Check a row that names a clause, or only withdraws another row, or says nothing at all."""
        if said.clause:
            return self._of_clause(said)
        if not said.pure:
            return Terms(wrongs=(Wrong("E036", "clause"),))
        given = [name for name in ("level", "value", "benchmark", "part") if getattr(said, name)]
        wrongs = [Wrong("E077", name) for name in given]
        if said.count and parse_count(said.count) != 1:
            wrongs.append(Wrong("E077", "count"))
        return Terms(wrongs=tuple(wrongs), pure=True)

    def incident(self, said: Said, texts: Mapping[str, str]) -> Terms:
        """Check a raw incident against its kind; `texts` holds its columns by name, free ones among them."""
        wrong = self._kind_wrong(said.kind)
        if wrong is not None:
            return Terms(wrongs=(wrong,), incident=True)
        kind = self._kinds[said.kind]
        facts: dict[str, Scalar] = {name: text for name, text in texts.items() if name.startswith("x_")}
        wrongs: list[Wrong] = []
        for name, spec in kind.facts.items():
            fact = _fact(name, spec, texts.get(name, ""))
            if isinstance(fact, Wrong):
                wrongs.append(fact)
            elif name == "count":
                continue  # is read below, as for any row
            elif fact != "" and (name in {"level", "part", "value", "benchmark"} or name.startswith("x_")):
                facts[name] = fact
        known = ", ".join(f"{spec.name or name} ({name})" for name, spec in kind.facts.items()) or "—"
        wrongs += [
            Wrong("E084", name, {"kind": kind.name, "known": known})
            for name in ("level", "part", "value", "benchmark")
            if name not in kind.facts and texts.get(name)
        ]
        count = parse_count(said.count) if said.count else 1
        if isinstance(count, Wrong):
            wrongs.append(count)
        elif count != 1:
            facts["count"] = count
            if "count" not in kind.facts:
                wrongs.append(Wrong("E084", "count", {"kind": kind.name, "known": known}))
        return Terms(facts=facts, wrongs=tuple(wrongs), incident=True, kind=kind.id)

    def _kind_wrong(self, kind: str) -> Wrong | None:
        if kind in self._kinds:
            return None
        known = [f"{k.name} ({k.id})" for word, k in self._kinds.items() if word == k.id]
        return Wrong("E080", "kind", {"known": ", ".join(reversed(known)) or "—"})

    def _of_clause(self, said: Said) -> Terms:
        name = said.clause if said.clause in self.clauses else self._clause_words.get(plain(said.clause), "")
        if name != said.clause and said.clause.casefold() == name.casefold():
            name = ""  # another case is a slip, not a width
        clause = self.clauses.get(name)
        if clause is None:
            return Terms(wrongs=(self._unknown(said.clause),))
        inputs = self._inputs[name]
        if not inputs.loggable:
            return Terms(wrongs=(self._not_loggable(clause),))
        facts: dict[str, Scalar] = {}
        wrongs: list[Wrong] = []
        kind_wrong = self._kind_wrong(said.kind) if said.kind else None
        found = [kind_wrong, _count(said, inputs), _level(said, inputs), _part(said, inputs)]
        found += [_value(said, inputs), _benchmark(said, inputs), _either(said, inputs)]
        for fact in found:
            if isinstance(fact, Wrong):
                wrongs.append(fact)
            elif fact is not None:
                facts[fact[0]] = fact[1]
        return Terms(
            facts=facts,
            wrongs=tuple(wrongs),
            clause=name,
            kind=self._kinds[said.kind].id if said.kind in self._kinds else "",
            month_needed=inputs.month_needed,
            period_needed=inputs.period_needed,
            note_needed=inputs.note_needed,
        )

    def _unknown(self, name: str) -> Wrong:
        if name in self._limits:
            return Wrong("E039", "clause")
        return Wrong("E033", "clause", {"near": self._near_clauses.shown(name)})

    def _not_loggable(self, clause: Clause) -> Wrong:
        if isinstance(clause, Heading) and clause.log_under:
            return Wrong("E034", "clause", {"under": clause.log_under})
        return Wrong("E039", "clause")


Found = tuple[str, Scalar] | Wrong | None


def _word(text: str, words: Iterable[str]) -> str | None:
    """Return the word meant, width and blanks aside; None if none is."""
    found = tuple(words)
    if text in found:
        return text
    return next((word for word in found if plain(word) == plain(text)), None)


def _count(said: Said, inputs: Inputs) -> Found:
    if not said.count:
        return None
    count = parse_count(said.count)
    if isinstance(count, Wrong):
        return count
    if count == 1:
        return None
    return Wrong("E067", "count") if inputs.count is CountUse.REFUSED else ("count", count)


def _level(said: Said, inputs: Inputs) -> Found:
    words = {"words": ", ".join(inputs.levels)}
    if not said.level:
        return Wrong("E051", "level", words) if inputs.level_needed else None
    if not inputs.levels:
        return Wrong("E052", "level")
    word = _word(said.level, inputs.levels)
    code = "E050" if inputs.level_needed else "E078"
    return Wrong(code, "level", words) if word is None else ("level", word)


def _part(said: Said, inputs: Inputs) -> Found:
    words = {"words": ", ".join(inputs.parts)}
    if not said.part:
        return Wrong("E063", "part", words) if inputs.parts else None
    if not inputs.parts:
        return Wrong("E065", "part")
    word = _word(said.part, inputs.parts)
    return Wrong("E064", "part", words) if word is None else ("part", word)


def _value(said: Said, inputs: Inputs) -> Found:
    rule = inputs.value
    if not said.value:
        return _no_value(said, inputs, rule)
    if rule is None:
        return Wrong("E060", "value")
    number = parse_number(said.value, rule.measure, "value")
    if isinstance(number, Wrong):
        return number
    if not _within(number, rule):
        return Wrong("E057", "value", {"range": _range(rule)})
    if rule.step is not None and (number / rule.step).denominator != 1:
        return Wrong("E058", "value", {"step": show(rule.step)})
    return "value", number


def _no_value(said: Said, inputs: Inputs, rule: ValueRule | None) -> Wrong | None:
    if rule is None or not inputs.value_needed or (inputs.level_for_value and said.level):
        return None
    code = "E079" if inputs.level_for_value else "E053"
    return Wrong(code, "value", {"range": _range(rule), "words": ", ".join(inputs.levels)})


def _benchmark(said: Said, inputs: Inputs) -> Found:
    if not said.benchmark:
        return Wrong("E061", "benchmark") if inputs.benchmark_needed else None
    rule = inputs.value
    if not inputs.benchmark_needed or rule is None:
        return Wrong("E062", "benchmark")
    number = parse_number(said.benchmark, rule.measure, "benchmark")
    if isinstance(number, Wrong):
        return number
    return ("benchmark", number) if _within(number, rule) else Wrong("E057", "benchmark", {"range": _range(rule)})


def _either(said: Said, inputs: Inputs) -> Found:
    both = inputs.level_for_value and said.level and said.value and _word(said.level, inputs.levels)
    return Wrong("E071", "level") if both else None


def _within(number: Fraction, rule: ValueRule) -> bool:
    if rule.low is not None and (number < rule.low or (rule.above_low and number == rule.low)):
        return False
    return rule.high is None or number <= rule.high


def _range(rule: ValueRule) -> str:
    """Write the figures that a clause takes: `≥ 0%, ≤ 100%`."""
    rate = rule.measure is Measure.RATE
    marks = ((rule.low, ">" if rule.above_low else "≥"), (rule.high, "≤"))
    return ", ".join(
        f"{mark} {show(bound * 100)}%" if rate else f"{mark} {show(bound)}"
        for bound, mark in marks
        if bound is not None
    )


def _fact(name: str, spec: FactSpec, text: str) -> Scalar | Wrong:
    """Read one fact of an incident; empty where there is none."""
    if not text:
        return Wrong("E081", name, {"fact": spec.name or name}) if spec.needed == "true" else ""
    if spec.words:
        word = _word(text, spec.words)
        return Wrong("E082", name, {"words": ", ".join(spec.words)}) if word is None else word
    if spec.type == "whole" and name != "count":
        digits = even(text)
        if not _WHOLE.fullmatch(digits):
            return Wrong("E083", name)
        number = parse_exact(digits.partition(".")[0])
        return number if name in _NUMBERS else str(number)
    return parse_number(text, Measure.NUMBER, name) if name in _NUMBERS else text
