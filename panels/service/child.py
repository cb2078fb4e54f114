"""What the services of a decision need to know of the child's case, taken once and locked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from cases.service import access, steps
from cases.service.case_packs import pack_for
from cases.service.childfacts import child_facts, today_of
from cases.service.files import restricted_of
from core.actors import Actor, Role
from core.packs.models import Pack
from core.worktime import Limit, WorkingCalendar, due_at


@dataclass(frozen=True)
class Child:
    """A child's case at the moment of an act. The case row stays locked until the act is over.

    Args:
        languages: ISO 639 codes of the languages the child understands.
        siblings: case ids of linked brothers and sisters.
        today: the date on the wall where the case is worked on.
    """

    case_id: str
    country: str
    office: str
    state: str
    priority: str
    accompaniment: str
    languages: frozenset[str]
    interpreter_needed: bool
    siblings: frozenset[str]
    pack: Pack
    today: date

    @property
    def calendar(self) -> WorkingCalendar:
        """The working days of the office that holds the case."""
        return self.pack.calendar(self.office)

    def limit(self, code: str, occurrence: int = 0) -> Limit:
        """Return how long a limit of the pack is for this child's priority."""
        found = {str(key): rule for key, rule in self.pack.limits.items()}
        return found[code].for_priority(self.priority, occurrence)

    def due(self, code: str, start: datetime) -> datetime:
        """Return when a limit that starts now runs out."""
        return due_at(start, self.limit(code), self.calendar)


def child_for(
    session: Session, actor: Actor, case_id: str, *, roles: Collection[Role], now: datetime
) -> Child:
    """Lock the case for an act of one of these roles.

    Raises:
        NotThere: no such case, or not yours.
        RoleMayNot: the act belongs to another role.
    """
    access.case_for(session, actor, case_id, roles=roles, now=now)
    return child_of(session, case_id, now=now)


def child_of(session: Session, case_id: str, *, now: datetime) -> Child:
    """Lock the case for a service that has already decided it may.

    Raises:
        NotThere: no such case.
    """
    row = steps.lock(session, case_id)
    today = today_of(row, now)
    facts = child_facts(session, row, today=today)
    return Child(
        case_id=row.id,
        country=row.country,
        office=row.office,
        state=row.state,
        priority=row.priority,
        accompaniment=row.accompaniment,
        languages=facts.languages,
        interpreter_needed=bool(restricted_of(session, row).get("interpreter_needed")),
        siblings=facts.siblings,
        pack=pack_for(row, on=now.date()),
        today=today,
    )
