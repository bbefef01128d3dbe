"""Backup and restore: everything comes back, into either database; a backup is whole or not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from office_making import NOW, OFFICE, PNG, at, someone
from sqlalchemy import select

from appraisal.model.periods import Span
from appraisal.model.roles import Role
from appraisal.office import entries
from appraisal.office.health import checks
from appraisal.office.installation import Installation, files_beside, open_installation
from appraisal.store.audit import Trace
from appraisal.store.backup import TABLES, backup, restore

CELLS = {"date": "2020-03-09", "subject": "s1", "clause": "CG-A2", "note": "示例：被通报"}


def filled(house: Installation) -> str:
    """Put something into most tables, and return the name of a file of evidence."""
    kept = house.evidence.keep(OFFICE, PNG, now=NOW).sha256
    entries.log(at(house, Role.OFFICER), "small", CELLS, now=NOW, files=[kept])
    account = house.accounts.add("dengji", "示例", now=NOW, roles=someone(Role.OFFICER).roles)
    house.sessions.make_token(account.id, now=NOW, name="示例", scopes=["export"])
    house.settings.put("appeal_days", 7)
    house.outbox.add_webhook(OFFICE, "https://example.org/", now=NOW)
    house.audit.note(Trace(at=NOW, actor=account.id, action="export"))
    return kept


def rows(house: Installation) -> dict[str, list[tuple[object, ...]]]:
    with house.database.reading() as connection:
        return {t.name: sorted(map(tuple, connection.execute(select(t))), key=repr) for t in TABLES}


def test_everything_comes_back(house: Installation, tmp_path: Path) -> None:
    kept = filled(house)
    made = backup(house.database.engine, house.evidence.folder, tmp_path / "b.zip", now=NOW)
    assert (made.rows["event"], made.files) == (1, 1)
    url = f"sqlite:///{tmp_path / 'new.db'}"
    assert restore(tmp_path / "b.zip", url, files_beside(url)) == made
    with open_installation(url) as again:
        assert rows(again) == rows(house)
        assert again.evidence.content(OFFICE, kept) == PNG
        assert (again.log.verify(OFFICE), again.audit.verify(), again.evidence.check()) == ((), (), ())
        span = Span.month(2020, 3)
        assert again.standings(OFFICE, "small", span, day=NOW.date()) == house.standings(
            OFFICE, "small", span, day=NOW.date()
        )
        entries.log(at(again, Role.OFFICER), "small", CELLS | {"subject": "s2"}, now=NOW)  # and it goes on
        assert again.log.verify(OFFICE) == ()


def test_nothing_half_is_left_where_there_is_no_room(house: Installation, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="O080"):
        backup(house.database.engine, house.evidence.folder, tmp_path / "nowhere" / "b.zip", now=NOW)
    kept = filled(house)
    house.evidence.path(kept).unlink()
    with pytest.raises(Exception, match="O044"):
        backup(house.database.engine, house.evidence.folder, tmp_path / "b.zip", now=NOW)
    assert not list(tmp_path.glob("*.zip*"))


def test_an_installation_says_how_it_is(house: Installation) -> None:
    found = {check.name: check.well for check in checks(house, now=NOW)}
    assert found["reads"]
    assert found["writes"]
    assert found["standings"]
