"""A row of a questionnaire's input file: who, which question, figure or scenario, and the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from appraisal.errors import Place
from appraisal.model.event import Scalar
from appraisal.model.exact import show
from appraisal.model.inputs import Measure
from appraisal.model.questionnaire import SOURCES, Questionnaire, Scenario
from appraisal.model.questions import Band, Figure, Multiple, Question
from appraisal.reading.cells import Wrong, even, parse_number
from appraisal.reading.event_columns import GENERAL, Column, Form, Need
from appraisal.reading.event_shelf import REMEMBERED
from appraisal.reading.fuel_cells import parse_fuels
from appraisal.reading.nearest import Nearest, plain
from appraisal.reading.row_forms import Told

FORM = Form(
    (
        Column("subject", "单位", ("企业", "社区", "社区/单位")),
        Column("question", "题号", ("题目", "指标", "问题")),
        Column("answer", "答案", ("回答", "选项", "数值")),
        Column("source", "来源", ("答案来源",)),
        *GENERAL,
    ),
    needs=(
        Need(("subject", "counters"), shown=("subject",)),
        Need(("question", "counters"), shown=("question",)),
        Need(("answer", "counters"), shown=("answer",)),
    ),
)
SOURCE_WORDS: Mapping[str, str] = {
    "": SOURCES[0],
    "declared": SOURCES[0],
    "自报": SOURCES[0],
    "自评": SOURCES[0],
    "填报": SOURCES[0],
    "verified": SOURCES[1],
    "核验": SOURCES[1],
    "现场核验": SOURCES[1],
    "评估": SOURCES[1],
}
NOTHING = "0"
NONE_WORDS = {"无", NOTHING, "没有"}
_WHOLE = re.compile(r"\d{1,3}(?:\.0+)?", re.ASCII)
_SEPARATORS = re.compile(r"[;,、\s]+")
_MOST = Fraction(1)
Facts = dict[str, Scalar]


@dataclass(frozen=True)
class AnswerRows:
    """Reads the rows of one questionnaire."""

    book: Questionnaire
    _seen: dict[tuple[str, str], Facts | Wrong] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """The columns of the file."""
        return FORM

    @property
    def own(self) -> tuple[str, ...]:
        """The columns that say something."""
        return ("question", "answer", "source")

    @property
    def twice(self) -> str:
        """The code of the finding about two answers to one question."""
        return "Q001"

    def whose(self, cells: Mapping[str, str], place: Place) -> str | Wrong:
        """Return the firm that the row names; every row must name one."""
        del place
        said = cells["question"] or cells["answer"]
        return cells["subject"] if cells["subject"] or not said else Wrong("Q018", "subject")

    def told(self, cells: Mapping[str, str], subject: str, place: Place) -> Told | None:
        """Read question, answer and source of one row; None for a scenario that is left empty in the form."""
        del place
        wrongs: list[Wrong] = []
        source = SOURCE_WORDS.get(cells["source"].casefold())
        if source is None:
            wrongs.append(Wrong("Q003", "source", {"words": "自报 (declared), 核验 (verified)"}))
        part = self.part(cells["question"])
        facts: Facts | Wrong = {}
        if not cells["question"]:
            wrongs.append(Wrong("Q018", "question"))
        elif part is None:
            wrongs.append(Wrong("Q002", "question", {"near": self._near(cells["question"])}))
        if isinstance(part, Scenario) and not cells["answer"] and not wrongs:
            return None
        if not cells["answer"]:
            wrongs.append(Wrong("Q018", "answer"))
        elif part is not None:
            facts = self._known(part, cells["answer"])
        if isinstance(facts, Wrong):
            wrongs.append(facts)
            facts = {}
        name = part.id if part is not None else ""
        told_source = source or SOURCES[0]
        suffix = f"/{told_source}" if told_source != SOURCES[0] else ""
        return Told(
            kind="answer",
            clause=name,
            facts={**facts, "source": told_source},
            wrongs=tuple(wrongs),
            id=f"{subject}/{name}{suffix}",
        )

    def part(self, word: str) -> Question | Figure | Scenario | None:
        """Return the question, figure or scenario that an id or a name means."""
        return self._words.get(plain(word).casefold())

    @cached_property
    def _words(self) -> Mapping[str, Question | Figure | Scenario]:
        return _words(self.book)

    def _near(self, word: str) -> str:
        names = [*self.book.question_by_id, *self.book.scenario_by_id, *self.book.figure_by_id]
        names += [figure.name for figure in self.book.figure_by_id.values()]
        names += [scenario.name for scenario in self.book.scenarios()]
        return Nearest(names).shown(word)

    def _known(self, part: Question | Figure | Scenario, text: str) -> Facts | Wrong:
        """Return what a cell says, worked out once: many firms say the same."""
        key = (part.id, text)
        if key not in self._seen:
            if len(self._seen) > REMEMBERED:
                self._seen.clear()
            self._seen[key] = self._facts(part, text)
        return self._seen[key]

    def _facts(self, part: Question | Figure | Scenario, text: str) -> Facts | Wrong:
        if isinstance(part, Scenario):
            return _levels(part, text)
        if isinstance(part, Figure):
            return self._figure(part, text)
        if isinstance(part, Band) and _is_figure(text):
            return _rate(part, text)
        return _chosen(part, text)

    def _figure(self, figure: Figure, text: str) -> Facts | Wrong:
        if figure.fuels and not _plain_number(text):
            return parse_fuels(self.book, text)
        number = parse_number(text, Measure.RATE if figure.unit == "%" else Measure.NUMBER, "answer")
        if isinstance(number, Wrong):
            return number
        told = {"name": figure.name, "unit": figure.unit}
        if number < 0 or (figure.above is not None and number <= figure.above):
            return Wrong(
                "Q008", "answer", {**told, "least": f"＞{show(figure.above)}" if figure.above is not None else "≥0"}
            )
        if figure.unit == "%" and number > _MOST:
            return Wrong("Q007", "answer", {**told, "rate": f"{show(number * 100)}%"})
        if figure.whole and number.denominator != 1:
            return Wrong("Q009", "answer", told)
        return {"value": number}


def _words(book: Questionnaire) -> Mapping[str, Question | Figure | Scenario]:
    found: dict[str, Question | Figure | Scenario] = {}
    named: list[Scenario | Figure] = [*book.scenarios(), *book.figure_by_id.values()]
    for question in book.questions():
        found[question.id.casefold()] = question
    for part in named:
        found[part.id.casefold()] = part
    for part in named:
        found.setdefault(plain(part.name).casefold(), part)
    return found


def _is_figure(text: str) -> bool:
    """Say whether an answer is a rate rather than an option's number: it has a percent sign or decimals."""
    digits = even(text)
    return digits.endswith("%") or ("." in digits and not _WHOLE.fullmatch(digits))


