"""From an alert to a registered child: T1 and T2.

The child code is issued with the alert, so that there is something to quote from the first minute;
the office's own number comes with registration. Nothing waits for anything that is not known.

Source: DOM-3.3/T1, DOM-3.3/T2, DOM-4.1.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from cases.rules.access import Basis, Level
from cases.rules.children import Alert, Child, Priority, Tri, priority_for, registration
from cases.rules.clocks import ClockCode
from cases.rules.consent import NotAskedReason
from cases.rules.identity import local_number, series_of
from cases.rules.machine import CaseState, Step
from cases.service import clocks, details, endings, files, steps
from cases.service.access import case_for, grant_access
from cases.service.consents import NewConsent, keep_consent
from cases.service.detention import DetentionRequest, note_detention
from cases.service.search import Hints, duplicate_hints
from cases.store import case_files as store
from cases.tables.case_file import CaseRow
from core import audit, gathering
from core.actors import Actor, Role
from core.errors import BadInput, DomainError
from core.ids import new_child_code, new_id
from core.packs.lookup import pack_of
from core.packs.models import Pack
from core.vault import vault_of

SELF: Final = "self"
NO_HINTS: Final = Hints((), 0)
TRIES: Final = 8
REGISTRARS: Final = frozenset({Role.CASEWORKER})


class NoCodeFree(DomainError):
    """Eight random codes in a row were taken; something is wrong with chance itself."""


@dataclass(frozen=True)
class Opened:
    """A case as it was just opened."""

    case_id: str
    child_code: str
    version: int


@dataclass(frozen=True)
class Registered:
    """A case as it was just registered.

    Args:
        hints: files that may be about the same child; to be looked at, never merged by themselves.
    """

    case_id: str
    child_code: str
    local_number: str
    priority: str
    version: int
    hints: Hints


def raise_alert(
    session: Session,
    actor: Actor,
    alert: Alert,
    *,
    now: datetime,
    codes: Callable[[], str] = new_child_code,
) -> Opened:
    """Open a case for a child somebody is worried about. Anybody may; the caller may stay unnamed.

    A child in immediate danger or in detention begins as an emergency. The limits of the first
    protective response and of registration run from this moment.

    Args:
        session: the unit of work.
        actor: who passes the alert on.
        alert: what is known.
        now: when.
        codes: where random child codes come from; a code that is taken is drawn again.

    Raises:
        BadInput: the country has no such office or district.

    Source: DOM-3.3/T1, DOM-3.2/D1, DOM-3.2/D2.
    """
    row = _open_case(session, actor, alert, now, codes)
    with gathering.gathering(session):
        gathering.begin(session, row.id, row)
        _alerted(session, actor, row, alert, now=now)
    return Opened(row.id, row.child_code, row.version)


def _open_case(
    session: Session, actor: Actor, alert: Alert, now: datetime, codes: Callable[[], str]
) -> CaseRow:
    pack = pack_of(actor.country, on=now.date())
    return _insert(session, _new_row(actor, alert, pack, now), codes)


def _alerted(session: Session, actor: Actor, row: CaseRow, alert: Alert, *, now: datetime) -> None:
    vault_of(session).make_key(session, row.id, now=now)
    files.seal_into(
        session,
        row,
        restricted={"alert": _alert_words(alert)},
        sensitive={},
    )
    session.flush()
    steps.begin(session, row, actor=actor, now=now)
    for code in (ClockCode.FIRST_RESPONSE, ClockCode.REGISTRATION):
        clocks.open_clock(session, row.id, code, started_at=now)
    audit.record(
        session, actor, "case.alerted", thing="case", thing_id=row.id, case_id=row.id, now=now,
        codes={
            "source": row.source, "danger": str(alert.in_danger),
            "detention": str(alert.in_detention), "priority": row.priority,
        },
    )  # fmt: skip
    if alert.in_detention is Tri.YES:
        since = alert.detained_since or alert.seen_at or now
        note_detention(
            session, actor, row.id, DetentionRequest(since, alert.detention_place), now=now
        )


def register_child(
    session: Session,
    actor: Actor,
    case_id: str,
    child: Child,
    *,
    now: datetime,
    consent: NewConsent | None = None,
    not_asked: NotAskedReason | None = None,
    priority: Priority | None = None,
    owner_person: str | None = SELF,
    expected_version: int | None = None,
) -> Registered:
    """Register an identified child with what is known; unknown stays unknown.

    Args:
        session: the unit of work.
        actor: a caseworker of the office.
        case_id: the identified case.
        child: what is known.
        now: when.
        consent: consent or assent, if it was asked.
        not_asked: why not, otherwise; one of the two is needed.
        priority: as the worker sees it; danger and detention make it an emergency anyway.
        owner_person: who keeps the case; ``None``: nobody yet, a supervisor allocates.
        expected_version: the version the worker read.

    Raises:
        NotThere: no such case, or not yours.
        Incomplete: consent and reason missing, or values that contradict each other.

    Source: DOM-3.3/T2.
    """
    row = case_for(
        session, actor, case_id, roles=REGISTRARS, now=now, level=Level.CODED,
        expected_version=expected_version,
    )  # fmt: skip
    with gathering.apart(session):
        hints = duplicate_hints(
            session, actor, child, now=now, district=row.district, leave_out=(row.id,)
        )
    _register(
        session, actor, row, child,
        consent=consent, not_asked=not_asked, priority=priority, owner_person=owner_person, now=now,
    )  # fmt: skip
    return _registered(row, hints)


def _registered(row: CaseRow, hints: Hints) -> Registered:
    return Registered(
        row.id, row.child_code, row.local_number or "", row.priority, row.version, hints
    )


def register_new(
    session: Session,
    actor: Actor,
    alert: Alert,
    child: Child,
    *,
    now: datetime,
    consent: NewConsent | None = None,
    not_asked: NotAskedReason | None = None,
    priority: Priority | None = None,
    owner_person: str | None = SELF,
) -> Registered:
    """Open and register a case in one act: a worker with the child in front of them."""
    row = _open_case(session, actor, alert, now, new_child_code)
    with gathering.gathering(session):
        gathering.begin(session, row.id, row)
        _alerted(session, actor, row, alert, now=now)
        done = register_child(
            session, actor, row.id, child,
            now=now, consent=consent, not_asked=not_asked, priority=priority, owner_person=owner_person,
        )  # fmt: skip
    return replace(done, version=row.version)


def take_in(
    session: Session,
    actor: Actor,
    alert: Alert,
    child: Child,
    *,
    now: datetime,
    not_asked: NotAskedReason,
    priority: Priority | None = None,
    owner_person: str | None = SELF,
) -> Registered:
    """Open and register a case of a list. Hints are asked for afterwards, for many cases together.

    Raises:
        DomainError: as ``register_new``.
    """
    row = _open_case(session, actor, alert, now, new_child_code)
    _alerted(session, actor, row, alert, now=now)
    case_for(session, actor, row.id, roles=REGISTRARS, now=now, level=Level.CODED)
    _register(
        session, actor, row, child,
        consent=None, not_asked=not_asked, priority=priority, owner_person=owner_person, now=now,
    )  # fmt: skip
    return _registered(row, NO_HINTS)


def set_aside(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Note that an alert was not about a child; a supervisor's act.

    Source: DOM-3.1 (``IDENTIFIED`` → ``NOT_ELIGIBLE``).
    """
    row = case_for(
        session, actor, case_id, roles={Role.SUPERVISOR}, now=now, level=Level.CODED,
        expected_version=expected_version,
    )  # fmt: skip
    steps.move(
        session, row.id, CaseState.NOT_ELIGIBLE, transition=Step.NOT_A_CHILD, actor=actor, now=now
    )
    endings.silence(session, actor, row.id, now=now)


