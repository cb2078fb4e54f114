"""Who acts: roles, scopes, and the actor every service function takes. Pure values."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The roles that act in one country. Source: DOM-2.1 (A-numbers in brackets there)."""

    FIRST_LINE = "first_line"  # A3
    CASEWORKER = "caseworker"  # A4
    SUPERVISOR = "supervisor"  # A5
    ASSESSOR = "assessor"  # A6
    COORDINATOR = "coordinator"  # A7
    CHAIR = "chair"  # A8
    MEMBER = "member"  # A9
    SECRETARY = "secretary"  # A10
    ADVISER = "adviser"  # A11 (expert adviser, observer)
    GUARDIAN = "guardian"  # A12
    LAWYER = "lawyer"  # A13
    INTERPRETER = "interpreter"  # A14
    SECRETARIAT = "secretariat"  # A15
    SECRETARIAT_HEAD = "secretariat_head"  # A16
    IMMIGRATION = "immigration"  # A20, also police
    ESCORT = "escort"  # A21
    CARER = "carer"  # A22
    PROVIDER = "provider"  # A23
    DETENTION_MONITOR = "detention_monitor"  # A24
    DATA_PROTECTION = "data_protection"  # A25
    ADMINISTRATOR = "administrator"  # A26
    STATISTICIAN = "statistician"  # A27
    AUDITOR = "auditor"  # A28
    TRUST_OFFICER = (
        "trust_officer"  # the right to trust another country's installation; beside A15, A16 or A25
    )
    PROCEDURE = "procedure"  # the workflow engine itself; never a person


class ScopeKind(StrEnum):
    """How far a role reaches."""

    OWN = "own"
    OFFICE = "office"  # ref: place code of the office's district
    PANEL = "panel"  # ref: panel id
    COUNTRY = "country"  # ref: ISO 3166-1 alpha-2


@dataclass(frozen=True)
class Grant:
    """A role with its reach. ``ref`` is empty only for ``OWN``."""

    role: Role
    scope: ScopeKind
    ref: str = ""


@dataclass(frozen=True)
class Actor:
    """The person or machine on whose behalf something is done.

    Args:
        account_id: the account signed in.
        person_id: the human being behind it; rules on separation of duties compare this, since
            one person may hold several accounts and several roles.
        country: ISO 3166-1 alpha-2 of the installation the account belongs to.
        grants: roles with scope, in no order.
        is_human: False for API tokens of machines and for the procedure itself.
        request_id: correlates audit rows and problems of one request.
    """

    account_id: str
    person_id: str
    country: str
    grants: frozenset[Grant] = field(default_factory=frozenset)
    is_human: bool = True
    request_id: str = ""

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds any of these roles, whatever the scope."""
        return any(grant.role in roles for grant in self.grants)

    def has_for(self, roles: Collection[Role], scope: ScopeKind, ref: str) -> bool:
        """Whether the actor holds one of these roles over exactly this office, panel or country."""
        return any(g.role in roles and g.scope is scope and g.ref == ref for g in self.grants)

    def has_in(self, roles: Collection[Role], *, office: str, country: str) -> bool:
        """Whether one of these roles covers an office: granted for it, or for its whole country."""
        return self.has_for(roles, ScopeKind.OFFICE, office) or self.has_for(
            roles, ScopeKind.COUNTRY, country
        )


def procedure_actor(country: str) -> Actor:
    """Return the actor under which the workflow engine records its own effects."""
    return Actor(
        account_id=PROCEDURE_ID,
        person_id=PROCEDURE_ID,
        country=country,
        grants=frozenset({Grant(Role.PROCEDURE, ScopeKind.COUNTRY, country)}),
        is_human=False,
    )


PROCEDURE_ID: Final = "00000000-0000-4000-8000-000000000000"
