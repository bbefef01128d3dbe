"""Events, tampering and processes for the tests of the log."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import text

from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event, Status
from appraisal.model.periods import Period
from appraisal.reading.rulebook import parse_rulebook
from appraisal.store.adoptions import Adoption, Version
from appraisal.store.appending import AppendResult
from appraisal.store.log import Log

NOW = datetime.fromisoformat("2020-07-01T09:30:00")
HERE = Path(__file__).parent
SMALL = HERE.parent / "rulebooks" / "small" / "rulebook.yaml"
GUARDS = {
    "event": ("event_no_update", "event_no_delete"),
    "adoption": ("adoption_no_update", "adoption_no_delete"),
    "rulebook_version": ("rulebook_version_no_update", "rulebook_version_no_delete"),
}


def made(name: str, **told: Any) -> Event:
    return Event(**({"id": name, "date": date(2020, 3, 9), "subject": "s1", "clause": "CG-A1"} | told))


def put(log: Log, *events: Event, office: str = "o", **how: Any) -> AppendResult:
    return log.append(office, events, rulebook="small", now=how.pop("now", NOW), **how)


def adopt(log: Log, edition: Edition, **how: Any) -> Adoption:
    return log.adopt("o", edition, Version.load(SMALL, edition), now=NOW, **how)


def corrected(*edits: tuple[str, str]) -> tuple[Edition, Version]:
    """Return the small rulebook with its title put right, so another version; and with further edits."""
    text = SMALL.read_text(encoding="utf-8")
    for old, new in (("示例街道社区考核办法", "示例街道社区考核办法(更正)"), *edits):
        assert old in text
        text = text.replace(old, new, 1)
    raw = text.encode()
    source = (SMALL.parent / "source.txt").read_bytes()
    return parse_rulebook(raw, "corrected.yaml"), Version(file=raw, source_name="source.txt", source=source)


def change(log: Log, statement: str, **values: object) -> int:
    """Do to the database what someone with a tool would do, the guards still in place."""
    with log._engine.connect().execution_options(writing=True) as connection, connection.begin():
        return connection.execute(text(statement), values).rowcount


def unguard(log: Log, table: str = "event") -> None:
    """Take the triggers of a table away, as a vandal with full rights would."""
    on = f" ON {table}" if log._engine.dialect.name == "postgresql" else ""
    for name in GUARDS[table]:
        change(log, f"DROP TRIGGER IF EXISTS {name}{on}")


def python(script: str, *words: str) -> subprocess.Popen[str]:
    """Start a script of this folder in a process of its own."""
    command = [sys.executable, str(HERE / script), *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# NUL stands in for a word of an id only in tests of its own; half characters are no text.
words = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=8)
names = st.text("abcdeé条1-", min_size=1, max_size=4)
moments = st.datetimes(datetime.fromisoformat("2019-12-01"), datetime.fromisoformat("2021-02-01"))
numbers = st.fractions(max_denominator=1000)


@st.composite
def any_event(draw: st.DrawFn, ids: st.SearchStrategy[str] = names) -> Event:
    """Draw an event of any content at all: the log keeps what it is given."""
    facts = st.dictionaries(st.sampled_from(["level", "part", "答"]), words) | st.just({})
    free = st.dictionaries(st.sampled_from(["x_name", "x_tel"]), words)
    figures = st.dictionaries(st.sampled_from(["value", "benchmark"]), numbers)
    counts = st.dictionaries(st.just("count"), st.integers(1, 9)) | st.dictionaries(st.just("done"), st.booleans())
    month = st.builds(Period, st.integers(2019, 2021), st.integers(0, 12))
    return Event(
        id=draw(ids),
        date=draw(st.dates(date(2019, 12, 1), date(2021, 2, 1))),
        period=draw(st.none() | month),
        subject=draw(words),
        clause=draw(words),
        kind=draw(words),
        matter=draw(words),
        status=draw(st.sampled_from(Status)),
        note=draw(words),
        recorded=draw(st.none() | moments),
        derived_from=draw(words),
        facts=draw(facts) | draw(free) | draw(figures) | draw(counts),
    )


many = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[  # one database for all examples is meant, and one contract for several databases
        HealthCheck.function_scoped_fixture,
        HealthCheck.differing_executors,
        HealthCheck.too_slow,
    ],
)
FULL = made(
    "e1",
    period=Period(2020, 2),
    kind="bulletin",
    matter="甲事",
    status=Status.CONFIRMED,
    note="示例：张某来电",
    recorded=datetime.fromisoformat("2020-03-10T08:00:00.000005"),
    derived_from="t1",
    facts={"count": 1, "level": "不良影响", "value": Fraction(1, 14), "benchmark": Fraction("0.70"), "x_tel": "示例"},
)

_offices = count(1)


def codes(refused: pytest.ExceptionInfo[RefusedError]) -> list[str]:
    return [finding.code for finding in refused.value.findings]


def own_office(log: Log) -> str:
    office = f"o{next(_offices)}"
    log.add_office(office)
    return office


class InSqlite:
    """Supplies a database in a file."""

    @pytest.fixture
    def url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'log.db'}"

    @pytest.fixture
    def fresh_url(self, tmp_path: Path) -> str:
        return f"sqlite:///{tmp_path / 'fresh.db'}"


class OnPostgres:
    """Supplies databases on a server."""

    @pytest.fixture
    def url(self, postgres_server: Callable[[], str]) -> str:
        return postgres_server()

    @pytest.fixture
    def fresh_url(self, postgres_server: Callable[[], str]) -> str:
        return postgres_server()
