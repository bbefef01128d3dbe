"""A published period as a folder of pages that works from a file share: no server, no script, no other host.

index.html           the ranking, the figures, what can be taken away
subjects/*.html      each subject with every entry and its sentence
entries.html …       every entry, what did not count, how the document was read
clauses.html         the rulebook, which every entry links to
downloads/           the same as JSON, CSV and as a bundle that anyone can recompute
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from appraisal.store.lines import without_private
from reports.bundle.making import Bundle
from reports.charts.svg import svg_text
from reports.charts.tables import figure_table
from reports.csv import csv_text
from reports.document import Progress, silent
from reports.documents.subject import subject_sheet
from reports.documents.workbook import workbook
from reports.json import assessment_json, dumps
from reports.layout import width
from reports.ledger import ledger_table
from reports.looks import LOOKS, look_of
from reports.material import Material
from reports.sheet import Cell, Column, Section, Sheet, Table
from reports.standings import ranked

_TEMPLATES = Path(__file__).parent / "templates" / "site"
_SAFE = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_KB = 1024
_SHORT = 900  # hundredths of an em: nine characters
_PAGES = (
    ("sheet_detail", "entries.html"),
    ("page_verdicts", "conditions.html"),
    ("page_not_counted", "not-counted.html"),
    ("page_readings", "readings.html"),
    ("page_warnings", "warnings.html"),
)


@dataclass(frozen=True, kw_only=True)
class _Page:
    """One page: where it is, what stands on it, and what stands before and after it."""

    path: str
    sheet: Sheet
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def up(self) -> str:
        return "../" * self.path.count("/")


def site(material: Material, bundle: Bundle, progress: Progress = silent) -> dict[str, bytes]:
    """Return the files of the folder by path; equal results give equal bytes. Nothing private stands in them."""
    material = _opened(material)
    files = {"style.css": (_TEMPLATES / "style.css").read_bytes(), **_downloads(material, bundle)}
    builder = _Builder(material, bundle, files)
    pages = list(builder.pages())
    for number, page in enumerate(pages):
        progress("pages", number, len(pages))
        files[page.path] = builder.html(page)
    progress("pages", len(pages), len(pages))
    return files


def _opened(material: Material) -> Material:
    """Return the material with what is private in the events left out, as in the bundle."""
    return replace(material, events={name: without_private(event) for name, event in material.events.items()})


def _downloads(material: Material, bundle: Bundle) -> dict[str, bytes]:
    assessment, lang = material.assessment, material.lang
    entries = ledger_table(ranked(assessment), material)
    tables = {
        "downloads/ranking.csv": look_of(material.edition.rulebook).results(
            assessment, material.edition, lang, items=True
        ),
        "downloads/entries.csv": entries if entries.rows else None,
    }
    return {
        **{path: csv_text(table).encode() for path, table in tables.items() if table is not None},
        "downloads/standings.json": dumps(assessment_json(assessment, lang)).encode(),
        "downloads/bundle.zip": bundle.content,
    }


def file_names(ids: Sequence[str]) -> dict[str, str]:
    """Return a name for each id that is safe on every file system; a hash where the id is not."""
    return {one: one if _SAFE.fullmatch(one) else f"s-{sha256(one.encode()).hexdigest()[:12]}" for one in ids}


class _Builder:
    """Lays the sheets out as pages, and knows what links where."""

    def __init__(self, material: Material, bundle: Bundle, files: Mapping[str, bytes]) -> None:
        self._material, self._bundle, self._files = material, bundle, files
        names = file_names([s.subject for s in material.assessment.standings])
        self._subjects = {one: f"subjects/{name}.html" for one, name in names.items()}
        book = LOOKS[material.edition.rulebook.family].rulebook(material.edition, material.lang)
        self._book = replace(book, name=material.say("site_clauses"))
        self._clauses = {words for table in self._book.all_tables() for words in _ids(table)}
        by_name: dict[str, str] = {}
        for standing in material.assessment.standings:
            by_name.setdefault(standing.name, self._subjects[standing.subject])
        self._by_name = by_name
        self._nav: list[tuple[str, str]] = []
        self._template = self._environment()

    def pages(self) -> Iterator[_Page]:
        """Yield every page."""
        ranking, *rest = workbook(self._material).sheets
        names = {self._material.say(code): path for code, path in _PAGES}
        course = [section for sheet in rest if sheet.name not in names for section in sheet.sections]
        found = [_Page(path="index.html", sheet=replace(ranking, sections=(*ranking.sections, *course)))]
        found += [_Page(path=names[sheet.name], sheet=sheet) for sheet in rest if sheet.name in names]
        found.append(_Page(path="clauses.html", sheet=self._book))
        self._nav = [(page.sheet.name, page.path) for page in found]
        yield from found
        order = ranked(self._material.assessment)
        for place, standing in enumerate(order):
            near = [("site_before", order[place - 1])] if place else []
            near += [("site_after", order[place + 1])] if place + 1 < len(order) else []
            beside = tuple((self._material.say(c, name=s.name), self._subjects[s.subject]) for c, s in near)
            sheet = subject_sheet(standing, self._material)
            yield _Page(path=self._subjects[standing.subject], sheet=sheet, beside=beside)

    def html(self, page: _Page) -> bytes:
        """Return a page as bytes."""
        material = self._material
        imprint = material.imprint
        told = {
            "sheet": page.sheet,
            "lang": "zh-CN" if material.lang == "zh" else "en",
            "up": page.up,
            "here": page.path,
            "beside": page.beside,
            "pages": self._nav,
            "book": material.edition.rulebook.name,
            "final": imprint.final,
            "state": imprint.state(material.lang),
            "mark": imprint.mark(material.lang),
            "code": self._bundle.seal.block(material.lang) if page.path == "index.html" else None,
            "downloads": list(self._taken()) if page.path == "index.html" else [],
            "rows": lambda table: list(_rows(table, anchors=page.path == "clauses.html")),
            "link": lambda key, words: self._link(key, words, page.path),
        }
        return self._template.render(told).encode()

    def _taken(self) -> Iterator[tuple[str, str, str]]:
        """Yield what can be taken away: what it is, where, how large."""
        for path, content in self._files.items():
            if path.startswith("downloads/"):
                name = self._material.say(f"site_{path.removeprefix('downloads/').replace('.', '_')}")
                yield name, path, f"{-(-len(content) // _KB)} KB"

    def _link(self, key: str, words: str, here: str) -> str:
        if key == "subject" and here != self._by_name.get(words):
            return self._by_name.get(words, "")
        if key == "clause" and here != "clauses.html" and words in self._clauses:
            return f"clauses.html#{words}"
        return ""

    def _environment(self) -> Template:
        known = {
            "say": self._material.say,
            "svg": lambda figure: Markup(_inline(svg_text(figure))),  # noqa: S704  our own drawing, escaped by its writer
            "figure_table": lambda figure: figure_table(figure, self._material.lang),
            "is_table": lambda block: isinstance(block, Table),
            "is_section": lambda block: isinstance(block, Section),
        }
        loader = FileSystemLoader(_TEMPLATES)
        house = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        house.globals.update(known)
        return house.get_template("page.html")


def _inline(svg: str) -> str:
    """Return a drawing without its size, so that a page can fit it to its width."""
    return re.sub(r' width="[\d.]+" height="[\d.]+" role', " role", svg, count=1)


def _ids(table: Table) -> Iterator[str]:
    place = next((n for n, column in enumerate(table.columns) if column.key == "clause"), None)
    if place is not None:
        yield from (str(row[place]).strip() for row in table.rows)


def _short(table: Table) -> list[bool]:
    """Say of each column whether its cells are short enough never to break."""
    return [
        all(width(column.words(row[n])) <= _SHORT and "\n" not in column.words(row[n]) for row in table.rows)
        for n, column in enumerate(table.columns)
    ]


def _rows(table: Table, *, anchors: bool) -> Iterator[list[tuple[Column, Cell, int, str, str]]]:
    """Yield the cells of each row: column, value, how many rows it covers, what links lead to, and its style."""
    styles = [
        "number" if c.kind != "text" else "short" if s else ""
        for c, s in zip(table.columns, _short(table), strict=True)
    ]
    runs: list[dict[int, int] | None] = [
        dict(table.runs(n)) if column.merged else None for n, column in enumerate(table.columns)
    ]
    for number, row in enumerate(table.rows):
        cells: list[tuple[Column, Cell, int, str, str]] = []
        for column, value, own, style in zip(table.columns, row, runs, styles, strict=True):
            if own is not None and number not in own:
                continue
            shown = value.strip() if isinstance(value, str) else value
            anchor = str(shown) if anchors and column.key == "clause" and shown else ""
            cells.append((column, shown, 1 if own is None else own[number], anchor, style))
        yield cells
