"""Words and sentences of reports in the reader's language, from the message catalogue."""

from __future__ import annotations

from collections.abc import Iterable

from appraisal.errors import Lang, text
from appraisal.model.standing import Say
from reports.sheet import Column, Kind


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
