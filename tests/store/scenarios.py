"""For each finding of the log the smallest thing that brings it about; the pages of `docs/findings` show the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from finding_pages import refused
from making import NOW, adopt, change, corrected, made, put, unguard

from appraisal.errors import Finding
from appraisal.model.edition import Edition
from appraisal.model.periods import Period
from appraisal.office.office import Office, parse_anchor
from appraisal.store.appending import Request
from appraisal.store.lines import Head
from appraisal.store.log import Log, open_log
from appraisal.store.writer import Writer

URL = "sqlite:///log.db"
Scenario = Callable[[Log, Edition], "object"]


def by_hand(statement: str) -> None:
    """Change the database file with another tool."""
    with closing(sqlite3.connect("log.db")) as connection, connection:
        connection.execute(statement)


def newer(_log: Log, _: Edition) -> Finding:
    by_hand("UPDATE appraisal_step SET version_num = '9999'")
    return refused(lambda: open_log(URL))


def not_a_database(_log: Log, _: Edition) -> Finding:
    Path("notes.txt").write_text("这不是数据库\n" * 100, encoding="utf-8")
    return refused(lambda: open_log("sqlite:///notes.txt"))


def busy(_log: Log, _: Edition) -> Finding:
    with open_log(URL, patience=0.1) as other, closing(sqlite3.connect("log.db")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        return refused(lambda: put(other, made("e1")))


def foreign(_log: Log, _: Edition) -> Finding:
    with closing(sqlite3.connect("other.db")) as connection, connection:
        connection.execute("CREATE TABLE event (id TEXT)")
    return refused(lambda: open_log("sqlite:///other.db"))


def other_content(log: Log, _: Edition) -> Finding:
    put(log, made("e1"))
    return refused(lambda: put(log, made("e1", subject="s2", facts={"count": 2})))


def twice(log: Log, _: Edition) -> Finding:
    return refused(lambda: put(log, made("e1"), made("e1", note="另一件事")))


def dangling(log: Log, _: Edition) -> Finding:
    return refused(lambda: put(log, made("c1", counters="e1")))


def follows_nothing(log: Log, _: Edition) -> Finding:
    return refused(lambda: put(log, made("r1", clause="", kind="reviewed", follows="e1")))


def overtaken(log: Log, _: Edition) -> Finding:
    step = made("r1", clause="", follows="e1", facts={"actor": "u1"}, recorded=NOW)
    put(log, made("e1"), replace(step, kind="returned"))
    return refused(lambda: put(log, replace(step, id="r2", kind="reviewed")))


def stopping(log: Log, _: Edition) -> Finding:
    writer = Writer(log.database.engine)
    writer.close()
    return refused(lambda: writer.change(lambda _: None))


def moved_on(log: Log, _: Edition) -> Finding:
    before = log.head("o")
    put(log, made("e1"))
    late = Request(office="o", events=(made("e2"),), rulebook="small", now=NOW, expected=before)
    return refused(lambda: log.request(late))


def two_values(log: Log, small: Edition) -> Finding:
    rate = made("r1", clause="CG-B1", facts={"value": Fraction(7, 10)})
    put(log, rate, rules=small.rulebook)
    return refused(lambda: put(log, replace(rate, id="r2"), rules=small.rulebook))


def unfit(log: Log, _: Edition) -> Finding:
    return refused(lambda: put(log, made("e1", note="半个字：\ud83d")))


def no_office(log: Log, _: Edition) -> Finding:
    log.add_office("shifan-east")
    return refused(lambda: log.head("shifan-eats"))


def which_office(log: Log, _: Edition) -> Finding:
    log.add_office("p")
    return refused(lambda: Office.of(log))


def no_event(log: Log, _: Edition) -> Finding:
    return refused(lambda: log.erase("o", "e1"))


def bad_anchor(_log: Log, _: Edition) -> Finding:
    return refused(lambda: parse_anchor("1200"))


def full(log: Log, _: Edition) -> Finding:
    with log._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 40")
    return refused(lambda: put(log, *(made(f"e{n}") for n in range(1500))))


def damaged(log: Log, _: Edition) -> Finding:
    put(log, *(made(f"e{n}") for n in range(1500)))
    log.close()
    file = Path("log.db")
    half = file.stat().st_size // 2
    file.write_bytes(file.read_bytes()[:half] + b"?" * half)
    return refused(lambda: log.verify("o"))


def outside(log: Log, small: Edition) -> Finding:
    return refused(lambda: adopt(log, small, valid_to=date(2021, 6, 30)))


def half_a_year(log: Log, small: Edition) -> Finding:
    adopt(log, small)
    edition, version = corrected()
    return refused(lambda: log.adopt("o", edition, version, now=NOW, valid_from=date(2020, 7, 1)))


def not_adopted(log: Log, small: Edition) -> Finding:
    adopt(log, small)
    return refused(lambda: log.adoption("o", Period(2021, 1), "small"))


def which_rulebook(log: Log, small: Edition) -> Finding:
    adopt(log, small)
    edition, version = corrected(("id: small", "id: other"))
    log.adopt("o", edition, version, now=NOW)
    return refused(lambda: log.adoption("o", Period(2020, 3)))


def broken(statement: str, table: str = "event", anchor: Head | None = None) -> Scenario:
    """Return what shows after this was done by hand to a log of three lines and one adoption."""

    def scenario(log: Log, small: Edition) -> Finding:
        put(log, *(made(f"e{n}", note="示例") for n in (1, 2, 3)))
        adopt(log, small)
        unguard(log, table)
        if statement:
            change(log, statement)
        (finding,) = log.verify("o", anchor=anchor)
        return finding

    return scenario


SCENARIOS: Mapping[str, Scenario] = {
    "L001": newer,
    "L002": not_a_database,
    "L003": busy,
    "L004": foreign,
    "L005": other_content,
    "L006": twice,
    "L007": dangling,
    "L008": two_values,
    "L009": unfit,
    "L010": no_office,
    "L011": which_office,
    "L012": no_event,
    "L013": bad_anchor,
    "L014": full,
    "L015": damaged,
    "L016": follows_nothing,
    "L017": overtaken,
    "L018": stopping,
    "L019": moved_on,
    "L020": outside,
    "L021": half_a_year,
    "L022": not_adopted,
    "L023": which_rulebook,
    "L030": broken("UPDATE event SET public = replace(public, 's1', 's2') WHERE position = 2"),
    "L031": broken('UPDATE event SET private = \'{"note":"别的"}\' WHERE position = 2'),
    "L032": broken("UPDATE event SET prev_hash = hash WHERE position = 2"),
    "L033": broken("DELETE FROM event WHERE position = 2"),
    "L034": broken("UPDATE event SET subject = 's2' WHERE position = 2"),
    "L035": broken("DELETE FROM event WHERE position = 3"),
    "L036": broken("", anchor=Head(position=3, hash="0" * 64)),
    "L037": broken("UPDATE adoption SET public = replace(public, '2020-12-31', '2020-12-30')", "adoption"),
    "L038": broken("UPDATE rulebook_version SET file = source", "rulebook_version"),
    "L039": broken("DELETE FROM adoption", "adoption"),
}