def _plain_number(text: str) -> bool:
    return even(text).lstrip("+-").replace(".", "", 1).isdigit()


def _rate(question: Band, text: str) -> Facts | Wrong:
    rate = parse_number(text, Measure.RATE, "answer")
    if isinstance(rate, Wrong):
        return rate
    if rate < 0 or question.option(rate) is None:
        return Wrong("Q006", "answer", {"question": question.id, "rate": f"{show(rate * 100)}%"})
    return {"value": rate}


def _chosen(question: Question, text: str) -> Facts | Wrong:
    """Read the options chosen: their numbers, or the words of one."""
    listed = [option.text for option in question.options]
    if text in listed:
        return {"answer": str(listed.index(text) + 1)}
    numbers = _numbers(text, question.size)
    told = {"question": question.id, "most": str(question.size)}
    told["options"] = "；".join(f"{n} {option}" for n, option in enumerate(listed, start=1))
    if numbers is None:
        return Wrong("Q004", "answer", {**told, "hint": "@Q004_rate" if isinstance(question, Band) else "@"})
    if isinstance(question, Multiple):
        if question.none in numbers and len(numbers) > 1:
            if question.with_none == "refuse":
                return Wrong("Q005", "answer", {**told, "none": str(question.none)})
            numbers = (question.none,)
    elif len(numbers) > 1:
        return Wrong("Q011", "answer", {**told, "count": str(len(numbers))})
    return {"answer": ";".join(map(str, numbers))}


def _levels(scenario: Scenario, text: str) -> Facts | Wrong:
    """Read the levels whose requirements are met; 0 or 无 is none of them."""
    if text in NONE_WORDS:
        return {"answer": NOTHING}
    numbers = _numbers(text, len(scenario.levels))
    if numbers is None:
        return Wrong("Q012", "answer", {"scenario": scenario.name, "most": str(len(scenario.levels))})
    return {"answer": ";".join(map(str, numbers))}


def _numbers(text: str, most: int) -> tuple[int, ...] | None:
    """Return numbers from 1 to the most, each once and in order; None if the text is anything else."""
    parts: Sequence[str] = [
        part for part in _SEPARATORS.split(even(text).replace("；", ";").replace("，", ",")) if part
    ]
    if not parts or not all(_WHOLE.fullmatch(part) for part in parts):
        return None
    numbers = [int(part.partition(".")[0]) for part in parts]
    if len(set(numbers)) != len(numbers) or not all(1 <= number <= most for number in numbers):
        return None
    return tuple(sorted(numbers))
