"""Moving a case to newer rules of its country: shown first, agreed to by name, on record.

Source: DOM-9.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.rules.access import Level
from cases.rules.packs import MAY_MOVE, fingerprint, may_move, require_mover
from cases.service import steps
from cases.service.access import case_for, reach_of
from cases.service.case_packs import pack_for
from cases.service.clock_recompute import recompute
from cases.store import case_files
from cases.store import clocks as store
from cases.tables.case_file import CaseRow
from cases.tables.clock import PackMoveRow
from core import audit
from core.actors import Actor
from core.errors import NotThere
from core.packs.differences import difference
from core.packs.lookup import pack_of, versions

ABSENT: Final = "-"


@dataclass(frozen=True)
class ShownChange:
    """One rule that differs; ``-`` where a version does not have it."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class PackDifference:
    """What would change for a case. ``fingerprint`` is given back to agree to exactly this."""

    current: int
    wanted: int
    available: tuple[int, ...]
    changes: tuple[ShownChange, ...]
    fingerprint: str


@dataclass(frozen=True)
class PackMove:
    """A case that was moved, by whom and whether its running limits were worked out again."""

    from_version: int
    to_version: int
    differences: int
    clocks_recomputed: bool
    moved_by: str
    moved_at: datetime


def show_difference(
    session: Session, actor: Actor, case_id: str, to_version: int, *, now: datetime
) -> PackDifference:
    """Show what would change for a case under another version; changes nothing.

    Raises:
        NotThere: no such case, or not yours.
        NotAllowed: not a supervisor or the secretariat of this office.
        NoPack: no such version.
    """
    case = case_files.find_case(session, case_id)
    if case is None or not reach_of(session, actor, case_id, now=now).sees:
        raise NotThere("case")
    require_mover(actor, office=case.office, country=case.country)
    audit.record(
        session,
        actor,
        "pack.difference_shown",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
        codes={"to": to_version},
    )
    return _difference(case, to_version, now)


def move_case(
    session: Session,
    actor: Actor,
    case_id: str,
    to_version: int,
    *,
    shown: str,
    recompute_clocks: bool,
    now: datetime,
    expected_version: int | None = None,
) -> int:
    """Let a case follow newer rules and return how many running limits moved.

    Running limits stay as they are unless ``recompute_clocks`` says otherwise.

    Args:
        session: the unit of work.
        actor: a supervisor or the secretariat.
        case_id: the child's case.
        to_version: the newer version.
        shown: fingerprint of the difference the officer was shown.
        recompute_clocks: whether running limits are worked out again under the newer rules.
        now: when.
        expected_version: version of the case the officer read.

    Raises:
        NotThere: no such case, or not yours.
        NotAllowed: not a supervisor or the secretariat of this office.
        Incomplete: not newer, or not the difference that was shown.
        NoPack: no such version.
        StaleWrite: somebody changed the case after it was read.
    """
    case = case_for(
        session,
        actor,
        case_id,
        roles=MAY_MOVE,
        now=now,
        level=Level.CODED,
        expected_version=expected_version,
    )
    require_mover(actor, office=case.office, country=case.country)
    found = _difference(case, to_version, now)
    may_move(
        current=found.current, wanted=found.wanted, shown=shown, actual=found.fingerprint
    ).require()
    case.pack_version = to_version
    steps.touch(session, case, actor=actor, now=now)
    moved = 0
    if recompute_clocks:
        moved = recompute(session, case, actor=actor, reason="pack", now=now)
    row = PackMoveRow(
        case_id=case_id,
        from_version=found.current,
        to_version=to_version,
        differences=len(found.changes),
        shown_hash=shown,
        clocks_recomputed=recompute_clocks,
        moved_by=actor.person_id,
        moved_at=now,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor,
        "pack.moved",
        thing="pack_move",
        thing_id=row.id,
        case_id=case_id,
        now=now,
        codes={"from": found.current, "to": to_version, "clocks": moved},
    )
    steps.wake(session, case_id, now=now)
    return moved


def moves_of(
    session: Session, actor: Actor, case_id: str, *, now: datetime
) -> tuple[PackMove, ...]:
    """Return the moves of a case to newer rules, oldest first, and note the read.

    Raises:
        NotThere: no such case, or not yours.
    """
    if not reach_of(session, actor, case_id, now=now).sees:
        raise NotThere("case")
    audit.record(
        session, actor, "pack.moves_read", thing="case", thing_id=case_id, case_id=case_id, now=now
    )
    return tuple(
        PackMove(
            row.from_version,
            row.to_version,
            row.differences,
            row.clocks_recomputed,
            row.moved_by,
            row.moved_at,
        )
        for row in store.pack_moves(session, case_id)
    )


def _difference(case: CaseRow, to_version: int, now: datetime) -> PackDifference:
    current = pack_for(case, on=now.date())
    wanted = pack_of(case.country, to_version)
    changes = tuple(
        ShownChange(change.key, _shown(change.old), _shown(change.new))
        for change in difference(current, wanted)
    )
    lines = [f"{c.key}={c.before}>{c.after}" for c in changes]
    return PackDifference(
        current=current.version,
        wanted=to_version,
        available=versions(case.country),
        changes=changes,
        fingerprint=fingerprint([f"{current.reference}>{wanted.reference}", *lines]),
    )


def _shown(value: object) -> str:
    return ABSENT if value is None else str(value)
