"""Who may do what with partners and keys, and how officers are told.

Trusting is a right of its own. Whoever keeps the keys of the installation (the administrator) trusts nobody.
Source: EXP-10.1, DOM-2.1.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import outbox
from core.actors import Actor, Role, ScopeKind
from core.errors import NotThere

TRUSTERS: Final = frozenset({Role.TRUST_OFFICER})
SUSPENDERS: Final = frozenset({Role.TRUST_OFFICER, Role.SECRETARIAT_HEAD, Role.DATA_PROTECTION})
KEY_KEEPERS: Final = frozenset({Role.ADMINISTRATOR})
READERS: Final = SUSPENDERS | KEY_KEEPERS | {Role.SECRETARIAT, Role.AUDITOR}


def require(actor: Actor, roles: Collection[Role]) -> None:
    """Refuse whoever holds none of these rights over the country; a machine holds none.

    Raises:
        NotThere: as if there were no partners.
    """
    if not actor.is_human or not actor.has_for(roles, ScopeKind.COUNTRY, actor.country):
        raise NotThere("partner")


def tell(
    session: Session,
    *,
    topic: str,
    subject: str,
    occasion: str,
    now: datetime,
    persons: Collection[str] = (),
    role: Role = Role.TRUST_OFFICER,
    facts: Mapping[str, str | int | bool | None] | None = None,
) -> bool:
    """Tell everybody who holds a right, and named persons, once for each occasion.

    Args:
        session: the unit of work.
        topic: what happened; ``api`` has the words.
        subject: opaque id of the partner or key.
        occasion: what makes this time another one than the last.
        now: when, aware.
        persons: who is told by name besides.
        role: whose business it is.
        facts: coded facts for the words.

    Returns:
        Whether anybody was told who had not been told of this occasion.
    """
    known = dict(facts or {})
    told = outbox.post(
        session, topic=topic, key=f"{topic}:{occasion}", subject=subject,
        payload={**known, "role": role.value}, now=now,
    )  # fmt: skip
    for person in sorted(set(persons)):
        outbox.post(
            session, topic=topic, key=f"{topic}:{occasion}:{person}", subject=subject,
            payload={**known, "person": person}, now=now,
        )  # fmt: skip
    return told
