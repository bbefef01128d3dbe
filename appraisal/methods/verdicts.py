"""Conditions that were judged, as lines for people: what was required, what there is, and what to supply."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from appraisal.model.criteria import AllOf, AnyOf, Choose, Criterion, Holds, Is
from appraisal.model.eligibility import Eligibility
from appraisal.model.exact import show
from appraisal.model.fields import Choice, Choices, Figure
from appraisal.model.ruling import Needed, Ruling, Truth, Value
from appraisal.model.standing import Outcome, Say, Verdict

_SHORT = 24  # characters of a heading that is shown as a name
OUTCOMES = {Truth.MET: Outcome.MET, Truth.NOT_MET: Outcome.NOT_MET, Truth.UNKNOWN: Outcome.UNKNOWN}


class Wording:
    """The words of one rulebook for inputs, values and conditions."""

    def __init__(self, rulebook: Eligibility) -> None:
        self._rulebook = rulebook

    @property
    def unit(self) -> str:
        """The field that names the unit."""
        return self._rulebook.unit

    def input_name(self, name: str) -> str:
        """Return what people call an input, or a field: its name, with the year where it has one."""
        field = self._rulebook.field_of.get(name) or self._rulebook.field_by_id.get(name)
        if field is None:
            return name
        year = name.removeprefix(f"{field.id}_") if name != field.id else ""
        return f"{year}年{field.name}" if year else field.name

    def needed(self, name: str) -> Needed:
        """Return an input to supply, with its unit and the evidence that the document asks for."""
        field = self._rulebook.field_of.get(name) or self._rulebook.field_by_id[name]
        unit = "" if not isinstance(field, Figure) else "%" if field.kind == "rate" else field.unit
        evidence = tuple(self._rulebook.evidence_by_id[e].name for e in field.evidence)
        return Needed(input=name, name=self.input_name(name), unit=unit, evidence=evidence)

    def supply(self, name: str) -> str:
        """Return the same as one text: `2022年主营业务收入（万元）〔近3年审计报告〕`."""
        needed = self.needed(name)
        unit = f"（{needed.unit}）" if needed.unit else ""
        return needed.name + unit + (f"〔{'、'.join(needed.evidence)}〕" if needed.evidence else "")

    def value(self, name: str, value: Value | int) -> str:
        """Return a value of a field as people write it."""
        field = self._rulebook.field_of.get(name)
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, Fraction):
            rate = isinstance(field, Figure) and field.kind == "rate"
            return f"{show(value * 100)}%" if rate else show(value)
        if isinstance(field, (Choice, Choices)):
            names = {option.id: option.name for option in field.options}
            words = sorted(value) if isinstance(value, frozenset) else str(value).split(";")
            return "、".join(names.get(word, word) for word in words)
        return str(value)

    def verdicts(self, ruling: Ruling, of: str = "") -> Iterator[Verdict]:
        """Yield a condition and those inside it, outer before inner; what does not apply is left out."""
        if ruling.truth is Truth.NOT_APPLICABLE:
            return
        yield self.verdict(ruling, of)
        for part in ruling.parts:
            yield from self.verdicts(part, ruling.criterion)

    def verdict(self, ruling: Ruling, of: str = "") -> Verdict:
        """Return one condition as a line."""
        criterion = self._rulebook.criterion_by_id[ruling.criterion]
        made_of_others = isinstance(criterion, (AllOf, AnyOf))
        return Verdict(
            id=ruling.criterion,
            of=of,
            outcome=OUTCOMES[ruling.truth],
            what=self.what(criterion, ruling),
            figure=self._shown(criterion, ruling.figure),
            threshold=self._shown(criterion, ruling.threshold),
            clause=self._rulebook.cites(ruling.criterion),
            events=ruling.events,
            supply=() if made_of_others else tuple(self.supply(name) for name in ruling.missing),
        )

    def _shown(self, criterion: Criterion, value: Fraction | str | None) -> Fraction | str | None:
        """Return a figure exact, and the words of options and answers as people write them."""
        if not isinstance(value, str):
            return value
        if isinstance(criterion, Holds):
            return {"yes": "是", "no": "否"}[value]
        return self.value(criterion.fields()[0], value)

    def what(self, criterion: Criterion, ruling: Ruling) -> Say:
        """Return the sentence that says what was compared."""
        name = criterion.name or (criterion.text if len(criterion.text) <= _SHORT else criterion.id)
        if isinstance(criterion, (AllOf, AnyOf)):
            return Say("y_all" if isinstance(criterion, AllOf) else "y_any", {"name": name})
        field = criterion.fields()[0]
        asked = self.input_name(field)
        if isinstance(criterion, Choose):
            told = {"name": name, "field": asked, "word": self.value(field, ruling.figure or "")}
            return Say("y_choose" if ruling.figure else "y_undecided", told)
        if isinstance(criterion, (Holds, Is)):
            return self._word(criterion, ruling, asked)
        return self._number(ruling, asked)

    def _word(self, criterion: Holds | Is, ruling: Ruling, asked: str) -> Say:
        if ruling.figure is None:
            return Say("y_not_told", {"field": asked})
        found, wanted = (str(self._shown(criterion, part) or "") for part in (ruling.figure, ruling.threshold))
        several = isinstance(criterion, Is) and self._takes_several(criterion) and len(criterion.one_of) == 1
        if several and not self._is_none(criterion):
            return Say("y_has" if ruling.truth is Truth.MET else "y_has_not", {"field": asked, "threshold": wanted})
        code = "y_word" if ruling.truth is Truth.MET else "y_word_not"
        return Say(code, {"field": asked, "figure": found, "threshold": wanted})

    def _is_none(self, criterion: Holds | Is) -> bool:
        """Say whether a condition wants none of a list, so that what was chosen instead is worth saying."""
        field = self._rulebook.field_by_id[criterion.field]
        return isinstance(criterion, Is) and isinstance(field, Choices) and criterion.one_of == (field.none,)

    def _takes_several(self, criterion: Is) -> bool:
        return isinstance(self._rulebook.field_by_id[criterion.field], Choices)

    def _number(self, ruling: Ruling, asked: str) -> Say:
        told = {"field": asked, "threshold": self._with_unit(ruling, ruling.threshold), "mark": _mark(ruling)}
        if ruling.because == "bounded":
            told |= {"low": self._with_unit(ruling, ruling.low), "high": self._with_unit(ruling, ruling.high)}
            return Say("y_bounded", told)
        if not isinstance(ruling.figure, Fraction):
            least = "≥" if ruling.inclusive else ">"
            missing = "、".join(self.input_name(name) for name in ruling.missing)
            return Say("y_missing", {**told, "mark": least, "missing": missing})
        figure = self._with_unit(ruling, ruling.figure)
        return Say("y_number", {**told, "figure": f"{ruling.arithmetic} = {figure}" if ruling.arithmetic else figure})

    def _with_unit(self, ruling: Ruling, value: Fraction | str | None) -> str:
        if not isinstance(value, Fraction):
            return ""
        return f"{show(value * 100)}%" if ruling.unit == "%" else f"{show(value)}{ruling.unit}"


def _mark(ruling: Ruling) -> str:
    """Return the sign between the figure and the threshold."""
    if ruling.truth is Truth.MET:
        return "≥" if ruling.inclusive else ">"
    return "<" if ruling.inclusive else "≤"
