"""Words and sentences of reports in the reader's language, from the message catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.periods import Span, SpanKind
from appraisal.model.rulebook import Reading
from appraisal.model.standing import ItemScore, Say, State
from reports.sheet import Column, Kind, Section


def said(say: Say, lang: Lang) -> str:
    """Return the sentence in this language."""
    return text(say.code, lang, **say.args)


def joined(says: Iterable[Say], lang: Lang) -> str:
    """Return several sentences as one text."""
    return ("; " if lang == "en" else "；").join(said(say, lang) for say in says)


def listed(words: Iterable[str], lang: Lang) -> str:
    """Return words as an enumeration."""
    return (", " if lang == "en" else "、").join(words)


def apart(words: Iterable[str], lang: Lang) -> str:
    """Return an enumeration of words that may hold commas of their own."""
    return ("; " if lang == "en" else "；").join(words)


def span_words(span: Span, lang: Lang) -> str:
    """Return what a span is called: 2020年, 2020年3月, 2020年1-3月."""
    code = {
        SpanKind.MONTH: "span_month",
        SpanKind.QUARTER: "span_quarter",
        SpanKind.THROUGH: "span_through",
        SpanKind.YEAR: "span_year",
    }[span.kind]
    number = f"{span.number:02d}" if lang == "en" and span.kind is SpanKind.MONTH else str(span.number)
    return text(code, lang, year=str(span.year), number=number)


def state_words(item: ItemScore, lang: Lang) -> str:
    """Return the state of an item and its reasons; nothing for one that was judged."""
    if item.state is State.ASSESSED:
        return ""
    reasons = joined(item.reasons, lang)
    word = text(f"state_{item.state.value}", lang)
    return f"{word}：{reasons}" if reasons and lang == "zh" else f"{word}: {reasons}" if reasons else word


def in_force(reading: Reading, edition: Edition) -> str:
    """Return the wording of the reading that this edition uses."""
    use = edition.readings.get(reading.id, reading.use)
    return next((a.text for a in reading.alternatives if a.id == use), reading.stated)


def column(key: str, lang: Lang, *, kind: Kind = Kind.TEXT, drop: int = 0) -> Column:
    """Return a column whose title the catalogue has under `col_<key>`."""
    return Column(title=text(f"col_{key}", lang), key=key, kind=kind, drop=drop)


_ORDINALS = "一二三四五六七八九十"


def numbered(sections: Iterable[Section], lang: Lang) -> tuple[Section, ...]:
    """Return sections with the numbers that letters give them: 一、二、三、."""
    made = []
    for place, section in enumerate(sections):
        number = f"{_ORDINALS[place]}、" if lang == "zh" and place < len(_ORDINALS) else f"{place + 1}. "
        made.append(replace(section, title=number + section.title))
    return tuple(made)
