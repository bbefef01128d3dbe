"""Who may do what where: one table of role × action × scope, and one question to it.

    if not may(actor, Action.LOG, Target(office="houjiatang", department="城市管理办")):
        ...  # 403

The table is what the page of rights shows; nothing else in the product grants anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from appraisal.errors import Finding, RefusedError
from appraisal.model.roles import ADMINISTRATION, Actor, HeldRole, Role


class Action(StrEnum):
    """What a right is about."""

    READ_RANKINGS = "read_rankings"
    READ_DRAFTS = "read_drafts"
    READ_SUBJECT = "read_subject"
    READ_EVENTS = "read_events"
    READ_EVIDENCE = "read_evidence"
    ADD_EVIDENCE = "add_evidence"
    READ_RULEBOOK = "read_rulebook"
    EXPORT = "export"
    LOG = "log"
    IMPORT = "import"
    COUNTER = "counter"
    REPORT_MONTH = "report_month"
    ANSWER_APPEAL = "answer_appeal"
    APPEAL = "appeal"
    DECLARE = "declare"
    REVIEW = "review"
    RULE_APPEAL = "rule_appeal"
    DECIDE = "decide"
    MOVE_MONTH = "move_month"
    REOPEN_MONTH = "reopen_month"
    EXCEPT = "except"
    READ_EVENNESS = "read_evenness"
    CONFIRM = "confirm"
    PUBLISH = "publish"
    SET_LETTERHEAD = "set_letterhead"
    TRY_RULEBOOK = "try_rulebook"
    ADOPT_RULEBOOK = "adopt_rulebook"
    RUN_ASSESSMENT = "run_assessment"
    READ_ACCOUNTS = "read_accounts"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_HOOKS = "manage_hooks"
    ASSIGN_ROLES = "assign_roles"
    MANAGE_SESSIONS = "manage_sessions"
    READ_AUDIT = "read_audit"
    READ_RIGHTS = "read_rights"
    OWN_TOKENS = "own_tokens"


class Scope(StrEnum):
    """How far a right reaches."""

    DEPARTMENT = "department"
    SUBJECT = "subject"
    OFFICE = "office"
    INSTALLATION = "installation"


@dataclass(frozen=True, kw_only=True)
class Target:
    """What is acted on: an office, and where it matters the department and the subject concerned.

    An empty department or subject means that the thing is not of one: a list of everything of the office, say. Only
    rights that reach the whole office cover that.
    """

    office: str = ""
    department: str = ""
    subject: str = ""


_D, _S, _O, _I = Scope.DEPARTMENT, Scope.SUBJECT, Scope.OFFICE, Scope.INSTALLATION
_READER = {
    Action.READ_RANKINGS: _O,
    Action.READ_RULEBOOK: _O,
    Action.READ_RIGHTS: _O,
    Action.OWN_TOKENS: _O,
}
_ALL_SEEING = {
    **_READER,
    Action.READ_DRAFTS: _O,
    Action.READ_SUBJECT: _O,
    Action.READ_EVENTS: _O,
    Action.READ_EVIDENCE: _O,
    Action.EXPORT: _O,
    Action.READ_EVENNESS: _O,
}
RIGHTS: Mapping[Role, Mapping[Action, Scope]] = MappingProxyType(
    {
        Role.OFFICER: {
            **_READER,
            Action.READ_DRAFTS: _O,
            Action.READ_SUBJECT: _D,
            Action.READ_EVENTS: _D,
            Action.READ_EVIDENCE: _D,
            Action.EXPORT: _D,
            Action.ADD_EVIDENCE: _D,
            Action.LOG: _D,
            Action.IMPORT: _D,
            Action.COUNTER: _D,
            Action.REPORT_MONTH: _D,
            Action.ANSWER_APPEAL: _D,
            Action.RUN_ASSESSMENT: _O,
        },
        Role.HEAD: {
            **_READER,
            Action.READ_SUBJECT: _S,
            Action.READ_EVENTS: _S,
            Action.READ_EVIDENCE: _S,
            Action.EXPORT: _S,
            Action.ADD_EVIDENCE: _S,
            Action.APPEAL: _S,
            Action.DECLARE: _S,
        },
        Role.GROUP: {
            **_ALL_SEEING,
            Action.ADD_EVIDENCE: _O,
            Action.COUNTER: _O,
            Action.REVIEW: _O,
            Action.RULE_APPEAL: _O,
            Action.DECIDE: _O,
            Action.MOVE_MONTH: _O,
            Action.REOPEN_MONTH: _O,
            Action.EXCEPT: _O,
            Action.RUN_ASSESSMENT: _O,
        },
        Role.COMMITTEE: {**_ALL_SEEING, Action.CONFIRM: _O, Action.PUBLISH: _O, Action.SET_LETTERHEAD: _O},
        Role.LEADER: _ALL_SEEING,
        Role.AUTHOR: {
            **_READER,
            Action.TRY_RULEBOOK: _O,
            Action.ADOPT_RULEBOOK: _O,
        },
        Role.SYSTEM: {
            Action.READ_ACCOUNTS: _I,
            Action.MANAGE_ACCOUNTS: _I,
            Action.MANAGE_SETTINGS: _I,
            Action.MANAGE_HOOKS: _I,
            Action.READ_RIGHTS: _I,
        },
        Role.SECURITY: {
            Action.READ_ACCOUNTS: _I,
            Action.ASSIGN_ROLES: _I,
            Action.MANAGE_SESSIONS: _I,
            Action.READ_RIGHTS: _I,
        },
        Role.AUDITOR: {Action.READ_AUDIT: _I, Action.READ_ACCOUNTS: _I, Action.READ_RIGHTS: _I},
    }
)


def may(actor: Actor, action: Action, target: Target) -> bool:
    """Say whether someone may do this there: whether one of the roles held grants it as far as the target."""
    return any(_reaches(held, RIGHTS[held.role].get(action), target) for held in actor.roles)


def _reaches(held: HeldRole, scope: Scope | None, target: Target) -> bool:
    if scope is None or held.office not in {"", target.office}:
        return False
    if held.office == "" and held.role not in ADMINISTRATION:
        return False  # a role that gives or sees points is held in an office
    if scope is Scope.DEPARTMENT:
        return bool(target.department) and held.department == target.department
    if scope is Scope.SUBJECT:
        return bool(target.subject) and held.subject == target.subject
    return True


def require(actor: Actor, action: Action, target: Target) -> None:
    """Refuse what someone may not do (O001), naming the roles that may."""
    if may(actor, action, target):
        return
    roles = " ".join(f"@role_{role}" for role in Role if action in RIGHTS[role])
    told = {"action": f"@action_{action}", "office": target.office or "*", "roles": roles}
    where = target.department or target.subject or "-"
    raise RefusedError([Finding(code="O001", args={**told, "where": where})])


def reach(actor: Actor, action: Action, office: str) -> tuple[Scope, frozenset[str]] | None:
    """Return how far someone's right reaches in an office, and over which departments or subjects; None for not at all.

    A right over the whole office comes before one over departments, and that before one over subjects.
    """
    found: dict[Scope, set[str]] = {}
    for held in actor.roles:
        scope = RIGHTS[held.role].get(action)
        whole = Target(office=office, department=held.department, subject=held.subject)
        if scope is not None and _reaches(held, scope, whole):
            names = {Scope.DEPARTMENT: held.department, Scope.SUBJECT: held.subject}
            found.setdefault(scope, set()).add(names.get(scope, ""))
    for scope in (_I, _O, _D, _S):
        if scope in found:
            return scope, frozenset(found[scope] - {""})
    return None


@dataclass(frozen=True, kw_only=True)
class Right:
    """A cell of the table of rights."""

    role: Role
    action: Action
    scope: Scope


def table() -> Iterator[Right]:
    """Yield every right, role by role, in the order of the actions: what the page of rights shows."""
    for role in Role:
        for action in Action:
            if scope := RIGHTS[role].get(action):
                yield Right(role=role, action=action, scope=scope)
