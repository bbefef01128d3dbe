"""Who acts: an account, and the roles that it holds somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
