"""Gather the words of the pages into `api/locale/en/LC_MESSAGES/messages.po`, keeping the translations that are there.

python tools/extract_words.py

Chinese is what templates and Python say; the catalogue holds the English. What nothing says any more is dropped. A
test refuses a word without its translation.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HOUSE = Path(__file__).parent.parent
API = HOUSE / "api"
CATALOG = API / "locale" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("web/**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trim_blocks": "true", "extensions": "jinja2.ext.do"}}
KEYWORDS = {"_": None, "gettext": None, "N_": None, "word": None, "ngettext": (1, 2)}


def words() -> Catalog:
    """Return every word that templates and Python say, without translations."""
    found = Catalog(locale="en", project="appraisal", charset="utf-8", fuzzy=False)
    for file, _, message, comments, context in extract_from_dir(API, METHODS, OPTIONS, keywords=KEYWORDS):
        found.add(message, None, [(f"api/{file}", 0)], auto_comments=comments, context=context)
    return found


def merged() -> Catalog:
    """Return the words with the translations that the catalogue has."""
    found = words()
    if CATALOG.is_file():
        with CATALOG.open("rb") as file:
            known = read_po(file, locale="en")
        for message in found:
            old = known.get(message.id, message.context) if message.id else None
            if old is not None and old.string:
                message.string = old.string
    return found


def main() -> None:
    """Write the catalogue, and say what still wants a translation."""
    found = merged()
    text = BytesIO()
    write_po(text, found, width=0, sort_output=True, include_lineno=False, omit_header=False)
    lines = [line for line in text.getvalue().splitlines() if not line.startswith((b'"POT-', b'"PO-Rev'))]
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    CATALOG.write_bytes(b"\n".join(lines) + b"\n")
    missing = [str(message.id) for message in found if message.id and not message.string]
    print(f"{len(found)} words, {len(missing)} without translation", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
