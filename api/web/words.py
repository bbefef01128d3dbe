"""The words of pages: Chinese as written in templates, English from `api/locale/en`, compiled when first asked for."""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from appraisal.errors import Lang

LOCALE = Path(__file__).parent.parent / "locale"
CATALOG = LOCALE / "en" / "LC_MESSAGES" / "messages.po"


@cache
def translations(lang: Lang) -> NullTranslations:
    """Return the catalogue of a language; Chinese needs none, because the pages are written in it."""
    if lang == "zh":
        return NullTranslations()
    with CATALOG.open("rb") as file:
        catalog = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def word(text: str, lang: Lang) -> str:
    """Return a word of the pages in this language."""
    return translations(lang).gettext(text)


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools know
    """Mark a word for the catalogue without translating it yet."""
    return text
