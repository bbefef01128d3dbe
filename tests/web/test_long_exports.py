"""Long exports on the page: progress, an end at any moment, one at a time, for whoever asked; nothing half left."""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from serving import BOOK, NOW, SUBJECT, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from api.export_worker import Order, asked
from api.web.jobs import KEPT, Job, Jobs, State
from appraisal.errors import RefusedError
from appraisal.model.exact import show
from appraisal.model.periods import Span
from appraisal.model.roles import Role

ORDER = Order(office="office", rulebook=BOOK, period="2020-05", lang="zh", day=NOW.date().isoformat())
LONG = 240.0


def started(client: TestClient, period: str, *, months: bool = False) -> str:
    """Begin an export by the form of the page, and return its address."""
    page = client.get("/exports", params={"rulebook": BOOK, "period": period}).text
    told = {"csrf": token(page), "rulebook": BOOK, "period": period, "months": "1" if months else ""}
    answer = client.post("/exports", data=told)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def awaited(jobs: Jobs, name: str, *, until: str = "", account: str = "") -> Job:
    """Wait until an export has ended, or is at a step and has made something of it."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        job = next(job for job in jobs._jobs.values() if job.id == name)
        if not job.under_way or (until and job.step == until and job.done >= 1):
            return job
        time.sleep(0.02)
    raise AssertionError(f"{account} {name} does not end")


def left(app: FastAPI, name: str) -> list[str]:
    """Return what lies in the folder of an export."""
    return sorted(path.name for path in (app.state.house.jobs._folder / name).iterdir())


def test_all_documents_of_a_month_from_the_page(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.LEADER][0])
    address = started(client, "2020-05")
    page = client.get(address).text
    assert 'hx-trigger="every 1s"' in page
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert client.get(f"{address}/file").status_code == 404
    name = address.rsplit("/", 1)[1]
    assert awaited(app.state.house.jobs, name).state is State.DONE
    part = client.get(address, headers={"HX-Request": "true"}).text
    assert "hx-trigger" not in part
    assert "<html" not in part
    assert f"{address}/file" in part
    answer = client.get(f"{address}/file")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert {"workbook.xlsx", "notice.docx", "notice.pdf", "subjects.pdf", "closing.pdf"} <= set(archive.namelist())
        told = json.loads(archive.read("standings.json"))
    found = app.state.house.installation.standings("office", BOOK, Span.month(2020, 5), day=NOW.date())
    assert {s["subject_id"]: s["total"] for s in told["standings"]} == {
        s.subject: show(s.total) for s in found.standings
    }
    lines = app.state.house.installation.audit.lines(limit=2)
    assert [line.target for line in lines] == [f"{BOOK}/2020-05/zip", f"{BOOK}/2020-05/all"]


def test_ended_in_the_middle_nothing_is_left_and_the_next_can_begin(browser: Browser, app: FastAPI) -> None:
    client, jobs = browser(LOGINS[Role.LEADER][0]), app.state.house.jobs
    address = started(client, "2020-03", months=True)
    name = address.rsplit("/", 1)[1]
    middle = awaited(jobs, name, until="exporting")
    assert middle.state is State.RUNNING
    assert 0 < middle.done < middle.all
    assert f"{middle.all}" in client.get(address).text
    process = jobs._processes[name]
    page = client.get(address).text
    assert client.post(f"{address}/cancel", data={"csrf": token(page)}).headers["location"] == address
    assert process.poll() is not None
    assert "已取消，没有留下文件" in client.get(address).text
    assert left(app, name) == ["job.json"]
    assert client.get(f"{address}/file").status_code == 404
    again = started(client, "2020-03").rsplit("/", 1)[1]
    jobs.cancel(jobs._jobs[again])


def test_one_at_a_time_and_nobody_elses(browser: Browser, app: FastAPI) -> None:
    client, other = browser(LOGINS[Role.LEADER][0]), browser(LOGINS[Role.GROUP][0])
    address = started(client, "2020-05", months=True)
    page = client.get("/exports").text
    told = {"csrf": token(page), "rulebook": BOOK, "period": "2020-05"}
    second = client.post("/exports", data=told)
    assert second.status_code == 409
    assert "您有一份文件正在生成" in second.text
    for path in (address, f"{address}/file"):
        assert other.get(path).status_code == 404
    mine = token(other.get("/exports").text)
    assert other.post(f"{address}/cancel", data={"csrf": mine}).status_code == 404
    job = app.state.house.jobs._jobs[address.rsplit("/", 1)[1]]
    assert job.under_way
    app.state.house.jobs.cancel(job)


def test_a_head_gets_the_own_sheets_without_ranks_before_they_are_displayed(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.HEAD][0])
    address = started(client, "2020-02", months=True)
    assert awaited(app.state.house.jobs, address.rsplit("/", 1)[1]).state is State.DONE
    with zipfile.ZipFile(io.BytesIO(client.get(f"{address}/file").content)) as archive:
        names = set(archive.namelist())
        own = {"sheet.pdf", "sheet.docx", "sheet.xlsx", "entries.csv", "standing.json"}
        assert names == own | {f"2020-01/{name}" for name in own}
        told = json.loads(archive.read("standing.json"))
        csv = archive.read("entries.csv").decode("utf-8-sig")
    assert told["subject"] == SUBJECT
    assert "rank" not in told
    edition = app.state.house.installation.log.edition(app.state.house.installation.office("office").adopted(BOOK))
    assert [s.name for s in edition.roster if s.name != SUBJECT and s.name in csv] == []


def test_a_department_gets_its_own(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.OFFICER][0])
    address = started(client, "2020-02")
    assert awaited(app.state.house.jobs, address.rsplit("/", 1)[1]).state is State.DONE
    with zipfile.ZipFile(io.BytesIO(client.get(f"{address}/file").content)) as archive:
        assert set(archive.namelist()) == {"department.pdf", "department.docx", "department.xlsx", "entries.csv"}


def test_after_a_restart_what_was_under_way_says_that_it_was_cut_off(app: FastAPI) -> None:
    jobs = app.state.house.jobs
    job = jobs.begin("u1", replace(ORDER, months=True), now=NOW)
    awaited(jobs, job.id, until="exporting")
    (jobs._folder / job.id / ".documents.zip.x.part").write_bytes(b"half")
    jobs._keep(replace(jobs._jobs[job.id], state=State.RUNNING))
    process = jobs._processes[job.id]
    after = Jobs(jobs._folder, jobs._url)  # as the next server finds it, the first being killed
    found = after.get(job.id, "u1", now=NOW)
    assert found is not None
    assert found.state is State.INTERRUPTED
    assert left(app, job.id) == ["job.json"]
    jobs.close()
    assert process.poll() is not None
    assert Jobs(jobs._folder, jobs._url)._jobs[job.id].state is State.INTERRUPTED


def test_the_process_ends_with_the_server(app: FastAPI, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "api.export_worker"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    url = app.state.house.settings.database_url
    process.stdin.write(asked(replace(ORDER, months=True), url, tmp_path / "out.zip"))
    process.stdin.flush()
    assert b"assessing" in process.stdout.readline()
    process.stdin.close()
    assert process.wait(60) == 3
    assert not (tmp_path / "out.zip").exists()
    process.stdout.close()


def test_files_go_after_a_day(app: FastAPI) -> None:
    jobs = app.state.house.jobs
    job = jobs.begin("u1", ORDER, now=NOW)
    assert awaited(jobs, job.id).state is State.DONE
    assert jobs.get(job.id, "u1", now=NOW + KEPT) is not None
    assert jobs.get(job.id, "u1", now=NOW + KEPT + timedelta(seconds=1)) is None
    assert not (jobs._folder / job.id).exists()


def test_a_full_disk_is_told_and_nothing_is_left(app: FastAPI) -> None:
    jobs = app.state.house.jobs
    job = jobs.begin("u1", ORDER, now=NOW)
    while job.id not in jobs._processes:
        time.sleep(0.01)
    resource.prlimit(jobs._processes[job.id].pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
    assert awaited(jobs, job.id).state is State.FAILED
    assert [one.code for one in jobs._jobs[job.id].findings] == ["P030"]
    assert left(app, job.id) == ["job.json"]


def test_no_room_for_the_record_is_refused(tmp_path: Path) -> None:
    (tmp_path / "exports").write_text("a file where the folder should be")
    with pytest.raises(RefusedError) as caught:
        Jobs(tmp_path / "exports", "sqlite://").begin("u1", ORDER, now=NOW)
    assert [one.code for one in caught.value.findings] == ["P032"]


def test_a_period_that_the_office_has_not_is_refused(browser: Browser) -> None:
    client = browser(LOGINS[Role.LEADER][0])
    mine = token(client.get("/exports").text)
    assert client.post("/exports", data={"csrf": mine, "rulebook": BOOK, "period": "x"}).status_code == 404
    answer = client.post("/exports", data={"csrf": mine, "rulebook": BOOK, "period": "1999"})
    assert 400 <= answer.status_code < 500


def test_every_document_of_the_page_can_be_taken(browser: Browser) -> None:
    client = browser(LOGINS[Role.LEADER][0])
    page = client.get("/exports", params={"rulebook": BOOK, "period": "2020-05"}).text
    links = re.findall(r'href="(/rankings/[^"]+/export\?[^"]+)"', page.replace("&amp;", "&"))
    assert len(links) == 14
    for link in links:
        answer = client.get(link)
        assert answer.status_code == 200, link
        assert answer.content[:4] in {b"PK\x03\x04", b"%PDF", b"\xef\xbb\xbf\xe5", b"{\n  "} or link.endswith("json")
