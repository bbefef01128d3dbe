"""The accounts of the demonstration: one for each role, with passwords that are no secret."""

from __future__ import annotations

from datetime import datetime

from api.web.settings import DemoAccount
from appraisal.model.edition import Edition
from appraisal.model.roles import HeldRole, Role
from appraisal.office.installation import Installation
from appraisal.reading.rulebook import read_rulebook, shipped_rulebooks

LOGINS = {
    Role.OFFICER: ("dengji", "示例登记员"),
    Role.HEAD: ("shequ", "示例社区负责人"),
    Role.GROUP: ("xiaozu", "示例领导小组"),
    Role.COMMITTEE: ("dangwei", "示例党工委"),
    Role.LEADER: ("lingdao", "示例领导"),
    Role.AUTHOR: ("guize", "示例规则管理员"),
    Role.SYSTEM: ("xitong", "示例系统管理员"),
    Role.SECURITY: ("anquan", "示例安全管理员"),
    Role.AUDITOR: ("shenji", "示例审计员"),
}
PASSWORD = "demo-2020-{login}-shili"  # noqa: S105  printed by the demonstration
INSTALLATION = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDITOR})


def demo_accounts(
    installation: Installation, office: str, edition: Edition, *, subject: str, now: datetime
) -> tuple[DemoAccount, ...]:
    """Add the accounts that are not there yet, and return all with their passwords."""
    department = edition.scorecard.departments[0].id
    head = next(s.id for s in edition.roster if subject in {s.id, s.name})
    made = []
    for role, (login, name) in LOGINS.items():
        held = HeldRole(
            role=role,
            office="" if role in INSTALLATION else office,
            department=department if role is Role.OFFICER else "",
            subject=head if role is Role.HEAD else "",
        )
        password = PASSWORD.format(login=login[::-1])
        if installation.accounts.find(login) is None:
            installation.accounts.add(login, name, now=now, password=password, roles=[held], must_change=False)
        made.append(DemoAccount(role=role.value, login=login, password=password))
    return tuple(made)


def demo_families(installation: Installation, office: str, *, now: datetime) -> None:
    """Take in the sample inputs of the rulebooks of other families, where they are not there yet."""
    known = {line.rulebook for line in installation.log.adoptions(office)}
    for name, path in shipped_rulebooks().items():
        samples = sorted((path.parent / "sample").glob("*.csv"))
        if samples and name not in known and read_rulebook(path).rulebook.family != "scorecard":
            installation.office(office).import_files(samples, rulebook=name, now=now)
