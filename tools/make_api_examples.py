"""Make the example answers of the API's description from the invented sample year: run it when a view model changes."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from api.demonstration import LOGINS, demo_accounts, demo_families
from api.web.app import create_app
from api.web.settings import Settings
from api.web.v1.description import EXAMPLES, PREFIX
from appraisal.model.roles import Role
from appraisal.office.installation import open_installation
from appraisal.office.office import FIRST
from appraisal.reading.rulebook import find_rulebook

NOW = datetime(2021, 1, 10, 9, 30)  # noqa: DTZ001  local time of the office
BOOK, SUBJECT, FIRM = "houjiatang-2020", "麻园湾社区", "示例同心纺织有限公司"
AT = {"rulebook": BOOK, "period": "2020"}
LONGEST, MOST = 200, 2


def short(told: Any, name: str = "") -> Any:
    """Shorten an answer so that it still has the shape of one: two of each list, no pictures, no long texts."""
    if isinstance(told, dict):
        return {key: short(value, key) for key, value in told.items()}
    if isinstance(told, list):
        return [short(value) for value in told[:MOST]]
    if isinstance(told, str):
        return "" if name == "picture" else told[:LONGEST]
    return told


def made(folder: Path) -> dict[str, Any]:
    """Return what the sample year answers, by method and path."""
    url = f"sqlite:///{folder / 'examples.db'}"
    with open_installation(url) as house:
        house.log.add_office(FIRST, "示例街道")
        office = house.office(FIRST)
        office.import_files([find_rulebook(BOOK).parent / "sample" / "2020.csv"], rulebook=BOOK, now=NOW)
        edition = house.log.edition(office.adopted(BOOK))
        demo_accounts(house, FIRST, edition, subject=SUBJECT, now=NOW)
        demo_families(house, FIRST, now=NOW)
        subject = next(s.id for s in edition.roster if s.name == SUBJECT)
        book = house.yearbook(FIRST, BOOK, 2020)
        event = next(x.event.id for x in book.entries if x.event.subject == subject and x.event.clause.startswith("CG"))
        names = {role: house.accounts.find(login[0]).id for role, login in LOGINS.items()}
        cookies = {role: house.sessions.begin(name, now=NOW) for role, name in names.items()}
        scopes = {role: house.sessions.find(cookie, now=NOW).csrf for role, cookie in cookies.items()}
    app = create_app(replace(Settings(), database_url=url), lambda: NOW, quiet=True)

    def ask(role: Role, method: str, path: str, **more: Any) -> Any:
        client = TestClient(app, cookies={"session": cookies[role]}, headers={"X-CSRF-Token": scopes[role]})
        answer = client.request(method, f"{PREFIX}{path}", **more)
        if not answer.is_success:
            raise SystemExit(f"{path}: {answer.text}")
        return short(answer.json())

    key = {"Idempotency-Key": "example"}
    told = {"on": event, "reason": "示例：当天已按要求完成"}
    ask(Role.HEAD, "POST", f"/events/{event}/appeal", json=told, headers=key)
    rows = "日期,社区,条款,备注\n2020-12-30,梓园社区,CG-A1,示例：又一次\n"
    sheet = {"file": ("records.csv", rows.encode(), "text/csv")}
    group = {
        "/rulebooks": ("/rulebooks", {}),
        "/rulebooks/{rulebook}": (f"/rulebooks/{BOOK}", {}),
        "/rankings/{rulebook}/{period}": (f"/rankings/{BOOK}/2020", {}),
        "/subjects/{subject}": (f"/subjects/{subject}", AT),
        "/events/{event}": (f"/events/{event}", {}),
        "/appeals": ("/appeals", AT),
        "/claims": ("/claims", {**AT, "through": "true"}),
        "/decisions": ("/decisions", {**AT, "through": "true"}),
        "/assessments": ("/assessments", {}),
        "/assessments/{rulebook}/{period}": ("/assessments/sme-digital-2024/2024", {}),
        "/assessments/{rulebook}/{period}/{subject}": (f"/assessments/sme-digital-2024/2024/{FIRM}", {}),
        "/periods": ("/periods", AT),
        "/periods/{period}": ("/periods/2020-12", {"rulebook": BOOK}),
    }
    found = {f"GET {name}": ask(Role.GROUP, "GET", path, params=query) for name, (path, query) in group.items()}
    look = ask(Role.OFFICER, "POST", "/imports/look", params={"rulebook": BOOK}, files=sheet)
    app.state.house.close()
    return {**found, "POST /imports/look": look}


def main() -> None:
    """Write the examples."""
    with tempfile.TemporaryDirectory() as folder:
        text = json.dumps(made(Path(folder)), ensure_ascii=False, indent=1)
    EXAMPLES.write_text(text + "\n", encoding="utf-8")
    print(f"{EXAMPLES.name}: {len(text)} characters")


if __name__ == "__main__":
    main()
