"""How an installation is: what waits, since when, the last backup. Counts and times, nothing about a child."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from core import audit_search, outbox, wakeups
from core.accounts.system import OPERATOR_ID
from core.actors import Actor, Role, ScopeKind
from core.errors import NotThere

READERS: Final = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.DATA_PROTECTION})
BACKED_UP: Final = "installation.backed_up"


@dataclass(frozen=True)
class Condition:
    """What waits and what was done last.

    Args:
        waiting_cases: cases the procedure has to look at now.
        held_by_nobody: those of them no runner holds.
        unsent: messages that were not delivered yet.
        oldest_unsent: when the oldest of them was due; None when none is.
        backed_up_at: end of the last backup made here; None when there was none.
    """

    waiting_cases: int
    held_by_nobody: int
    unsent: int
    oldest_unsent: datetime | None
    backed_up_at: datetime | None


def condition_of(session: Session, actor: Actor, *, now: datetime) -> Condition:
    """Return how this installation is.

    Raises:
        NotThere: not somebody who looks after it.
    """
    if not actor.is_human or not actor.has_for(READERS, ScopeKind.COUNTRY, actor.country):
        raise NotThere("installation")
    backup = audit_search.last_of(session, BACKED_UP, OPERATOR_ID)
    return Condition(
        waiting_cases=wakeups.waiting_count(session, now=now),
        held_by_nobody=wakeups.free_count(session, now=now),
        unsent=outbox.unsent_count(session),
        oldest_unsent=outbox.oldest_unsent(session, now=now),
        backed_up_at=None if backup is None else backup.at,
    )
