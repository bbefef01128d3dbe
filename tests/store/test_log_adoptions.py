"""Which rulebook holds when, read from the bytes that were adopted: in every database alike."""

from __future__ import annotations

from datetime import date

import pytest
from making import (
    NOW,
    SMALL,
    InSqlite,
    OnPostgres,
    adopt,
    change,
    codes,
    corrected,
    unguard,
)

from appraisal.errors import InternalError, RefusedError
from appraisal.model.edition import Edition
from appraisal.model.periods import Period
from appraisal.reading.rulebook import read_rulebook
from appraisal.store.adoptions import Version
from appraisal.store.log import Log
from appraisal.store.rows import VERSION


class AdoptionsContract:
    """What adoptions promise."""

    # Adoptions

    def test_the_date_picks_the_adoption_and_outside_there_is_none(self, log: Log, small: Edition) -> None:
        first = adopt(log, small)
        assert log.adoption("o", Period(2020, 12)) == log.adoption("o", Period(2020), "small") == first
        assert log.adoption("o", date(2020, 12, 31)) == first
        for outside in (date(2021, 1, 1), Period(2019, 12), Period(2021)):
            with pytest.raises(RefusedError) as refused:
                log.adoption("o", outside)
            assert codes(refused) == ["L022"]

    def test_a_correction_adopts_the_whole_year_again_and_the_first_line_stays(self, log: Log, small: Edition) -> None:
        first = adopt(log, small)
        edition, version = corrected()
        with pytest.raises(RefusedError) as refused:
            log.adopt("o", edition, version, now=NOW, valid_from=date(2020, 7, 1))
        assert codes(refused) == ["L021"]
        second = log.adopt("o", edition, version, now=NOW)
        assert log.adoption("o", Period(2020, 1)) == second
        assert log.adoptions("o") == (first, second)
        assert (log.edition(first).hash, log.edition(second).hash) == (small.hash, edition.hash)
        assert log.edition(first) == small
        assert log.verify("o") == ()

    def test_an_adoption_keeps_its_roster_and_its_readings(self, log: Log) -> None:
        edition = read_rulebook(SMALL, readings={"R01": "added"})
        roster = edition.roster[:2]
        line = log.adopt("o", edition, Version.load(SMALL, edition), now=NOW, roster=roster)
        assert log.adoptions("o") == (line,)
        assert (line.roster, dict(line.readings)) == (roster, {"R01": "added"})
        assert log.edition(line) == edition

    def test_a_rulebook_is_read_from_the_bytes_that_were_adopted_or_not_at_all(self, log: Log, small: Edition) -> None:
        _, other = corrected()
        with pytest.raises(InternalError):
            log.adopt("o", small, other, now=NOW)
        line = adopt(log, small)
        unguard(log, "rulebook_version")
        with log._engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.execute(VERSION.update().values(file=other.file))
        with pytest.raises(InternalError):
            log.edition(line)

    @pytest.mark.parametrize(
        ("table", "statement", "code"),
        [
            ("adoption", "UPDATE adoption SET public = replace(public, '2020-12-31', '2020-12-30')", "L037"),
            ("adoption", "UPDATE adoption SET prev_hash = 'x'", "L037"),
            ("adoption", "DELETE FROM adoption", "L039"),
            ("rulebook_version", "UPDATE rulebook_version SET file = source", "L038"),
            ("rulebook_version", "UPDATE rulebook_version SET source = file", "L038"),
            ("rulebook_version", "UPDATE rulebook_version SET sha256 = 'x'", "L038"),
        ],
    )
    def test_an_altered_adoption_or_rulebook_is_found(
        self, log: Log, small: Edition, table: str, statement: str, code: str
    ) -> None:
        adopt(log, small)
        unguard(log, table)
        change(log, statement)
        assert [f.code for f in log.verify("o")] == [code]


class TestSqlite(InSqlite, AdoptionsContract):
    """In a file."""


@pytest.mark.postgres
class TestPostgres(OnPostgres, AdoptionsContract):
    """On a server."""
