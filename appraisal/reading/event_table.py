"""What every kind of event file becomes: rows of cells under known columns, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from appraisal.errors import Finding, Place
from appraisal.reading.cells import BLANKS, Wrong
from appraisal.reading.event_columns import EVENTS, Form
from appraisal.reading.nearest import nearest

Cells = tuple[str, ...]  # one for each column of the form; empty where the file has none
Row = tuple[int, Cells, Mapping[str, str]]
NO_EXTRA: Mapping[str, str] = {}
_CELL_SHOWN = 24
_EXCERPT = 12


@dataclass
class Layout:
    """Where each column of a file stands and what its header says.

    `doubtful`: a header is unknown, so that a missing column may be that one misspelt.
    """

    file: str
    line: int = 0
    numbers: dict[str, int] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    doubtful: bool = False
    broken: bool = False
    raw: str = ""  # of JSON lines, the one at hand
    reached: int = 0  # the last row that was read
    form: Form = EVENTS

    def title(self, column: str) -> str:
        """Return a column's header as the file writes it, else its Chinese name."""
        return self.titles.get(column) or self.form.titles.get(column, column)

    def place(self, line: int, column: str) -> Place:
        """Return the place of a cell."""
        number = self.numbers.get(column, 0)
        if not number and self.raw:
            number = self.raw.find(f'"{self.titles.get(column, column)}"') + 1
        return Place(file=self.file, line=line, column=number)

    def finding(self, line: int, wrong: Wrong, cells: Cells, extra: Mapping[str, str]) -> Finding:
        """Make a finding of what is wrong with a cell of a row."""
        texts = {wrong.column: ""} | dict(zip(self.form.names, cells, strict=True)) | dict(extra)
        args = {
            "column": self.title(wrong.column),
            "cell": _short(texts[wrong.column]),
            "clause": _short(texts.get("clause", "")),
        }
        args |= wrong.args
        return Finding(
            code=wrong.code,
            place=self.place(line, wrong.column),
            args=args,
            excerpt=self._excerpt(line, texts, wrong.column),
        )

    def _excerpt(self, line: int, texts: Mapping[str, str], column: str) -> str:
        names = sorted(texts, key=lambda name: self.numbers.get(name, 0))
        shown = [name for name in names if texts[name] or (name == column and name in self.titles)]
        if column in shown and shown.index(column) >= _EXCERPT:
            shown = ["", *shown[shown.index(column) - _EXCERPT + 2 :]]
        cells = [_short(texts[n]) if n else "…" for n in shown[:_EXCERPT]]
        marked = [f"»{cell}«" if n == column else cell for n, cell in zip(shown, cells, strict=False)]
        return f"{line} | {' · '.join(marked)}" + (" · …" if len(shown) > _EXCERPT else "")


@dataclass
class Source:
    """A file or sheet being read: its layout and a stream of rows; `unread` gathers ids of rows that were skipped."""

    layout: Layout
    rows: Iterator[Row] = field(default_factory=lambda: iter(()))
    size: int = 0
    done: Callable[[], int] = lambda: 0
    unread: set[str] = field(default_factory=set)
    torn: bool = False


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _CELL_SHOWN else flat[: _CELL_SHOWN - 1] + "…"


def header(layout: Layout, cells: Sequence[str], faults: list[Finding]) -> None:
    """Note which column stands where; what is wrong with the header goes to the faults."""
    before = len(faults)
    for number, raw in enumerate(cells, start=1):
        title = " ".join(raw.strip(BLANKS).split())
        if title:
            add_column(layout, title, number, faults)
    layout.broken = missing(layout, layout.numbers, faults) or layout.broken
    layout.doubtful = layout.doubtful or len(faults) > before


def add_column(layout: Layout, title: str, number: int, faults: list[Finding]) -> None:
    """Note one header."""
    place = Place(file=layout.file, line=layout.line, column=number)
    column = layout.form.column_of(title) if title else None
    if column is None:
        layout.doubtful = True
        near = nearest(title, layout.form.headers)
        faults.append(Finding(code="E020", place=place, args={"column": _short(title), "near": near}))
    elif column in layout.numbers:
        first = Place(file=layout.file, line=layout.line, column=layout.numbers[column])
        args = {"column": _short(title), "first": layout.titles[column], "name": column}
        faults.append(Finding(code="E021", place=place, args=args, also=(first,)))
        layout.broken = True
    else:
        layout.numbers[column] = number
        layout.titles[column] = title


def missing(layout: Layout, known: Iterable[str], faults: list[Finding]) -> bool:
    """Say whether a column is missing without which no row can be read; it goes to the faults."""
    lacks = layout.form.lacks(set(known))
    place = Place(file=layout.file, line=layout.line)
    faults.extend(Finding(code="E022", place=place, args={"column": name}) for name in lacks)
    return bool(lacks)


def looks_like_header(cells: Iterable[str], form: Form) -> int:
    """Return how many of the cells name a column of the form."""
    return sum(1 for cell in cells if cell and form.column_of(cell.strip(BLANKS)) in form.titles)


def rows_of(
    source: Source, width: int, records: Iterable[tuple[int, list[str]]], faults: list[Finding]
) -> Iterator[Row]:
    """Yield each record that is not blank as cells in the order of the columns; `width` is where the header ends."""
    layout = source.layout
    pick = itemgetter(*(layout.numbers.get(name, 0) - 1 for name in layout.form.names))
    free = [(name, number - 1) for name, number in layout.numbers.items() if name not in layout.form.titles]
    named = set(layout.numbers.values())
    unnamed = [i for i in range(width) if i + 1 not in named] if not layout.doubtful else []
    blanks = [""] * (width + 1)
    for line, record in records:
        cells = [cell.strip(BLANKS) for cell in record]
        if not any(cells):
            continue
        if len(cells) <= width:
            cells += blanks[len(cells) :]
        elif any(cells[width:]):
            faults.append(_homeless(source, line, cells, range(width, len(cells))))
            continue
        else:
            cells[width:] = [""]
        if unnamed and any(cells[i] for i in unnamed):
            faults.append(_homeless(source, line, cells, unnamed))
            continue
        extra = {name: cells[i] for name, i in free if cells[i]} if free else NO_EXTRA
        yield line, pick(cells), extra


def row_of(row: Mapping[str, str], name: str, faults: list[Finding], form: Form) -> Source:
    """Return one row, given by its headers, as a source of this name; a header that is unknown goes to the faults."""
    source = Source(layout=Layout(file=name, line=1, form=form))
    for number, title in enumerate(row, start=1):
        add_column(source.layout, title, number, faults)
    source.torn = source.layout.broken
    if not source.torn:
        source.rows = rows_of(source, len(row), [(1, list(row.values()))], faults)
    return source


def _homeless(source: Source, line: int, cells: list[str], where: Iterable[int]) -> Finding:
    """Refuse a row with a cell under no header: most often a separator inside an unquoted text has shifted it."""
    layout = source.layout
    source.unread.add(cells[layout.numbers["id"] - 1] if "id" in layout.numbers else "")
    index = next(i for i in where if cells[i])
    place = Place(file=layout.file, line=line, column=index + 1)
    return Finding(code="E023", place=place, args={"cell": _short(cells[index])})
