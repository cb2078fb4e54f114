"""Cases that wait for a panel, as the planner of sittings needs them: ids, codes, dates; nothing is locked.

Listing asks everything once more under lock; what is read here only proposes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.machine import CaseState
from cases.service.access import Related, persons_related
from cases.service.case_packs import pack_for
from cases.service.childfacts import child_facts, today_of
from cases.service.files import restricted_of
from cases.store import case_files, clocks, guardians
from core.errors import NotThere
from core.packs.models import Pack
from core.packs.values import limit_of
from core.worktime import due_at

LIMITS: Final = frozenset({"D7", "D11"})


@dataclass(frozen=True)
class Speaker:
    """An interpreter assigned to the child whose undertaking holds; ``person_id`` is empty without an account."""

    assignment_id: str
    person_id: str
    languages: tuple[str, ...]
    until: date


@dataclass(frozen=True)
class ToHear:
    """One child's case on its way to a panel.

    Args:
        due_at: when the sitting has to be held (D7), or the deferred item is due back (D11).
        related: who had to do with the child or a sibling, for hints of conflicts.
    """

    case_id: str
    child_code: str
    state: str
    country: str
    office: str
    priority: str
    accompaniment: str
    ready_since: datetime
    due_at: datetime
    languages: tuple[str, ...]
    interpreter_needed: bool
    siblings: frozenset[str]
    was_held: bool
    source: str
    related: tuple[Related, ...]
    interpreters: tuple[Speaker, ...]
    pack: Pack


def ready_near(session: Session, countries: Collection[str], place: str) -> list[str]:
    """Return the ids of cases of a place that may be listed; in order of ids."""
    return case_files.ids_in_state_near(session, countries, place, CaseState.BID_READY)


def to_hear(session: Session, case_id: str, *, now: datetime) -> ToHear:
    """Return one case as the planner needs it, to a service that has already decided it may.

    Raises:
        NotThere: no such case.

    Source: DOM-3.2/D7, DOM-3.2/D11.
    """
    row = case_files.find_case(session, case_id)
    if row is None:
        raise NotThere("case")
    facts = child_facts(session, row, today=today_of(row, now))
    pack = pack_for(row, on=now.date())
    running = [one for one in clocks.open_of(session, case_id) if one.code in LIMITS]
    usual = due_at(row.state_since, limit_of(pack, "D7", row.priority), pack.calendar(row.office))
    today = now.date()
    return ToHear(
        case_id=row.id,
        child_code=row.child_code,
        state=row.state,
        country=row.country,
        office=row.office,
        priority=row.priority,
        accompaniment=row.accompaniment,
        ready_since=row.state_since,
        due_at=min((one.due_at for one in running if one.paused_at is None), default=usual),
        languages=tuple(sorted(facts.languages)),
        interpreter_needed=bool(restricted_of(session, row).get("interpreter_needed")),
        siblings=facts.siblings,
        was_held=row.detained or row.released_at is not None,
        source=row.source,
        related=persons_related(session, case_id),
        interpreters=tuple(
            Speaker(one.id, one.person_id or "", tuple(one.languages), one.undertaking_until)
            for one in guardians.interpreters_of(session, case_id)
            if one.ended_on is None and one.undertaking_until >= today
        ),
        pack=pack,
    )
