"""The server on a full disk, beside another process that writes, and on PostgreSQL: clear words, no loss."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from server import BOOK, OFFICE, prepared, served
from serving import NOW
from starlette.testclient import TestClient

from api.web.app import create_app
from api.web.settings import Settings
from appraisal.model.roles import HeldRole, Role
from appraisal.office.installation import open_installation


def test_a_full_disk_is_said_in_words_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "full.db"
    secret = prepared(f"sqlite:///{path}")
    with served(f"sqlite:///{path}", "prlimit", f"--fsize={path.stat().st_size + 300_000}") as server:
        kept, refused = set[str](), []
        for number in range(400):
            status, kind, text = server.post(secret, f"k{number}")
            if status == 201:
                kept.add(json.loads(text)["id"])
            else:
                refused.append((status, kind, json.loads(text)["code"]))
            if len(refused) > 3:
                break
        assert refused[0] == (503, "application/problem+json", "L014")
        assert server.ask("GET", "/healthz")[0] == 200
        shown = server.ask("GET", f"/api/v1/events?rulebook={BOOK}&period=2020-03", Authorization=f"Bearer {secret}")
        assert (shown[0], json.loads(shown[2])["total"]) == (200, len(kept))  # reading goes on
    with open_installation(f"sqlite:///{path}") as house:
        assert kept <= house.log.known_ids(OFFICE)
        assert house.log.verify(OFFICE) == ()
    with served(f"sqlite:///{path}") as server:  # there is room again
        assert server.post(secret, "later")[0] == 201


def test_another_process_writes_too_and_both_are_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'two.db'}"
    secret = prepared(url)
    rows = "编号,日期,社区,条款,备注\n" + "".join(
        f"r{day},2020-03-{day:02d},s1,CG-A1,示例 {day}\n" for day in range(1, 29)
    )
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    with served(url) as server:
        command = [str(Path(sys.executable).with_name("appraisal")), "log", "import", str(tmp_path / "rows.csv")]
        command += ["--rulebook", BOOK, "--db", url, "--office", OFFICE]
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        mine = [server.post(secret, f"k{number}")[0] for number in range(20)]
        other.communicate(timeout=60)
        assert other.returncode == 0
        assert mine == [201] * 20
    with open_installation(url) as house:
        assert house.log.head(OFFICE).position == 48
        assert house.log.verify(OFFICE) == ()


@pytest.mark.postgres
def test_pages_and_programs_on_postgresql(postgres_server: Callable[[], str]) -> None:
    """What SQLite serves PostgreSQL serves too: an event posted is on the ranking, the sheet and the list."""
    url = postgres_server()
    secret = prepared(url)
    app = create_app(replace(Settings(), database_url=url), lambda: NOW, quiet=True)
    house = app.state.house.installation
    client = TestClient(app, follow_redirects=False, client=("127.0.0.1", 1))
    entry = {"rulebook": BOOK, "date": "2020-03-09", "subject": "s1", "clause": "CG-A1", "note": "示例"}
    told = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k1"}
    assert client.get("/readyz").json()["ready"] is True
    assert client.get(f"/api/v1/rankings/{BOOK}/2020-03", headers=told).status_code == 200
    logged = client.post("/api/v1/events", json=entry, headers=told)
    assert logged.status_code == 201, logged.text
    assert client.post("/api/v1/events", json=entry, headers=told).content == logged.content
    held = [HeldRole(role=Role.GROUP, office=OFFICE)]
    account = house.accounts.add("xiaozu", "示例小组", now=NOW, roles=held)
    client.cookies.set("session", house.sessions.begin(account.id, now=NOW))
    name = logged.json()["id"]
    pages = ("/", f"/rankings/{BOOK}/2020-03", f"/subjects/s1?rulebook={BOOK}&period=2020-03", f"/events/{name}")
    for page in (*pages, f"/events?rulebook={BOOK}&period=2020-03"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "示例小组" in answer.text
    assert name in client.get(f"/events?rulebook={BOOK}&period=2020-03").text
    app.state.house.close()
