"""Who may give which role, to whom and how far: pure rules.

Three kinds of people give roles. The administrator keeps the accounts of a country and gives any role to others, but
holds no other role and so never reads a case, nor trusts another country's installation. The head of the secretariat
gives the case and panel roles of the country. A supervisor gives the working roles of an office. Nobody gives
themselves anything: persons are compared, not accounts. Trusting is a right of its own, from the administrator alone.

Source: DOM-2.1, DOM-2.3, EXP-10.1; who gives which role is our choice, where guidance is silent.
"""

from collections.abc import Collection, Iterable
from types import MappingProxyType
from typing import Final

from core.accounts.errors import (
    GrantToOneself,
    NotForMachines,
    PersonNeeded,
    RoleNotYoursToGive,
    RolesDoNotMix,
)
from core.actors import Actor, Grant, Role, ScopeKind
from core.errors import BadInput

OWN, OFFICE, PANEL, COUNTRY = ScopeKind.OWN, ScopeKind.OFFICE, ScopeKind.PANEL, ScopeKind.COUNTRY

EVERY_ROLE: Final = frozenset(Role) - {Role.PROCEDURE}
WORKING_ROLES: Final = frozenset(
    {
        Role.FIRST_LINE,
        Role.CASEWORKER,
        Role.ASSESSOR,
        Role.GUARDIAN,
        Role.LAWYER,
        Role.INTERPRETER,
        Role.ESCORT,
        Role.CARER,
        Role.PROVIDER,
        Role.DETENTION_MONITOR,
    }
)
PANEL_ROLES: Final = frozenset(
    {Role.CHAIR, Role.MEMBER, Role.SECRETARY, Role.ADVISER, Role.IMMIGRATION}
)
CASE_ROLES: Final = (
    WORKING_ROLES
    | PANEL_ROLES
    | {Role.SUPERVISOR, Role.COORDINATOR, Role.SECRETARIAT, Role.STATISTICIAN}
)

MAY_GIVE: Final = MappingProxyType(
    {
        Role.ADMINISTRATOR: EVERY_ROLE,
        Role.SECRETARIAT_HEAD: CASE_ROLES,
        Role.SUPERVISOR: WORKING_ROLES,
    }
)
"""Role of the giver, and the roles it may give within its own reach."""

SCOPES: Final = MappingProxyType(
    {role: frozenset({OWN, OFFICE, COUNTRY}) for role in EVERY_ROLE}
    | {role: frozenset({OWN, PANEL, OFFICE, COUNTRY}) for role in PANEL_ROLES}
    | {Role.COORDINATOR: frozenset({OWN, PANEL, OFFICE, COUNTRY})}
    | {Role.SUPERVISOR: frozenset({OFFICE, COUNTRY})}
    | {
        role: frozenset({COUNTRY})
        for role in (
            Role.SECRETARIAT,
            Role.SECRETARIAT_HEAD,
            Role.DATA_PROTECTION,
            Role.ADMINISTRATOR,
            Role.AUDITOR,
            Role.TRUST_OFFICER,
        )
    }
    | {Role.STATISTICIAN: frozenset({OFFICE, COUNTRY})}
)
"""How far each role may reach."""

ALONE: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
"""Roles held beside no other: the one reads no case, the other changes nothing. Source: DOM-2.1/A26, A28."""

APART: Final = frozenset({frozenset({Role.SECRETARIAT_HEAD, Role.DATA_PROTECTION})})
"""Pairs that need two persons: who opens a file in an emergency, and who is alerted. Source: DOM-2.2."""

MACHINE_ROLES: Final = frozenset(
    {Role.FIRST_LINE, Role.CASEWORKER, Role.PROVIDER, Role.SECRETARIAT, Role.STATISTICIAN}
)
"""What a machine may act as; a machine never approves, votes, signs or gives roles."""

HARMLESS_FOR_MACHINES: Final = frozenset({Role.FIRST_LINE, Role.STATISTICIAN})
"""Machine roles that open no child's file: alerts in, de-identified counts out."""


def check_scope(grant: Grant, *, country: str) -> None:
    """Refuse a reach that does not exist for this role.

    Raises:
        BadInput: the scope does not fit the role, or the reference does not fit the scope.
    """
    if grant.scope not in SCOPES.get(grant.role, frozenset()):
        raise BadInput(pointer="/scope", code="scope_does_not_fit_role")
    if (grant.scope is OWN) != (grant.ref == ""):
        raise BadInput(pointer="/ref", code="reference_does_not_fit_scope")
    if grant.scope is COUNTRY and grant.ref != country:
        raise BadInput(pointer="/ref", code="another_country")


def check_giver(giver: Actor, receiver_person: str, grant: Grant) -> None:
    """Refuse when this person may not give this role to that person.

    Raises:
        PersonNeeded: the giver is a machine.
        GrantToOneself: giver and receiver are one person.
        RoleNotYoursToGive: the giver's roles do not reach it.
    """
    if not giver.is_human:
        raise PersonNeeded
    if giver.person_id == receiver_person:
        raise GrantToOneself
    if not any(_reaches(own, grant) for own in giver.grants):
        raise RoleNotYoursToGive(role=grant.role.value)


def _reaches(own: Grant, wanted: Grant) -> bool:
    if wanted.role not in MAY_GIVE.get(own.role, frozenset()):
        return False
    if own.scope is COUNTRY:
        return True  # an installation is one country; ``check_scope`` keeps foreign ones out
    if own.scope is not OFFICE:
        return False
    return wanted.scope is OWN or (wanted.scope is OFFICE and wanted.ref == own.ref)


def check_mix(held: Collection[Role], wanted: Role) -> None:
    """Refuse a role that the person may not hold beside those they hold.

    Raises:
        RolesDoNotMix: naming both.
    """
    for role in sorted(held):
        apart = frozenset({role, wanted}) in APART
        alone = role != wanted and bool(ALONE & {role, wanted})
        if apart or alone:
            raise RolesDoNotMix(held=role.value, wanted=wanted.value)


def may_keep(keeper: Actor, held: Iterable[Grant]) -> bool:
    """Whether the actor could give every role the account holds: only then may they reset or suspend it.

    A lower role never resets a higher one. Source: EXP-TT65.
    """
    grants = list(held)
    if keeper.has(Role.ADMINISTRATOR):
        return True
    return bool(grants) and all(any(_reaches(own, g) for own in keeper.grants) for g in grants)


def is_keeper(actor: Actor) -> bool:
    """Whether the actor keeps accounts at all."""
    return actor.is_human and actor.has(*MAY_GIVE)


def check_machine_grant(maker: Actor, grant: Grant) -> None:
    """Refuse a machine more than the person who answers for it, and roles that belong to people.

    An administrator holds no case role, so the tokens they make open no child's file.

    Raises:
        NotForMachines: naming the role.
    """
    if grant.role not in MACHINE_ROLES:
        raise NotForMachines(role=grant.role.value)
    if grant.role in HARMLESS_FOR_MACHINES and maker.has(Role.ADMINISTRATOR):
        return
    if not covers(maker.grants, grant):
        raise NotForMachines(role=grant.role.value)


def covers(held: Iterable[Grant], wanted: Grant) -> bool:
    """Whether grants include this one, or the same role with a wider reach."""
    same = [grant for grant in held if grant.role is wanted.role]
    return any(
        grant == wanted or grant.scope is COUNTRY or (wanted.scope is OWN and grant.scope is OFFICE)
        for grant in same
    )
