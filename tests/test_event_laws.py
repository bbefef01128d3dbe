"""Laws of reading events: read back what was written, in any order; events or a refusal, whatever the bytes."""

from __future__ import annotations

import csv
import io
import json
import random
import time
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
import xlsxwriter
from event_reading import EDITION, HEAD, ROW, at, codes, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.exact import show
from appraisal.model.periods import Period
from appraisal.reading import event_rows, event_shelf, nearest
from appraisal.reading.event_columns import COLUMNS
from appraisal.reading.events import read_events
from appraisal.reading.nearest import Nearest

MODEST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


# ── laws ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_DAYS = st.dates(date(2020, 1, 1), date(2020, 12, 31))
_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=12)
_NAMES = [subject.id for subject in EDITION.roster]
_AMOUNTS = st.integers(1, 10**9).map(lambda n: Fraction(n, 10**6))


@st.composite
def _facts(draw: st.DrawFn) -> tuple[str, dict[str, object]]:
    """Draw a clause and facts that it takes; none of one value a period."""
    clause = draw(st.sampled_from(["CG-A1", "TJ-1", "SC-2", "WG-1", "DJ-6"]))
    facts: dict[str, object] = {}
    if clause in {"TJ-1", "SC-2"}:
        word = draw(st.sampled_from({"TJ-1": ["", "不良影响"], "SC-2": ["市", "区"]}[clause]))
        facts |= {"level": word} if word else {}
    if clause == "WG-1":
        facts["value"] = draw(st.integers(0, 10**8).map(lambda n: Fraction(n, 10**6)))
    elif clause == "DJ-6":
        facts["value"] = draw(_AMOUNTS)
    elif (count := draw(st.integers(1, 30))) > 1:
        facts["count"] = count
    return clause, facts


@st.composite
def _events(draw: st.DrawFn) -> list[Event]:
    events = []
    for number in range(draw(st.integers(1, 6))):
        clause, facts = draw(_facts())
        own = draw(_TEXT)
        day = draw(_DAYS)
        events.append(
            Event(
                id=f"e{number}",
                date=day,
                subject=draw(st.sampled_from(_NAMES)),
                clause=clause,
                period=draw(st.sampled_from([None, Period.of(day), Period(2020)])),
                matter=draw(_TEXT),
                status=draw(st.sampled_from(list(Status))),
                note=draw(_TEXT) or "示例",
                recorded=draw(st.none() | st.integers(0, 10**7).map(lambda s: at("2020-01-01") + timedelta(seconds=s))),
                counters=f"e{draw(st.integers(0, number - 1))}" if number and draw(st.booleans()) else "",
                derived_from=draw(_TEXT),
                facts=facts | ({"x_own": own} if own else {}),
            )
        )
    return events


def _row(event: Event) -> dict[str, str]:
    facts = {name: show(fact) if isinstance(fact, Fraction) else str(fact) for name, fact in event.facts.items()}
    told = {name: str(text) for name, text in event.content().items() if name != "facts"}
    return told | facts


def _table(events: Sequence[Event], *, chinese: bool, order: random.Random) -> tuple[list[str], list[list[str]]]:
    """Return headers in one language and rows, both shuffled."""
    names = [*(column.name for column in COLUMNS), "x_own"]
    rows = [_row(event) for event in events]
    order.shuffle(names)
    order.shuffle(rows)
    titles = {column.name: column.zh for column in COLUMNS}
    return [titles.get(n, n) if chinese else n for n in names], [[row.get(n, "") for n in names] for row in rows]


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
    elif path.suffix == ".jsonl":
        lines = [json.dumps({k: v for k, v in zip(header, row, strict=True) if v}) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
    else:
        book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
        sheet = book.add_worksheet()
        for number, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        book.close()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx"])
@given(events=_events(), chinese=st.booleans(), order=st.randoms(use_true_random=False))
@MODEST
def test_what_is_written_is_read_back_whatever_the_order(
    tmp_path: Path,
    suffix: str,
    events: list[Event],
    chinese: bool,  # noqa: FBT001
    order: random.Random,
) -> None:
    path = tmp_path / f"events{suffix}"
    _write(path, *_table(events, chinese=chinese, order=order))
    assert sorted(read_events([path], EDITION), key=lambda e: e.id) == events


_CLAUSES = [clause.id for clause in EDITION.scorecard.clauses()]
_ODD = [
    "市",
    "有故",
    "不良影响",
    "0.5",
    "72%",
    "1e5",
    "-1",
    "100",
    "１",
    "日常",
    "2020",
    "2020-13-01",
    "e1",
    "e9",
    "case",
    "待定",
]
_ODD += [
    "x" * 250,
    "\x00",
    "一\n二",
    "=1+1",
    "梓园",
    "JY-cap1",
    "9" * 30,
    "0.1234567891",
    "1/3",
    "NaN",
    "%",
    "2020年3月9日",
]


@st.composite
def _odd_rows(draw: st.DrawFn) -> list[list[str]]:
    """Draw rows of which some cells are what nobody should write there."""
    names = [column.name for column in COLUMNS]
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        row = {"id": f"e{draw(st.integers(1, 4))}", "date": "2020-03-09", "subject": draw(st.sampled_from(_NAMES))}
        row["clause"] = draw(st.sampled_from(_CLAUSES))
        row |= draw(st.dictionaries(st.sampled_from(names), st.sampled_from(_ODD), max_size=4))
        rows.append([row.get(name, "") for name in names])
    return rows


@given(rows=_odd_rows())
@MODEST
def test_every_format_gives_the_same_events_or_the_same_faults(tmp_path: Path, rows: list[list[str]]) -> None:
    told = []
    for suffix in (".csv", ".jsonl"):
        path = tmp_path / f"odd{suffix}"
        _write(path, [column.name for column in COLUMNS], rows)
        events, refused = attempt(path)
        told.append((events, sorted(finding.code for finding in refused.findings) if refused else []))
        assert not (events and refused)
    assert told[0] == told[1]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".xlsx", ".txt"])
