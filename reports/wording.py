"""Words and sentences of reports in the reader's language, from the message catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from appraisal.errors import Lang, text
from appraisal.model.standing import Say
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
