"""Importing a file: the template, the preview with its faults, all or nothing, and the file that comes back."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from fastapi import FastAPI
from httpx import Response
from serving import BOOK, NOW, SUBJECT, Browser, secret, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.periods import Period
from appraisal.model.roles import HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office import closing, imports, months
from appraisal.office.office import FIRST
from appraisal.reading.rulebook import find_rulebook
from appraisal.store.accounts import Account

OFFICER = LOGINS[Role.OFFICER][0]
HEAD = "日期,社区,条款,数量,备注\n"
GOOD = f"2020-12-29,{SUBJECT},CG-A1,1,示例：抽查甲\n2020-12-21,{SUBJECT},CG-A1,2,示例：抽查乙\n"


def upload(client: TestClient, content: str | bytes, name: str = "记录.csv") -> Response:
    csrf = token(client.get("/imports").text)
    data = content.encode() if isinstance(content, str) else content
    return client.post("/imports", data={"csrf": csrf}, files={"file": (name, data)})


def preview(client: TestClient, content: str | bytes, name: str = "记录.csv") -> tuple[str, str]:
    """Hand a table in; return where its preview is, and the page."""
    answer = upload(client, content, name)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"], client.get(answer.headers["location"]).text


def take(client: TestClient, at: str, page: str, **more: str) -> Response:
    file = re.search(r'name="file" value="([^"]*)"', page)
    return client.post(at, data={"csrf": token(page), "file": file[1] if file else "记录.csv", **more})


def ids(app: FastAPI) -> set[str]:
    return set(app.state.house.installation.yearbook(FIRST, BOOK, 2020).lines)


def counts(page: str) -> dict[str, int]:
    return {name: int(n) for name, n in re.findall(r"<dt>(.*?)</dt><dd[^>]*>(\d+)</dd>", page)}


def account(app: FastAPI, role: Role) -> Account:
    found: Account = app.state.house.installation.accounts.find(LOGINS[role][0])
    return found


@pytest.fixture
def client(browser: Browser) -> TestClient:
    return browser(OFFICER)


def test_a_file_is_looked_at_first_and_then_taken_in_whole(client: TestClient, app: FastAPI) -> None:
    before = ids(app)
    at, page = preview(client, HEAD + GOOD)
    assert counts(page)["有误"] == 0
    assert ids(app) == before
    done = take(client, at, page, duplicate="示例：不同的事")
    assert (done.status_code, done.headers["location"]) == (303, "/imports?done=2&there=0")
    book = app.state.house.installation.yearbook(FIRST, BOOK, 2020)
    new = [book.lines[name].event for name in ids(app) - before]
    officer = account(app, Role.OFFICER)
    department = book.edition.scorecard.departments[0].id
    assert {(e.note, e.count, e.subject) for e in new} == {
        ("示例：抽查甲", 1, new[0].subject),
        ("示例：抽查乙", 2, new[0].subject),
    }
    assert {(e.actor, e.facts["role"], e.facts["department"], e.recorded) for e in new} == {
        (officer.id, "officer", department, NOW)
    }
    last = app.state.house.installation.audit.lines(limit=1)[0]
    assert (last.action, last.target, last.actor) == ("import", "记录.csv (2)", officer.id)


def test_the_same_file_once_more_changes_nothing(client: TestClient, app: FastAPI) -> None:
    at, page = preview(client, HEAD + GOOD)
    take(client, at, page, duplicate="示例：不同的事")
    before = ids(app)
    _, again = preview(client, HEAD + GOOD)
    assert counts(again) == {"待登记": 0, "有误": 0, "可能重复": 0, "已登记过": 2}
    assert "全部登记" not in again
    assert take(client, at, page).headers["location"] == "/imports?done=0&there=2"
    assert ids(app) == before


def test_one_faulty_cell_keeps_the_whole_file_out(client: TestClient, app: FastAPI) -> None:
    """What is wrong stands in the cell where it is wrong: the community in row 3, the number in row 4."""
    before = ids(app)
    rows = GOOD + "2020-12-20,麻园弯社区,CG-A1,1,示例\n2020-12-20,麻园湾社区,CG-A1,零,示例\n"
    at, page = preview(client, HEAD + rows)
    assert counts(page)["有误"] == 2
    bad = re.findall(r'<td class="import-bad">(.*?)</td>', page, flags=re.DOTALL)
    assert [cell.split("<")[0] for cell in bad] == ["麻园弯社区", "零"]
    assert "麻园湾社区" in bad[0]
    assert "全部登记" not in page
    refused = take(client, at, page)
    assert refused.status_code == 422
    assert ids(app) == before


def test_the_file_comes_back_with_its_faulty_cells_marked_and_can_be_mended(client: TestClient, app: FastAPI) -> None:
    rows = f"2020-12-29,{SUBJECT},CG-A1,零,示例：抽查甲\n2020-13-01,{SUBJECT},CG-A1,1,=1+1\n"
    at, _ = preview(client, HEAD + rows)
    answer = client.get(at.replace("?", "/faults?", 1))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    marked = {c.coordinate: c for row in sheet.iter_rows(min_row=4) for c in row if c.fill.fgColor.rgb == "FFF8CBAD"}
    assert set(marked) == {"D4", "A5"}
    assert all(cell.comment is not None for cell in marked.values())
    assert marked["D4"].comment.text.split(" ")[0] in str(sheet["F4"].value)
    assert (sheet["E5"].value, sheet["E5"].data_type) == ("=1+1", "s")
    assert app.state.house.installation.audit.lines(limit=1)[0].action == "export"
    sheet["D4"], sheet["A5"], sheet["E5"] = "1", "2020-11-05", "示例：抽查丙"
    mended = io.BytesIO()
    sheet.parent.save(mended)
    _, page = preview(client, mended.getvalue(), "改好.xlsx")
    assert counts(page)["有误"] == 0
    assert counts(page)["待登记"] == 2


def test_a_clause_of_another_department_is_refused(client: TestClient, app: FastAPI) -> None:
    house = app.state.house.installation
    _, other, *_ = house.log.edition(house.office(FIRST).adopted(BOOK)).scorecard.departments
    theirs = next(c.id for item in other.items for c in item.all_clauses() if c.inputs().loggable)
    before = ids(app)
    at, page = preview(client, f"{HEAD}{GOOD}2020-12-28,{SUBJECT},{theirs},,示例\n")
    assert counts(page)["有误"] == 1
    assert re.search(rf'<td class="import-bad">{theirs}', page)
    assert take(client, at, page, duplicate="示例").status_code == 422
    assert ids(app) == before


def shut(app: FastAPI, period: Period) -> None:
    house = app.state.house.installation
    desk = house.desk(FIRST, account(app, Role.GROUP).actor)
    closing.move(desk, BOOK, period, Step.CUT_OFF, on=months.month(desk, BOOK, period).last, now=NOW)


def test_a_month_that_takes_no_entries_is_refused(client: TestClient, app: FastAPI) -> None:
    at, page = preview(client, HEAD + GOOD)
    assert counts(page)["有误"] == 0
    shut(app, Period(2020, 12))  # between the preview and the button
    before = ids(app)
    refused = take(client, at, page, duplicate="示例")
    assert refused.status_code == 422
    assert counts(refused.text)["有误"] == 2
    assert "截止" in refused.text
    assert ids(app) == before


def test_what_may_be_a_duplicate_needs_a_reason(client: TestClient, app: FastAPI) -> None:
    """Two rows of one community and clause within three days: the second might repeat the first."""
    rows = f"2020-12-29,{SUBJECT},CG-A1,1,示例甲\n2020-12-30,{SUBJECT},CG-A1,1,示例乙\n"
    before = ids(app)
    at, page = preview(client, HEAD + rows)
    assert counts(page)["可能重复"] >= 1
    assert "记录.csv:2" in page
    assert take(client, at, page).status_code == 422
    assert ids(app) == before
    assert take(client, at, page, duplicate="示例：两处不同").status_code == 303
    book = app.state.house.installation.yearbook(FIRST, BOOK, 2020)
    reasons = {book.lines[name].event.facts.get("x_not_duplicate") for name in ids(app) - before}
    assert "示例：两处不同" in reasons


def test_steps_are_not_for_the_file_to_say(client: TestClient) -> None:
    rows = f"日期,社区,条款,备注,状态\n2020-12-29,{SUBJECT},CG-A1,示例,confirmed\n"
    _, page = preview(client, rows)
    assert re.search(r'<td class="import-bad">confirmed.*?导入的表里不能填“状态”', page, flags=re.DOTALL)


def test_an_id_of_the_log_with_other_content_is_refused(client: TestClient, app: FastAPI) -> None:
    book = app.state.house.installation.yearbook(FIRST, BOOK, 2020)
    own = book.edition.scorecard.departments[0].id
    line = next(line for line in book.entries if book.department(line.event) == own)
    _, page = preview(client, f"编号,{HEAD}{line.event.id},2020-12-29,{SUBJECT},CG-A1,7,示例：另一件事\n")
    assert counts(page)["有误"] == 1


def test_json_lines_show_their_faults_in_cells_too(client: TestClient) -> None:
    rows = [
        {"date": "2020-12-29", "subject": SUBJECT, "clause": "CG-A1", "note": "示例"},
        {"date": "2020-12-28", "subject": SUBJECT, "clause": "CG-ZZ", "note": "示例"},
    ]
    _, page = preview(client, "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "记录.jsonl")
    assert counts(page)["有误"] == 1
    assert re.search(r'<td class="import-bad">CG-ZZ', page)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.csv", "空"),
        (HEAD.encode(), "header.csv", "没有一行记录"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "photo.png", "CSV"),
        (b"PK\x03\x04 this is no workbook", "broken.xlsx", "xlsx"),
        (b"\xff\xff\xff\x00\x01", "noise.csv", "编码"),
        ("只有一列\n没有别的\n".encode(), "letter.csv", "日期"),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    client: TestClient, app: FastAPI, content: bytes, name: str, said: str
) -> None:
    before = ids(app)
    answer = upload(client, content, name)
    assert answer.status_code == 422
    assert said.casefold() in answer.text.casefold()
    assert "import." not in answer.text  # what the file is called on this machine
    assert ids(app) == before


def test_a_file_that_is_too_large_is_refused(client: TestClient, app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_ROWS", 3)
    answer = upload(client, HEAD + GOOD + GOOD)
    assert answer.status_code == 422
    assert "3 行" in answer.text
    object.__setattr__(app.state.house.settings, "upload_mb", 1)
    answer = upload(client, HEAD + f"2020-12-29,{SUBJECT},CG-A1,1,{'示' * 400_000}\n")
    assert answer.status_code == 422
    assert "太大" in answer.text


def test_a_workbook_that_unpacks_without_end_is_refused(client: TestClient) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    assert upload(client, packed.getvalue(), "bomb.xlsx").status_code == 422


def test_a_workbook_of_too_many_cells_is_refused_before_it_is_read(client: TestClient) -> None:
    """Two hundred kilobytes that would be a hundred million bytes in memory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        with made.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(110):
                sheet.write(b"<c><v>1</v></c>" * 70_000)
    assert len(packed.getvalue()) < 1_000_000
    answer = upload(client, packed.getvalue(), "bomb.xlsx")
    assert (answer.status_code, "100 MB" in answer.text) == (422, True)


