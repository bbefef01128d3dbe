"""The office's own template of letters: who may replace it, what is refused and where, what is written with it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import docx
import pytest
from fastapi import FastAPI
from serving import BOOK, Browser, token
from starlette.testclient import TestClient

from api.demonstration import LOGINS
from appraisal.model.roles import Role
from appraisal.office.letterhead import history, in_use
from reports.letter_template import SHIPPED


def template(*words: str) -> bytes:
    """Return the shipped template with paragraphs added."""
    word = docx.Document(io.BytesIO(SHIPPED.read_bytes()))
    for line in words:
        word.add_paragraph(line)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def handed_in(client: TestClient, content: bytes, name: str = "红头.docx") -> TestClient:
    mine = token(client.get("/letterhead").text)
    return client.post("/letterhead", data={"csrf": mine}, files={"file": (name, content)})  # type: ignore[return-value]


def letter_of(client: TestClient) -> str:
    answer = client.get(f"/rankings/{BOOK}/2020-05/export", params={"form": "docx", "document": "notice"})
    assert answer.status_code == 200
    return "\n".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs)


@pytest.mark.parametrize("role", list(Role))
def test_only_the_committee_replaces_it(role: Role, role_browser: Callable[[Role], TestClient]) -> None:
    client = role_browser(role)
    assert (client.get("/letterhead").status_code == 200) is (role is Role.COMMITTEE)


def test_one_that_is_sound_is_used_kept_and_given_up_again(browser: Browser, app: FastAPI) -> None:
    client, house = browser(LOGINS[Role.COMMITTEE][0]), app.state.house.installation
    assert "本街道专用" not in letter_of(client)
    own = template("本街道专用 {{ number }}")
    assert handed_in(client, own).status_code == 303
    used = in_use(house, "office")
    assert used is not None
    assert used.name == "红头.docx"
    assert house.evidence.content("office", used.sha256) == own
    assert "本街道专用" in letter_of(browser(LOGINS[Role.LEADER][0]))
    assert handed_in(client, template("第二个"), "二.docx").status_code == 303
    page = client.get("/letterhead").text
    assert page.index("二.docx") < page.index("红头.docx")
    told = {"csrf": token(page), "sha256": used.sha256}
    assert client.post("/letterhead/use", data=told).status_code == 303
    assert "本街道专用" in letter_of(client)
    assert client.get("/letterhead/file", params={"sha256": used.sha256}).content == own
    assert client.post("/letterhead/use", data={**told, "sha256": ""}).status_code == 303
    assert "本街道专用" not in letter_of(client)
    assert [one.name for one in history(house, "office")] == ["红头.docx", "二.docx", "红头.docx", ""]
    trail = [line.action for line in house.audit.lines(limit=20)]
    assert trail.count("set_letterhead") == 4
    assert in_use(house, "other") is None


def test_every_fault_of_one_is_named_with_its_place_and_nothing_changes(browser: Browser, app: FastAPI) -> None:
    client = browser(LOGINS[Role.COMMITTEE][0])
    answer = handed_in(client, template("发文：{{ isuer }}", "{{ total_score }}"))
    assert answer.status_code == 422
    for words in ("“isuer”", "issuer", "“total_score”", "发文：{{ isuer }}"):
        assert words in answer.text
    places = re.findall(r"红头\.docx:(\d+)", answer.text)
    paragraphs = len(docx.Document(io.BytesIO(SHIPPED.read_bytes())).element.body.xpath(".//w:p"))
    assert sorted(map(int, places)) == [paragraphs + 1, paragraphs + 2]
    for content in (b"no document", template("{{ title"), template("{% for x in rows %}")):
        assert handed_in(client, content).status_code == 422
    assert history(app.state.house.installation, "office") == ()


def test_a_letter_is_previewed_before_and_after(browser: Browser) -> None:
    client = browser(LOGINS[Role.COMMITTEE][0])
    client.get(f"/rankings/{BOOK}/2020-05")
    answer = client.get("/letterhead/preview")
    assert answer.status_code == 200
    words = "\n".join(p.text for p in docx.Document(io.BytesIO(answer.content)).paragraphs)
    assert "2020年5月" in words
    assert client.get("/letterhead/preview", params={"sha256": "0" * 64}).status_code == 404


def test_the_command_writes_with_it_too(browser: Browser, app: FastAPI, tmp_path: object) -> None:
    from pathlib import Path

    from api.main import main

    handed_in(browser(LOGINS[Role.COMMITTEE][0]), template("本街道专用 {{ number }}"))
    out, url = Path(str(tmp_path)) / "n.docx", app.state.house.settings.database_url
    asked = ["export", "--rulebook", BOOK, "--period", "2020-05", "--office", "office", "--db", url]
    assert main([*asked, "--format", "docx", "--document", "notice", "-o", str(out)]) == 0
    assert any("本街道专用" in p.text for p in docx.Document(str(out)).paragraphs)