def _register(
    session: Session,
    actor: Actor,
    row: CaseRow,
    child: Child,
    *,
    consent: NewConsent | None,
    not_asked: NotAskedReason | None,
    priority: Priority | None,
    owner_person: str | None,
    now: datetime,
) -> None:
    pack = pack_of(row.country, row.pack_version)
    recorded = consent is not None or not_asked is not None
    registration(
        child, consent_recorded=recorded, today=now.date(), child_under=pack.ages.child_under
    ).require()
    urgent = row.priority == Priority.EMERGENCY
    chosen = Priority.EMERGENCY if urgent else (priority or Priority(row.priority))
    serial = store.next_local_number(session, series_of(row.office, now.year))
    row.local_number = local_number(row.office, now.year, serial)
    row.registered_at = now
    details.write_child(session, actor, row, child, pack=pack, now=now)
    # Judged by how urgent the alert was: nobody knew better until now.
    clocks.meet_clock(session, row.id, ClockCode.REGISTRATION, now=now, actor=actor)
    if chosen != row.priority:
        steps.prioritise(session, row, chosen, actor=actor, now=now)
    if consent is not None:
        keep_consent(session, actor, row, consent, now=now)
    _give_to(session, actor, row, owner_person, now)
    facts = {"consent_not_asked": str(not_asked)} if not_asked is not None else {}
    steps.move(
        session, row.id, CaseState.REGISTERED,
        transition=Step.REGISTER, actor=actor, now=now, facts=facts,
    )  # fmt: skip


def _give_to(
    session: Session, actor: Actor, row: CaseRow, owner_person: str | None, now: datetime
) -> None:
    person = actor.person_id if owner_person == SELF else owner_person
    if person is None:
        return
    row.owner_person = person
    session.add(row)
    grant_access(session, actor, case_id=row.id, person_id=person, basis=Basis.OWNER, now=now)


def _new_row(actor: Actor, alert: Alert, pack: Pack, now: datetime) -> CaseRow:
    district = alert.district or alert.office
    for pointer, place in (("/body/office", alert.office), ("/body/district", district)):
        if place not in pack.places:
            raise BadInput(pointer=pointer, code="unknown_place")
    priority = priority_for(None, in_danger=alert.in_danger, in_detention=alert.in_detention)
    return CaseRow(
        id=new_id(),
        child_code="",
        country=actor.country,
        office=alert.office,
        district=district,
        state=str(CaseState.IDENTIFIED),
        priority=str(priority),
        priority_rank=list(Priority).index(priority),
        source=str(alert.source),
        pack_version=pack.version,
        opened_at=now,
        state_since=now,
        created_by=actor.person_id,
        changed_by=actor.person_id,
        changed_at=now,
    )


def _insert(session: Session, row: CaseRow, codes: Callable[[], str]) -> CaseRow:
    """Keep the row under a free code; the unique constraint decides between two at once.

    Among gathered rows it decides when they are written, and the whole list is tried again one by one.
    """
    if gathering.is_gathering(session):
        row.child_code = codes()
        session.add(row)
        gathering.begin(session, row.id, row)
        return row
    for _ in range(TRIES):
        row.child_code = codes()
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError:
            if not store.code_is_taken(session, row.child_code):
                raise
            continue
        return row
    raise NoCodeFree


def _alert_words(alert: Alert) -> dict[str, str | None]:
    return {
        "where": alert.where,
        "reported_by": alert.reported_by,
        "words": alert.words,
        "seen_at": alert.seen_at.isoformat() if alert.seen_at else None,
        "in_danger": str(alert.in_danger),
        "in_detention": str(alert.in_detention),
    }
