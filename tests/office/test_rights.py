"""The table of rights: what each role may, how far it reaches, and that nothing else grants anything."""

from __future__ import annotations

import pytest
from office_making import OFFICE, someone

from appraisal.errors import RefusedError, messages
from appraisal.model.roles import ADMINISTRATION, Actor, HeldRole, Role, clashes
from appraisal.office.rights import RIGHTS, Action, Scope, Target, may, reach, require, table

HERE, ELSEWHERE = Target(office=OFFICE), Target(office="p")
OWN = {
    Scope.DEPARTMENT: Target(office=OFFICE, department="城管办", subject="s2"),
    Scope.SUBJECT: Target(office=OFFICE, department="党建办", subject="s1"),
    Scope.OFFICE: HERE,
    Scope.INSTALLATION: HERE,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
def test_a_right_reaches_as_far_as_the_table_says_and_no_further(role: Role, action: Action) -> None:
    actor, scope = someone(role), RIGHTS[role].get(action)
    if scope is None:
        assert not any(may(actor, action, target) for target in (*OWN.values(), ELSEWHERE))
        return
    assert may(actor, action, OWN[scope])
    outside = {
        Scope.DEPARTMENT: [HERE, Target(office=OFFICE, department="党建办", subject="s1"), ELSEWHERE],
        Scope.SUBJECT: [HERE, Target(office=OFFICE, department="城管办", subject="s2"), ELSEWHERE],
        Scope.OFFICE: [ELSEWHERE],
        Scope.INSTALLATION: [],
    }
    assert not any(may(actor, action, target) for target in outside[scope])


@pytest.mark.parametrize("role", sorted(set(Role) - ADMINISTRATION))
def test_a_role_that_sees_points_is_held_in_an_office(role: Role) -> None:
    everywhere = Actor(id="u", roles=(HeldRole(role=role, department="城管办", subject="s1"),))
    assert not any(may(everywhere, action, target) for action in Action for target in (*OWN.values(), ELSEWHERE))


def test_administration_gives_and_sees_no_points() -> None:
    about_points = {Action.LOG, Action.COUNTER, Action.READ_EVENTS, Action.READ_SUBJECT, Action.READ_RANKINGS}
    about_points |= {Action.RULE_APPEAL, Action.CONFIRM, Action.DECIDE, Action.MOVE_MONTH, Action.EXPORT}
    for role in ADMINISTRATION:
        assert not about_points & RIGHTS[role].keys()


def test_the_three_administrations_are_separable() -> None:
    only = {Role.SYSTEM: Action.MANAGE_ACCOUNTS, Role.SECURITY: Action.ASSIGN_ROLES, Role.AUDITOR: Action.READ_AUDIT}
    for role, action in only.items():
        assert [r for r in Role if action in RIGHTS[r]] == [role]
    pairs = [(a, b) for a in Role for b in Role if a < b]
    for one, other in pairs:
        held = [*someone(one).roles, *someone(other).roles]
        apart = bool({one, other} & ADMINISTRATION)
        assert bool(clashes(held, separate=True)) == apart
        assert not clashes(held, separate=False)


def test_who_confirms_does_not_review_and_who_rules_does_not_log() -> None:
    assert not any(Action.CONFIRM in rights and Action.REVIEW in rights for rights in RIGHTS.values())
    assert not any(Action.RULE_APPEAL in rights and Action.LOG in rights for rights in RIGHTS.values())


def test_reach_says_over_which_places() -> None:
    two = Actor(
        id="u",
        roles=(
            HeldRole(role=Role.OFFICER, office=OFFICE, department="城管办"),
            HeldRole(role=Role.OFFICER, office=OFFICE, department="党建办"),
            HeldRole(role=Role.HEAD, office=OFFICE, subject="s1"),
        ),
    )
    assert reach(two, Action.READ_EVENTS, OFFICE) == (Scope.DEPARTMENT, frozenset({"城管办", "党建办"}))
    assert reach(two, Action.APPEAL, OFFICE) == (Scope.SUBJECT, frozenset({"s1"}))
    assert reach(two, Action.READ_RANKINGS, OFFICE) == (Scope.OFFICE, frozenset())
    assert reach(two, Action.CONFIRM, OFFICE) is None
    assert reach(two, Action.READ_EVENTS, "p") is None


def test_a_refusal_names_the_roles_that_may() -> None:
    with pytest.raises(RefusedError) as refused:
        require(someone(Role.LEADER), Action.CONFIRM, HERE)
    assert "党工委" in refused.value.findings[0].remedy("zh")
    assert "party committee" in refused.value.findings[0].remedy("en")


def test_the_table_as_a_page_is_the_table_and_speaks_both_languages() -> None:
    assert {(r.role, r.action): r.scope for r in table()} == {
        (role, action): scope for role, rights in RIGHTS.items() for action, scope in rights.items()
    }
    names = [f"role_{r}" for r in Role] + [f"action_{a}" for a in Action] + [f"scope_{s}" for s in Scope]
    assert all(messages()[name]["zh"] and messages()[name]["en"] for name in names)


def test_every_action_belongs_to_someone() -> None:
    assert {action for rights in RIGHTS.values() for action in rights} == set(Action)
