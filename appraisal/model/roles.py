"""Who acts: an account, and the roles that it holds somewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from appraisal.errors import Finding


class Role(StrEnum):
    """What someone is in an office; the last three administer the installation and give no points."""

    OFFICER = "officer"
    HEAD = "head"
    GROUP = "group"
    COMMITTEE = "committee"
    LEADER = "leader"
    AUTHOR = "author"
    SYSTEM = "system"
    SECURITY = "security"
    AUDITOR = "auditor"


ADMINISTRATION = frozenset({Role.SYSTEM, Role.SECURITY, Role.AUDITOR})
"""三员: kept apart where the setting `separate_administration` says so."""
SEPARATE = "separate_administration"
"""The setting: on where nothing is set."""


@dataclass(frozen=True, kw_only=True, order=True)
class HeldRole:
    """A role and where it is held.

    An empty `office` is the whole installation (administration only). An officer's `department`, and a community
    head's `subject` (an id of the roster), bound what they see and do.
    """

    role: Role
    office: str = ""
    department: str = ""
    subject: str = ""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts: the opaque id of the account, its name for people, and the roles that it holds."""

    id: str
    name: str = ""
    roles: tuple[HeldRole, ...] = ()

    def held(self, role: Role, office: str) -> tuple[HeldRole, ...]:
        """Return how it holds this role in an office."""
        return tuple(h for h in self.roles if h.role is role and h.office in {"", office})

    def offices(self) -> tuple[str, ...]:
        """Return the offices in which it holds a role, in order; none stands for the whole installation."""
        return tuple(sorted({h.office for h in self.roles if h.office}))


def clashes(roles: Iterable[HeldRole], *, separate: bool) -> tuple[Finding, ...]:
    """Return why these roles may not be held together, or as they are: nothing where they may.

    `separate`: system, security and audit administration are three people, none of whom gives points.
    """
    held = sorted(set(roles))
    findings = []
    for one in held:
        if one.role in ADMINISTRATION:
            continue
        needs = {Role.OFFICER: one.department, Role.HEAD: one.subject}.get(one.role, "-")
        if not one.office or not needs:
            findings.append(Finding(code="O003", args={"role": f"@role_{one.role}"}))
    administering = {h.role for h in held if h.role in ADMINISTRATION}
    if separate and administering and len({h.role for h in held}) > 1:
        names = " ".join(f"@role_{role}" for role in Role if role in {h.role for h in held})
        findings.append(Finding(code="O002", args={"roles": names}))
    return tuple(findings)
