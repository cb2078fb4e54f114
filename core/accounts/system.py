"""Actors that are no account: the operator at the server's own console, and somebody not signed in yet."""

from typing import Final

from core.actors import Actor, Grant, Role, ScopeKind

OPERATOR_ID: Final = "00000000-0000-4000-8000-000000000001"
STRANGER_ID: Final = "00000000-0000-4000-8000-000000000002"


def operator_actor(country: str) -> Actor:
    """Return whoever types at the console of the server, who also holds its keys.

    May keep accounts, and reads no case.
    """
    grants = frozenset({Grant(Role.ADMINISTRATOR, ScopeKind.COUNTRY, country)})
    return Actor(OPERATOR_ID, OPERATOR_ID, country, grants)


def stranger(country: str = "") -> Actor:
    """Return the actor for audit rows about somebody who is not, or not yet, signed in."""
    return Actor(STRANGER_ID, STRANGER_ID, country)
