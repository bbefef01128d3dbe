"""No line of a log is changed, and what is altered by hand is found: in every database alike."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import (
    FULL,
    InSqlite,
    OnPostgres,
    adopt,
    any_event,
    change,
    codes,
    made,
    many,
    own_office,
    put,
    unguard,
)
from sqlalchemy.exc import DatabaseError

from appraisal.errors import RefusedError
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.store.lines import Head, without_private
from appraisal.store.log import Log
from appraisal.store.rows import EVENT


class ChainContract:
    """What the chain and the guards of the database promise."""

    # Never edit

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE event SET public = '{}'",
            "UPDATE event SET subject = 's2', private = NULL, salt = NULL",
            'UPDATE event SET private = \'{"note":"x"}\'',
            "UPDATE event SET position = position + 10",
            "DELETE FROM event",
            "DELETE FROM office",
            "UPDATE adoption SET public = '{}'",
            "DELETE FROM adoption",
            "UPDATE rulebook_version SET sha256 = 'x'",
            "DELETE FROM rulebook_version",
        ],
    )
    def test_the_database_itself_refuses_to_change_a_line(self, log: Log, small: Edition, statement: str) -> None:
        put(log, FULL)
        adopt(log, small)
        with pytest.raises(DatabaseError, match="append-only"):
            change(log, statement)
        assert log.events("o") == [FULL]
        assert log.verify("o") == ()

    def test_a_private_part_can_be_erased_and_nothing_else(self, log: Log) -> None:
        put(log, FULL, made("e2", note="示例"))
        log.erase("o", "e1")
        told = {k: v for k, v in FULL.facts.items() if k != "x_tel"}
        assert log.events("o") == [replace(FULL, note="", facts=told), made("e2", note="示例")]
        assert log.line("o", "e1").erased
        assert log.verify("o") == ()
        assert put(log, FULL).ignored == 1  # what is gone cannot be compared; the open part is the same
        with pytest.raises(DatabaseError, match="append-only"):
            change(log, "UPDATE event SET private = '{}', salt = 'x' WHERE event_id = 'e1'")
        with pytest.raises(RefusedError) as refused:
            put(log, replace(FULL, subject="s2"))
        assert codes(refused) == ["L005"]

    @given(events=st.lists(any_event(), min_size=1, max_size=5, unique_by=lambda e: e.id), data=st.data())
    @many
    def test_whatever_is_erased_the_chain_holds_and_the_open_part_stays(
        self, log: Log, events: list[Event], data: st.DataObject
    ) -> None:
        office = own_office(log)
        put(log, *events, office=office)
        gone = data.draw(st.sets(st.sampled_from([e.id for e in events])))
        for event_id in gone:
            log.erase(office, event_id)
        assert log.events(office) == [without_private(e) if e.id in gone else e for e in events]
        assert all(
            not e.note and not any(k.startswith("x_") for k in e.facts) for e in log.events(office) if e.id in gone
        )
        assert log.verify(office, anchor=log.head(office)) == ()

    # The chain

    @pytest.mark.parametrize(
        ("column", "value", "code"),
        [
            ("public", "{}", "L030"),
            ("private_hash", "0" * 64, "L030"),
            ("hash", "0" * 64, "L030"),
            ("prev_hash", "0" * 64, "L032"),
            ("private", '{"note":"别的"}', "L031"),
            ("private", None, "L031"),
            ("salt", "00", "L031"),
            ("salt", None, "L031"),
            ("event_id", "e9", "L034"),
            ("rulebook", "other", "L034"),
            ("year", 2019, "L034"),
            ("subject", "s3", "L034"),
            ("clause", "CG-A2", "L034"),
            ("counters", "e1", "L034"),
            ("derived_from", "e1", "L034"),
            ("appended_at", "2020-07-01T09:31:00", "L034"),
        ],
    )
    def test_an_altered_column_is_found_in_its_line(self, log: Log, column: str, value: object, code: str) -> None:
        put(log, *(made(f"e{n}", note="示例") for n in range(1, 6)))
        unguard(log)
        change(log, f"UPDATE event SET {column} = :value WHERE position = 3", value=value)  # noqa: S608  our own words
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["position"]) == (code, "3")

    @given(data=st.data())
    @many
    def test_any_altered_character_of_any_line_is_found_in_its_line(self, log: Log, data: st.DataObject) -> None:
        office = own_office(log)
        put(log, *(made(f"e{n}", note="示例", facts={"x_a": "b"}) for n in range(1, 5)), office=office)
        unguard(log)
        at = data.draw(st.integers(1, 4))
        column = data.draw(st.sampled_from(["public", "private", "salt", "private_hash", "prev_hash", "hash"]))
        with log._engine.connect() as connection:
            row = connection.execute(EVENT.select().where(EVENT.c.office_id == office, EVENT.c.position == at)).one()
            old = row._mapping[column]
        spot = data.draw(st.integers(0, len(old) - 1))
        new = old[:spot] + ("1" if old[spot] == "0" else "0") + old[spot + 1 :]
        where = "WHERE office_id = :office AND position = :at"
        change(log, f"UPDATE event SET {column} = :new {where}", new=new, office=office, at=at)  # noqa: S608
        (finding,) = log.verify(office)
        assert finding.args["position"] == str(at)

    def test_a_line_rewritten_with_its_seal_breaks_the_next_link(self, log: Log) -> None:
        put(log, made("e1"), made("e2"), made("e3"))
        log.add_office("forger")
        put(log, made("e1"), made("e2", facts={"count": 9}), office="forger")
        unguard(log)
        change(log, "DELETE FROM event WHERE office_id = 'o' AND position = 2")
        change(log, "UPDATE event SET office_id = 'o' WHERE office_id = 'forger' AND position = 2")
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["position"]) == ("L032", "2")

    def test_a_deleted_line_is_a_gap(self, log: Log) -> None:
        put(log, *(made(f"e{n}") for n in range(1, 6)))
        unguard(log)
        change(log, "DELETE FROM event WHERE position = 3")
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["missing"], finding.args["after"]) == ("L033", "3", "e2")

    def test_a_cut_tail_shows_and_an_anchor_shows_it_even_where_the_head_was_moved(self, log: Log) -> None:
        head = put(log, made("e1"), made("e2")).head
        anchor = put(log, made("e3")).head
        unguard(log)
        change(log, "DELETE FROM event WHERE position = 3")
        assert [f.code for f in log.verify("o")] == ["L035"]
        change(log, "UPDATE office SET head_position = 2, head_hash = :hash", hash=head.hash)
        assert log.verify("o") == ()
        assert [f.code for f in log.verify("o", anchor=anchor)] == ["L036"]
        assert log.verify("o", anchor=head) == ()

    @pytest.mark.parametrize("left", range(4))
    def test_a_tail_cut_anywhere_shows_against_the_head(self, log: Log, left: int) -> None:
        put(log, *(made(f"e{n}") for n in range(1, 5)))
        unguard(log)
        change(log, "DELETE FROM event WHERE position > :left", left=left)
        (finding,) = log.verify("o")
        assert (finding.code, finding.args["position"], finding.args["head"]) == ("L035", str(left), "4")

    @pytest.mark.parametrize("column", ["head_hash = 'x'", "head_position = 1", "head_position = 3"])
    def test_a_head_altered_by_hand_shows(self, log: Log, column: str) -> None:
        put(log, made("e1"), made("e2"))
        change(log, f"UPDATE office SET {column}")  # noqa: S608  our own words
        assert [f.code for f in log.verify("o")] == ["L035"]

    def test_an_anchor_of_an_earlier_head_holds_as_the_log_grows(self, log: Log) -> None:
        anchors = [log.head("o"), put(log, made("e1")).head, put(log, made("e2"), made("e3")).head]
        assert [log.verify("o", anchor=anchor) for anchor in anchors] == [()] * 3
        assert [f.code for f in log.verify("o", anchor=Head(position=1, hash=anchors[2].hash))] == ["L036"]


class TestSqlite(InSqlite, ChainContract):
    """In a file."""


@pytest.mark.postgres
class TestPostgres(OnPostgres, ChainContract):
    """On a server."""