@given(raw=st.binary(max_size=400))
@MODEST
def test_random_bytes_are_refused_or_empty_and_nothing_else(tmp_path: Path, suffix: str, raw: bytes) -> None:
    path = tmp_path / f"noise{suffix}"
    path.write_bytes(raw)
    with pytest.raises(RefusedError):
        read_events([path], EDITION)


def _workbook() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEAD.split(","))
    sheet.write_row(1, 0, ROW.split(","))
    book.close()
    return stream.getvalue()


_SOUND = {
    ".csv": f"{HEAD},数值,备注\n{ROW},,示例\ne2,2020-03-09,梓园社区,CG-B1,72%,\n".encode(),
    ".jsonl": b'{"id": "e1", "date": "2020-03-09", "subject": "ziyuan", "clause": "CG-B1", "value": 0.5}\n',
    ".xlsx": _workbook(),
}


@pytest.mark.parametrize("suffix", sorted(_SOUND))
@given(
    cuts=st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 4)), min_size=1, max_size=4)
)
@MODEST
def test_mangled_files_give_events_or_a_refusal(
    tmp_path: Path, suffix: str, cuts: list[tuple[int, bytes, int]]
) -> None:
    raw = _SOUND[suffix]
    for place, put, gone in cuts:
        start = place % (len(raw) + 1)
        raw = raw[:start] + put + raw[start + gone :]
    path = tmp_path / f"mangled{suffix}"
    path.write_bytes(raw)
    events, refused = attempt(path)
    assert all(event.id for event in events)
    if refused is not None:
        assert refused.findings
        assert all(finding.render("zh") and finding.render("en") for finding in refused.findings)


def attempt(path: Path) -> tuple[list[Event], RefusedError | None]:
    try:
        return read_events([path], EDITION), None
    except RefusedError as refused:
        return [], refused


def test_what_is_remembered_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clauses = ["CG-A1,", "SC-2,市", "SC-2,区"]
    days = [f"2020-0{i % 9 + 1}-09,{_NAMES[i % 7]},{clauses[i % 3]},2020-04-{i % 20 + 1}" for i in range(60)]
    rows = "".join(f"e{i},{day}\n" for i, day in enumerate(days))
    path = tmp_path / "events.csv"
    path.write_text(f"{HEAD},级别,记录时间\n{rows}", encoding="utf-8")
    whole = read_events([path], EDITION)
    monkeypatch.setattr(event_rows, "REMEMBERED", 1)
    monkeypatch.setattr(event_shelf, "REMEMBERED", 1)
    assert read_events([path], EDITION) == whole


# ── size ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ten_thousand_faults_are_all_told_and_soon(tmp_path: Path) -> None:
    rows = "".join(f"e{i},2020-03-09,梓园社{i},CG-X{i},zz{i}\n" for i in range(5000))
    begun = time.perf_counter()
    found = codes(tmp_path, f"{HEAD},冲销\n{rows}")
    assert (len(found), set(found)) == (10_000, {"E032", "E033"})
    assert time.perf_counter() - begun < 30


def test_progress_ends_at_the_whole(tmp_path: Path) -> None:
    rows = "".join(f"e{i},2020-03-09,梓园社区,CG-A1\n" for i in range(9000))
    told: list[tuple[int, int]] = []
    read(tmp_path, f"{HEAD}\n{rows}", progress=lambda done, total: told.append((done, total)))
    size = (tmp_path / "events.csv").stat().st_size
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(told) > 2


def test_the_edition_is_the_real_one() -> None:
    assert isinstance(EDITION, Edition)
    assert EDITION.rulebook.id == "houjiatang-2020"


def test_names_that_come_near_are_found_also_where_there_are_too_many_to_compare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    near = Nearest([f"e{i:05d}" for i in range(1000)])
    monkeypatch.setattr(nearest, "_WORK", 1500)
    assert near.shown("e0O500").startswith("e00500")  # compared with each
    assert near.shown("e00500x") == "e00500, e00501"  # its neighbours in the alphabet
    assert near.shown("E00７00") == "e00700"  # the same but for case and width
    assert near.shown("") == ", ".join(f"e{i:05d}" for i in range(12)) + ", …"
    assert Nearest([]).shown("e1") == "—"
