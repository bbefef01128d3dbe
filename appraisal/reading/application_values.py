"""The value of a field as a person writes it, to the value that is meant, or to what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from appraisal.model.event import Scalar
from appraisal.model.exact import show
from appraisal.model.fields import ApplicationField, Choice, Choices, Figure, Option, Words, YesNo
from appraisal.model.inputs import Measure
from appraisal.model.periods import Period
from appraisal.reading.cells import Wrong, even, parse_number, parse_period
from appraisal.reading.nearest import nearest, plain

JOINT = ";"
_SEPARATORS = re.compile(r"[;；,，]")
_YES = {"是", "有", "yes", "y", "true", "1", "√", "✓", "符合", "满足", "已"}
_NO = {"否", "无", "没有", "不是", "no", "n", "false", "0", "×", "✗", "x", "不符合", "不满足", "未"}
_SHOWN = 12


def read_value(field: ApplicationField, text: str) -> Scalar | Wrong:
    """Read a value: truth for yes and no, exact for a figure, the ids of options, a month, or the text itself."""
    if isinstance(field, YesNo):
        return _yes_no(field, text)
    if isinstance(field, Figure):
        return _figure(field, text)
    if isinstance(field, Choice):
        option = _option(field.options, text)
        return option.id if option is not None else _no_option(field, text)
    if isinstance(field, Choices):
        return _options(field, text)
    return _words(field, text)


def _yes_no(field: YesNo, text: str) -> bool | Wrong:
    word = plain(text)
    if word in _YES or word in _NO:
        return word in _YES
    return Wrong("Y002", "value", {"field": field.name})


def _figure(field: Figure, text: str) -> Fraction | Wrong:
    rate = field.kind == "rate"
    bare = text if rate or not field.unit else even(text).removesuffix(even(field.unit)).rstrip()
    number = parse_number(bare, Measure.RATE if rate else Measure.NUMBER, "value")
    if isinstance(number, Wrong):
        return number
    if field.kind == "whole" and number.denominator != 1:
        return Wrong("Y005", "value", {"field": field.name, "unit": f"（{field.unit}）" if field.unit else ""})
    low, high = field.least, field.most
    if (low is not None and number < low) or (high is not None and number > high):
        return Wrong("Y006", "value", {"field": field.name, "range": bounds(field)})
    return number


def bounds(field: Figure) -> str:
    """Write the figures that a field takes: `≥ 0%, ≤ 100%`."""
    marks = ((field.least, "≥"), (field.most, "≤"))
    shown = [(m, f"{show(b * 100)}%" if field.kind == "rate" else show(b)) for b, m in marks if b is not None]
    return ", ".join(f"{mark} {bound}" for mark, bound in shown)


def _option(options: tuple[Option, ...], text: str) -> Option | None:
    words: Mapping[str, Option] = {plain(word): option for option in reversed(options) for word in option.words}
    return words.get(plain(text))


def _no_option(field: Choice | Choices, text: str) -> Wrong:
    names = [option.name for option in field.options]
    near = ", ".join(names) if len(names) <= _SHOWN else nearest(text, names)
    return Wrong("Y003", "value", {"field": field.name, "near": near, "cell": text})


def _options(field: Choices, text: str) -> str | Wrong:
    """Read one option or several; each once, in the order of the document."""
    chosen: set[str] = set()
    whole = _option(field.options, text)
    for word in [text] if whole is not None else filter(None, (part.strip() for part in _SEPARATORS.split(text))):
        option = _option(field.options, word)
        if option is None:
            return _no_option(field, word)
        chosen.add(option.id)
    return JOINT.join(option.id for option in field.options if option.id in chosen)


def _words(field: Words, text: str) -> str | Wrong:
    if field.kind == "words":
        return text
    period = parse_period(text)
    if isinstance(period, Period) and period.month:
        return str(period)
    return Wrong("Y009", "value", {"field": field.name})
