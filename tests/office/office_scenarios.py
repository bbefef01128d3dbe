"""For each finding of the office the smallest thing that brings it about, as its page shows it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from finding_pages import refused
from office_making import NOW, OFFICE, PNG, SMALL, at, at_hour

from appraisal.errors import Finding
from appraisal.model.event import Status
from appraisal.model.periods import Period
from appraisal.model.roles import HeldRole, Role
from appraisal.model.steps import Step
from appraisal.office import appeals, claims, closing, entries, imports, months
from appraisal.office.claims import Decision
from appraisal.office.installation import Installation
from appraisal.office.rights import Action
from appraisal.store.accounts import Account
from appraisal.store.audit import Trace
from appraisal.store.backup import backup, restore

Scenario = Callable[[Installation], Finding]
CELLS = {"id": "e1", "date": "2020-03-09", "subject": "s1", "clause": "CG-A2", "note": "示例：被通报"}
BONUS = {"id": "b1", "date": "2020-03-10", "subject": "s1", "clause": "JF-1", "note": "示例：报道"}
MARCH = Period(2020, 3)
IMPORTED = "日期,社区,条款,备注"
PASSWORD = "correct horse 7"  # noqa: S105  of no account


def blocker(house: Installation, code: str, period: Period = MARCH) -> Finding:
    found = closing.blockers(at(house, Role.GROUP), "small", period, now=NOW)
    return next(f for f in found if f.code == code)


def account(house: Installation, login: str = "dengji") -> Account:
    return house.accounts.add(login, "示例登记员", now=NOW, password=PASSWORD)


def log(house: Installation, **cells: str) -> str:
    return entries.log(at(house, Role.OFFICER), "small", CELLS | cells, now=NOW).id


def declare(house: Installation, **cells: str) -> str:
    return claims.declare(at(house, Role.HEAD), "small", BONUS | cells, now=NOW).id


def move(house: Installation, *steps: Step) -> None:
    group = at(house, Role.GROUP)
    for step in steps:
        closing.move(group, "small", MARCH, step, on=months.month(group, "small", MARCH).last, now=NOW)


def no_right(house: Installation) -> Finding:
    return refused(lambda: at(house, Role.LEADER).require(Action.LOG, department="城管办"))


def together(house: Installation) -> Finding:
    held = [HeldRole(role=Role.SYSTEM), HeldRole(role=Role.AUDITOR)]
    return refused(lambda: house.accounts.add("guanli", "示例", now=NOW, roles=held))


def held_together(house: Installation) -> Finding:
    house.accounts.keep_apart(apart=False)
    house.accounts.add("guanli", "示例", now=NOW, roles=[HeldRole(role=Role.SYSTEM), HeldRole(role=Role.AUDITOR)])
    return refused(lambda: house.accounts.keep_apart(apart=True))


def nowhere(house: Installation) -> Finding:
    held = [HeldRole(role=Role.OFFICER, office=OFFICE)]
    return refused(lambda: house.accounts.assign(account(house).id, held))


def wrong(house: Installation) -> Finding:
    account(house)
    return refused(lambda: house.accounts.sign_in("dengji", "wrong", now=NOW))


def waiting(house: Installation) -> Finding:
    for _ in range(5):
        wrong_again(house)
    return refused(lambda: house.accounts.sign_in("dengji", PASSWORD, now=NOW))


def wrong_again(house: Installation) -> None:
    if house.accounts.find("dengji") is None:
        account(house)
    refused(lambda: house.accounts.sign_in("dengji", "wrong", now=NOW))


def shut_out(house: Installation) -> Finding:
    house.accounts.disable(account(house).id, now=NOW)
    return refused(lambda: house.accounts.sign_in("dengji", PASSWORD, now=NOW))


def taken(house: Installation) -> Finding:
    account(house)
    return refused(lambda: account(house, "DengJi"))


def weak(house: Installation) -> Finding:
    return refused(lambda: house.accounts.add("dengji", "示例", now=NOW, password="dengji2020"))  # noqa: S106  refused


def wrong_state(house: Installation) -> Finding:
    event = log(house)
    return refused(lambda: claims.confirm(at(house, Role.COMMITTEE), event, on=event, now=NOW))


def took_part(house: Installation) -> Finding:
    event = log(house)
    appeals.appeal(at(house, Role.HEAD), event, "示例", on=event, now=at_hour(10))
    group = at(house, Role.GROUP, "u-officer")
    on = group.case(event).last
    return refused(lambda: appeals.rule(group, event, appeals.Outcome.UPHELD, "示例", on=on, now=at_hour(11)))


def on_nothing(house: Installation) -> Finding:
    event = log(house)
    return refused(lambda: entries.withdraw(at(house, Role.OFFICER), event, "示例", on="", now=NOW))


def no_reason(house: Installation) -> Finding:
    event = log(house)
    return refused(lambda: entries.withdraw(at(house, Role.OFFICER), event, " ", on=event, now=NOW))


def no_record(_: Installation) -> Finding:
    return refused(Decision(body="示例党工委", day=date(2020, 3, 12), number="", files=()).facts)


def no_bonus(house: Installation) -> Finding:
    return refused(lambda: declare(house, clause="CG-A1"))


def too_late(house: Installation) -> Finding:
    event = log(house)
    move(house, Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED)
    return refused(lambda: appeals.appeal(at(house, Role.HEAD), event, "示例", on=event, now=at_hour(9, day=26)))


def out_of_turn(house: Installation) -> Finding:
    return refused(lambda: move(house, Step.CLOSED))


def cut_off(house: Installation) -> Finding:
    move(house, Step.CUT_OFF)
    return refused(lambda: log(house))


def no_evidence(house: Installation) -> Finding:
    event = entries.read(at(house, Role.OFFICER), "small", CELLS, now=NOW)
    edition = house.yearbook(OFFICE, "small", 2020).edition
    text = edition.scorecard.model_dump_json()
    demanding = type(edition.scorecard).model_validate_json(
        text.replace('"evidence_needed":false', '"evidence_needed":true')
    )
    (finding,) = entries.missing(type(edition)(rulebook=demanding, hash=edition.hash), event)
    return finding


def duplicate(house: Installation) -> Finding:
    log(house)
    return refused(lambda: log(house, id="e2", date="2020-03-10"))


def not_so(house: Installation) -> Finding:
    log(house)
    return refused(lambda: months.report(at(house, Role.OFFICER), "small", MARCH, "城管办", 0, now=NOW))


def no_department(house: Installation) -> Finding:
    desk = at(house, Role.OFFICER, office=OFFICE, department="水利办")
    return refused(lambda: months.report(desk, "small", MARCH, "水利办", 0, now=NOW))


def over(house: Installation) -> Finding:
    group = at(house, Role.GROUP)
    return refused(
        lambda: months.grant(group, "small", MARCH, "城管办", until=date(2020, 3, 19), reason="示例", now=NOW)
    )


def no_clause(house: Installation) -> Finding:
    return refused(lambda: log(house, clause=""))


def altered(house: Installation) -> Finding:
    kept = house.evidence.keep(OFFICE, PNG, now=NOW)
    house.evidence.path(kept.sha256).write_bytes(b"?")
    return refused(lambda: house.evidence.content(OFFICE, kept.sha256))


def no_room(house: Installation) -> Finding:
    house.evidence.folder.write_text("a file where the folder should be", encoding="utf-8")
    return refused(lambda: house.evidence.keep(OFFICE, PNG, now=NOW))


def open_appeal(house: Installation) -> Finding:
    event = log(house)
    appeals.appeal(at(house, Role.HEAD), event, "示例", on=event, now=NOW)
    return blocker(house, "O060")


def under_way(house: Installation) -> Finding:
    declare(house)
    return blocker(house, "O061")


def undecided(house: Installation) -> Finding:
    event = entries.read(at(house, Role.OFFICER), "small", CELLS, now=NOW)
    house.log.append(OFFICE, [replace(event, status=Status.PENDING)], rulebook="small", now=NOW)
    return blocker(house, "O062")


def unreported(house: Installation) -> Finding:
    log(house)
    return blocker(house, "O063")


def waited_for(house: Installation) -> Finding:
    return blocker(house, "O064", Period(2020))


def lacking(house: Installation) -> Finding:
    """Show a demand for evidence that came with a later version of the rulebook, after the entry."""
    text = SMALL.read_text(encoding="utf-8")
    log(house)
    folder = house.evidence.folder.parent / "small"
    folder.mkdir()
    (folder / "source.txt").write_bytes((SMALL.parent / "source.txt").read_bytes())
    (folder / "rulebook.yaml").write_text(
        text.replace("- id: CG-A2\n", "- id: CG-A2\n                evidence_needed: true\n"), encoding="utf-8"
    )
    house.office(OFFICE).adopt(str(folder / "rulebook.yaml"), now=NOW)
    return blocker(house, "O065")


def displayed(house: Installation) -> Finding:
    move(house, Step.CUT_OFF, Step.DRAFTED, Step.DISPLAYED)
    return blocker(house, "O066")


def months_first(house: Installation) -> Finding:
    return blocker(house, "O067", Period(2020))


def trail(house: Installation) -> Finding:
    house.audit.note(Trace(at=NOW, actor="u1", action="export"), Trace(at=NOW, actor="u2", action="export"))
    with house.database.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("DROP TRIGGER audit_no_update")
        connection.exec_driver_sql("UPDATE audit SET actor = 'u3' WHERE position = 2")
    (finding,) = house.audit.verify()
    return finding


def backed_up(house: Installation, name: str) -> Path:
    target = house.evidence.folder.parent / name
    backup(house.database.engine, house.evidence.folder, target, now=NOW)
    return target


def exists(house: Installation) -> Finding:
    Path("backup.zip").write_bytes(b"")
    return refused(lambda: backup(house.database.engine, house.evidence.folder, Path("backup.zip"), now=NOW))


def damaged(house: Installation) -> Finding:
    log(house)
    whole = backed_up(house, "whole.zip")
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile("backup.zip", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"s1", b"s2"))
    return refused(lambda: restore(Path("backup.zip"), "sqlite:///new.db", Path("new-files")))


def newer(house: Installation) -> Finding:
    with zipfile.ZipFile(backed_up(house, "whole.zip")) as old, zipfile.ZipFile("backup.zip", "w") as new:
        new.writestr("manifest.json", old.read("manifest.json").replace(b'"step": "0', b'"step": "9'))
    return refused(lambda: restore(Path("backup.zip"), "sqlite:///new.db", Path("new-files")))


def not_empty(house: Installation) -> Finding:
    source = backed_up(house, "whole.zip")
    restore(source, "sqlite:///new.db", Path("new-files"))
    return refused(lambda: restore(source, "sqlite:///new.db", Path("new-files")))


def import_of(house: Installation, content: str) -> Finding:
    """Return the only finding for which a file is not taken in."""
    return refused(lambda: imports.take(at(house, Role.OFFICER), "small", content.encode(), "rows.csv", now=NOW))


SCENARIOS: Mapping[str, Scenario] = {
    "O001": no_right,
    "O002": together,
    "O003": nowhere,
    "O004": held_together,
    "O010": wrong,
    "O011": waiting,
    "O012": shut_out,
    "O013": taken,
    "O014": lambda house: refused(lambda: house.accounts.get("u0")),
    "O015": weak,
    "O016": lambda house: refused(lambda: house.sessions.revoke(account(house).id, "t0", now=NOW)),
    "O020": wrong_state,
    "O021": took_part,
    "O022": on_nothing,
    "O023": no_reason,
    "O024": no_record,
    "O025": no_bonus,
    "O026": too_late,
    "O027": out_of_turn,
    "O030": cut_off,
    "O032": no_evidence,
    "O033": duplicate,
    "O034": not_so,
    "O035": no_department,
    "O036": over,
    "O037": no_clause,
    "O040": lambda house: refused(lambda: house.evidence.get(OFFICE, "0" * 64)),
    "O041": lambda house: refused(lambda: house.evidence.keep(OFFICE, b"", now=NOW)),
    "O042": lambda house: refused(lambda: house.evidence.keep(OFFICE, PNG + bytes(2_000_000), now=NOW, largest=10**6)),
    "O043": lambda house: refused(lambda: house.evidence.keep(OFFICE, b"\x7fELF\x02\x01\x01\x00\xff", now=NOW)),
    "O044": altered,
    "O045": no_room,
    "O050": lambda house: refused(lambda: house.outbox.add_webhook(OFFICE, "ftp://example.org/", now=NOW)),
    "O051": lambda house: refused(lambda: house.outbox.disable_webhook(OFFICE, "w0", now=NOW)),
    "O060": open_appeal,
    "O061": under_way,
    "O062": undecided,
    "O063": unreported,
    "O064": waited_for,
    "O065": lacking,
    "O066": displayed,
    "O067": months_first,
    "O070": lambda house: import_of(house, f"{IMPORTED},状态\n2020-03-09,s1,CG-A2,示例：被通报,已确定\n"),
    "O071": lambda house: import_of(house, f"{IMPORTED}\n" + "2020-03-09,s1,CG-A2,示例\n" * (imports.MOST_ROWS + 1)),
    "O072": lambda house: import_of(house, f"{IMPORTED}\n"),
    "O080": exists,
    "O081": damaged,
    "O082": newer,
    "O083": not_empty,
    "O090": trail,
}
