"""Family tracing: whether it is safe to search, what was done, what came of it.

Source: DOM-4.7/tracing, DOM-R31, DOM-R47.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.reports import TracingResult
from cases.rules.tracing import ENDS, ActionResult, SafeToTrace, may_trace
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.service.files import Purpose
from cases.service.forms import RESTRICTED, SENSITIVE, open_value, seal_value, shows_sensitive
from cases.store import tracing as store
from cases.tables.tracing import TracingActionRow, TracingRow
from core import audit
from core.actors import Actor, Role
from core.db import check_version
from core.errors import NotThere, WrongState

SECTION: Final = "safe_to_trace"
_ROLES: Final = frozenset({Role.CASEWORKER, Role.ASSESSOR, Role.SUPERVISOR, Role.SECRETARIAT})


@dataclass(frozen=True)
class TracingStep:
    """One step of a search."""

    no: int
    done_on: date
    place: str
    what: str
    result: ActionResult


@dataclass(frozen=True)
class TracingView:
    """A search as one person may see it; ``safe`` and its reason only with the right to see them."""

    id: str
    case_id: str
    status: TracingResult
    sought: str
    safe: SafeToTrace | None
    safe_because: str
    steps: tuple[TracingStep, ...]
    opened_at: datetime
    closed_at: datetime | None
    version: int


def open_tracing(
    session: Session,
    actor: Actor,
    case_id: str,
    *,
    sought: str,
    safe: SafeToTrace,
    because: str,
    now: datetime,
) -> TracingView:
    """Begin a search for a person, or note that searching is not safe.

    Raises:
        NotThere: not a case of this person.
    """
    case_for(session, actor, case_id, roles=_ROLES, now=now)
    row = TracingRow(
        case_id=case_id,
        status=_status_for(safe).value,
        requester_person=actor.person_id,
        opened_at=now,
        restricted=b"",
        sensitive=b"",
    )
    row.restricted = seal_value(session, case_id, row, {"sought": sought}, RESTRICTED)
    row.sensitive = seal_value(
        session, case_id, row, {"safe": safe.value, "because": because}, SENSITIVE
    )
    return _keep(session, actor, row, "tracing.opened", now)


def set_safety(
    session: Session,
    actor: Actor,
    case_id: str,
    tracing_id: str,
    *,
    safe: SafeToTrace,
    because: str,
    now: datetime,
    expected_version: int | None = None,
) -> TracingView:
    """Change whether searching is safe; a search that is not safe stands still.

    Raises:
        WrongState: the search has ended.
        StaleWrite: it changed since it was read.
    """
    row = _open_row(session, actor, case_id, tracing_id, "set_safety", now=now)
    check_version(row, "tracing", expected_version)
    row.sensitive = seal_value(
        session, case_id, row, {"safe": safe.value, "because": because}, SENSITIVE
    )
    begun = bool(store.actions_of(session, row.id))
    row.status = (TracingResult.IN_PROGRESS if begun else TracingResult.OPEN).value
    if safe is not SafeToTrace.YES:
        row.status = TracingResult.NOT_SAFE.value
    return _keep(session, actor, row, "tracing.safety_set", now)


def add_tracing_action(
    session: Session,
    actor: Actor,
    case_id: str,
    tracing_id: str,
    *,
    done_on: date,
    place: str,
    what: str,
    result: ActionResult,
    now: datetime,
) -> TracingView:
    """Note a step of the search.

    Raises:
        Incomplete: searching is not safe (asylum, abuse, trafficking), or not known to be.
        WrongState: the search has ended.

    Source: DOM-4.7/safe_to_trace, DOM-R47.
    """
    row = _open_row(session, actor, case_id, tracing_id, "add_tracing_action", now=now)
    may_trace(_safe(session, row)).require()
    step = TracingActionRow(
        case_id=case_id,
        tracing_id=row.id,
        no=store.next_action_number(session, row.id),
        done_on=done_on,
        result=result.value,
        by_person=actor.person_id,
        recorded_at=now,
        restricted=b"",
    )
    step.restricted = seal_value(session, case_id, step, {"place": place, "what": what}, RESTRICTED)
    session.add(step)
    row.status = TracingResult.IN_PROGRESS.value
    return _keep(session, actor, row, "tracing.action_noted", now)


def close_tracing(
    session: Session,
    actor: Actor,
    case_id: str,
    tracing_id: str,
    result: TracingResult,
    *,
    now: datetime,
    expected_version: int | None = None,
) -> TracingView:
    """End a search: verified, reunified, or closed without result after at least one step.

    Raises:
        Incomplete: not a result that ends a search, or nothing was ever tried.
        WrongState: it has ended already.
    """
    row = _open_row(session, actor, case_id, tracing_id, "close_tracing", now=now)
    check_version(row, "tracing", expected_version)
    may_trace(
        _safe(session, row), result=result, tried=len(store.actions_of(session, row.id))
    ).require()
    row.status = result.value
    row.closed_at = now
    return _keep(session, actor, row, "tracing.closed", now)


def list_tracing(
    session: Session, actor: Actor, case_id: str, *, now: datetime, purpose: Purpose | None = None
) -> tuple[TracingView, ...]:
    """Read the searches of a case, oldest first.

    Raises:
        NotThere: no such case, or not yours.
    """
    seen = reach_of(session, actor, case_id, now=now)
    if seen.level < Level.FULL:
        raise NotThere("case")
    shows = shows_sensitive(seen, SECTION, purpose)
    rows = store.of_case(session, case_id)
    audit.record(
        session, actor, "tracing.read", thing="case", thing_id=case_id, case_id=case_id, now=now,
        codes={"count": len(rows), "safety": shows},
    )  # fmt: skip
    return tuple(_view(session, row, shows=shows) for row in rows)


def is_exhausted(session: Session, case_id: str) -> bool:
    """Whether every search ended, and ended without result. Source: DOM-R31."""
    rows = store.of_case(session, case_id)
    return bool(rows) and all(row.status == TracingResult.CLOSED_NO_RESULT for row in rows)


def is_safe_to_trace(session: Session, case_id: str) -> bool:
    """Whether every search of the case is said to be safe; nothing on file is not safe."""
    rows = store.of_case(session, case_id)
    return bool(rows) and all(_safe(session, row) is SafeToTrace.YES for row in rows)


def _status_for(safe: SafeToTrace) -> TracingResult:
    return TracingResult.OPEN if safe is SafeToTrace.YES else TracingResult.NOT_SAFE


def _open_row(
    session: Session, actor: Actor, case_id: str, tracing_id: str, act: str, *, now: datetime
) -> TracingRow:
    case_for(session, actor, case_id, roles=_ROLES, now=now)
    row = store.find(session, case_id, tracing_id)
    if row is None:
        raise NotThere("tracing")
    if row.status in ENDS:
        raise WrongState(kind="tracing", state=row.status, act=act)
    return row


def _safe(session: Session, row: TracingRow) -> SafeToTrace:
    return SafeToTrace(open_value(session, row.case_id, row, SENSITIVE)["safe"])


def _keep(
    session: Session, actor: Actor, row: TracingRow, action: str, now: datetime
) -> TracingView:
    session.add(row)
    session.flush()
    audit.record(
        session, actor, action, thing="tracing", thing_id=row.id, case_id=row.case_id, now=now,
        codes={"status": row.status},
    )  # fmt: skip
    steps.wake(session, row.case_id, now=now)
    return _view(session, row, shows=True)


def _view(session: Session, row: TracingRow, *, shows: bool) -> TracingView:
    hidden = open_value(session, row.case_id, row, SENSITIVE) if shows else {}
    return TracingView(
        id=row.id,
        case_id=row.case_id,
        status=TracingResult(row.status),
        sought=open_value(session, row.case_id, row)["sought"],
        safe=SafeToTrace(hidden["safe"]) if shows else None,
        safe_because=hidden.get("because", ""),
        steps=tuple(_step(session, step) for step in store.actions_of(session, row.id)),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        version=row.version,
    )


def _step(session: Session, row: TracingActionRow) -> TracingStep:
    words = open_value(session, row.case_id, row)
    return TracingStep(row.no, row.done_on, words["place"], words["what"], ActionResult(row.result))