def test_the_template_offers_the_own_department_and_reads_back(client: TestClient, app: FastAPI) -> None:
    answer = client.get("/imports/template")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows, about, lists = book.worksheets
    house = app.state.house.installation
    edition = house.log.edition(house.office(FIRST).adopted(BOOK))
    own, *_ = edition.scorecard.departments
    mine = [c.id for item in own.items for c in item.all_clauses() if c.inputs().loggable]
    assert [row[0].value for row in about.iter_rows(min_row=2)] == mine
    assert [c.value for c in lists["A"] if c.value] == [s.name for s in edition.roster]
    assert {str(rule.sqref).split(":")[0][0] for rule in rows.data_validations.dataValidation} >= {"B", "C"}
    titles = [cell.value for cell in rows[3]]
    told = {"日期": "2020-12-29", "社区": SUBJECT, "条款": "CG-A1", "备注": "示例：模板"}
    for number, title in enumerate(titles, start=1):
        rows.cell(row=4, column=number, value=told.get(str(title)))
    filled = io.BytesIO()
    book.save(filled)
    _, page = preview(client, filled.getvalue(), "模板.xlsx")
    assert (counts(page)["有误"], counts(page)["待登记"]) == (0, 1)


def test_only_who_may_import_finds_the_button_and_the_page(role_browser: Callable[[Role], TestClient]) -> None:
    assert 'href="/imports"' in role_browser(Role.OFFICER).get("/events").text
    group = role_browser(Role.GROUP)
    assert 'href="/imports"' not in group.get("/events").text
    assert group.get("/imports").status_code == 403


