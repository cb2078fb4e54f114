"""Who may give which role: rules alone."""

import pytest

from core.accounts import roles
from core.accounts.errors import (
    GrantToOneself,
    NotForMachines,
    PersonNeeded,
    RoleNotYoursToGive,
    RolesDoNotMix,
)
from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput
from tests.builders.accounts import country_wide, in_office

SOMEBODY_ELSE = "somebody else"


def _holding(*held: Grant, is_human: bool = True) -> Actor:
    return Actor("account", "person", "ZM", frozenset(held), is_human=is_human)


ADMINISTRATOR = _holding(country_wide(Role.ADMINISTRATOR))
HEAD = _holding(country_wide(Role.SECRETARIAT_HEAD))
SUPERVISOR = _holding(in_office(Role.SUPERVISOR))


@pytest.mark.parametrize("role", sorted(roles.EVERY_ROLE))
@pytest.mark.parametrize("giver", [ADMINISTRATOR, HEAD, SUPERVISOR])
def test_nobody_gives_themselves_any_role(giver: Actor, role: Role) -> None:
    with pytest.raises(GrantToOneself):
        roles.check_giver(giver, "person", country_wide(role))


@pytest.mark.parametrize("role", sorted(roles.EVERY_ROLE))
def test_an_administrator_gives_any_role_to_others(role: Role) -> None:
    roles.check_giver(ADMINISTRATOR, SOMEBODY_ELSE, country_wide(role))


@pytest.mark.parametrize(
    "role",
    [Role.ADMINISTRATOR, Role.SECRETARIAT_HEAD, Role.DATA_PROTECTION, Role.AUDITOR],
)
def test_the_head_of_the_secretariat_gives_no_role_that_watches_or_equals_them(role: Role) -> None:
    with pytest.raises(RoleNotYoursToGive):
        roles.check_giver(HEAD, SOMEBODY_ELSE, country_wide(role))


def test_a_supervisor_gives_working_roles_of_the_own_office_only() -> None:
    roles.check_giver(SUPERVISOR, SOMEBODY_ELSE, in_office(Role.CASEWORKER))
    roles.check_giver(SUPERVISOR, SOMEBODY_ELSE, Grant(Role.GUARDIAN, ScopeKind.OWN))

    for wanted in (
        in_office(Role.CASEWORKER, "ZM-03-CHP"),
        country_wide(Role.CASEWORKER),
        in_office(Role.SUPERVISOR),
        Grant(Role.CHAIR, ScopeKind.PANEL, "a panel"),
    ):
        with pytest.raises(RoleNotYoursToGive):
            roles.check_giver(SUPERVISOR, SOMEBODY_ELSE, wanted)


@pytest.mark.parametrize("role", sorted(roles.EVERY_ROLE - set(roles.MAY_GIVE)))
def test_every_other_role_gives_nothing(role: Role) -> None:
    with pytest.raises(RoleNotYoursToGive):
        roles.check_giver(_holding(country_wide(role)), SOMEBODY_ELSE, in_office(Role.CASEWORKER))


def test_a_machine_gives_nothing() -> None:
    machine = _holding(country_wide(Role.ADMINISTRATOR), is_human=False)

    with pytest.raises(PersonNeeded):
        roles.check_giver(machine, SOMEBODY_ELSE, in_office(Role.CASEWORKER))


@pytest.mark.parametrize("role", sorted(roles.EVERY_ROLE - {Role.ADMINISTRATOR}))
def test_an_administrator_holds_no_role_that_reads_cases(role: Role) -> None:
    with pytest.raises(RolesDoNotMix):
        roles.check_mix({Role.ADMINISTRATOR}, role)
    with pytest.raises(RolesDoNotMix):
        roles.check_mix({role}, Role.ADMINISTRATOR)


def test_who_opens_files_in_an_emergency_is_not_who_is_alerted() -> None:
    with pytest.raises(RolesDoNotMix):
        roles.check_mix({Role.SECRETARIAT_HEAD}, Role.DATA_PROTECTION)
    with pytest.raises(RolesDoNotMix):
        roles.check_mix({Role.DATA_PROTECTION}, Role.SECRETARIAT_HEAD)


def test_ordinary_roles_may_be_held_together() -> None:
    roles.check_mix({Role.CASEWORKER, Role.MEMBER}, Role.ASSESSOR)
    roles.check_mix({Role.ADMINISTRATOR}, Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    "grant",
    [
        in_office(Role.ADMINISTRATOR),
        Grant(Role.CASEWORKER, ScopeKind.PANEL, "a panel"),
        Grant(Role.CASEWORKER, ScopeKind.OFFICE, ""),
        Grant(Role.GUARDIAN, ScopeKind.OWN, "ZM-07-LIV"),
        Grant(Role.SECRETARIAT, ScopeKind.COUNTRY, "NA"),
        Grant(Role.PROCEDURE, ScopeKind.COUNTRY, "ZM"),
    ],
)
def test_a_reach_that_does_not_exist_is_refused(grant: Grant) -> None:
    with pytest.raises(BadInput):
        roles.check_scope(grant, country="ZM")


def test_the_procedure_is_nobodys_role_to_give() -> None:
    with pytest.raises(RoleNotYoursToGive):
        roles.check_giver(ADMINISTRATOR, SOMEBODY_ELSE, country_wide(Role.PROCEDURE))


def test_a_lower_role_does_not_keep_a_higher_one() -> None:
    chair = Grant(Role.CHAIR, ScopeKind.PANEL, "a panel")

    assert roles.may_keep(SUPERVISOR, [in_office(Role.CASEWORKER)])
    assert not roles.may_keep(SUPERVISOR, [in_office(Role.CASEWORKER), chair])
    assert not roles.may_keep(HEAD, [country_wide(Role.DATA_PROTECTION)])
    assert not roles.may_keep(SUPERVISOR, [])
    assert roles.may_keep(ADMINISTRATOR, [country_wide(Role.SECRETARIAT_HEAD)])


@pytest.mark.parametrize(
    "role", [Role.CHAIR, Role.MEMBER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.SECRETARIAT_HEAD]
)
def test_a_machine_never_approves_votes_signs_or_gives_roles(role: Role) -> None:
    with pytest.raises(NotForMachines):
        roles.check_machine_grant(_holding(country_wide(role)), country_wide(role))


def test_a_machine_gets_no_more_than_who_answers_for_it() -> None:
    caseworker = _holding(in_office(Role.CASEWORKER))

    roles.check_machine_grant(caseworker, in_office(Role.CASEWORKER))
    roles.check_machine_grant(caseworker, Grant(Role.CASEWORKER, ScopeKind.OWN))
    with pytest.raises(NotForMachines):
        roles.check_machine_grant(caseworker, country_wide(Role.CASEWORKER))


def test_an_administrator_makes_no_token_that_opens_a_file() -> None:
    roles.check_machine_grant(ADMINISTRATOR, Grant(Role.FIRST_LINE, ScopeKind.OWN))
    with pytest.raises(NotForMachines):
        roles.check_machine_grant(ADMINISTRATOR, in_office(Role.CASEWORKER))