def test_another_office_does_not_see_the_file(client: TestClient, browser: Browser, app: FastAPI) -> None:
    at, _ = preview(client, HEAD + GOOD)
    house = app.state.house.installation
    department = house.log.edition(house.office("other").adopted(BOOK)).scorecard.departments[0].id
    held = HeldRole(role=Role.OFFICER, office="other", department=department)
    house.accounts.add("abroad", "示例别处", now=NOW, password=secret("abroad"), roles=[held], must_change=False)
    there = browser("abroad")
    assert there.get("/imports").status_code == 200
    assert there.get(at).status_code != 200


def test_rows_whose_evidence_is_to_come_are_marked_until_it_is_there(
    client: TestClient, app: FastAPI, browser: Browser, tmp_path: Path
) -> None:
    """The clause demands evidence: preview, list, to-dos and closing say so, and the page of the entry takes it."""
    house = app.state.house.installation
    shutil.copytree(find_rulebook(BOOK).parent, tmp_path / BOOK)
    path = tmp_path / BOOK / "rulebook.yaml"
    text = path.read_text(encoding="utf-8")
    assert "{id: CG-A1," in text
    path.write_text(text.replace("{id: CG-A1,", "{id: CG-A1, evidence_needed: true,"), encoding="utf-8")
    house.office(FIRST).adopt(str(path), now=NOW)
    old = len(house.yearbook(FIRST, BOOK, 2020).lacking)
    at, page = preview(client, HEAD + GOOD)
    assert counts(page)["证据待补"] == 2
    before = ids(app)
    assert take(client, at, page, duplicate="示例：不同的事").status_code == 303
    new = sorted(ids(app) - before)
    listed = client.get("/events?period=2020&lacking=1").text
    assert f"当前筛选 {old + 2} 条" in listed
    assert "待补证据的记录" in client.get("/?period=2020").text
    group = browser(LOGINS[Role.GROUP][0])
    month = str(house.yearbook(FIRST, BOOK, 2020).lines[new[0]].event.when)
    assert new[0] in group.get(f"/periods/{month}").text
    for name in new:
        form = client.get(f"/events/{name}/evidence").text
        on = re.search(r'name="on" value="([^"]+)"', form)
        assert on
        cells = {"csrf": token(form), "on": on[1]}
        assert client.post(f"/events/{name}/evidence", data=cells).status_code == 422
        file = {"files": ("照片.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "image/png")}
        assert client.post(f"/events/{name}/evidence", data=cells, files=file).status_code == 303
        assert "证据待补" not in client.get(f"/events/{name}").text
    assert new[0] not in group.get(f"/periods/{month}").text
    assert len(house.yearbook(FIRST, BOOK, 2020).lacking) == old
