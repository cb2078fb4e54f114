"""Who carried the panel's sittings over a year, which sittings nearly failed, and how often somebody stood in.

Counts and codes of members; of children nothing is read. What one more member would change is a plan made with one
(``plans.ask_plan`` with ``more``).

Source: DOM-3.5, DOM-4.5/sitting.quorum_log.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from core import audit
from core.accounts.directory import names_of
from core.actors import Actor
from panels.rules.attendance import ARRIVALS, in_force
from panels.rules.quorum import QuorumRules
from panels.rules.roster import Holder
from panels.rules.sittings import SittingState
from panels.service.panels import rules_of
from panels.service.plan_wishes import clerk_of
from panels.store import attendance
from panels.store import member as members
from panels.store import planning as store
from panels.store import sitting as sittings
from panels.tables.sitting import SittingRow

YEAR: Final = timedelta(days=365)


@dataclass(frozen=True)
class Share:
    """What one member carried: how often called, how often there."""

    member_id: str
    name: str
    role: str
    sector: str
    alternate_rank: int
    called: int
    came: int


@dataclass(frozen=True)
class Narrow:
    """A sitting in which one voter fewer would have been too few, or in which quorum was missing once."""

    sitting_id: str
    starts_at: datetime
    fewest: int
    needed: int
    lost: bool


@dataclass(frozen=True)
class Load:
    """A panel's year.

    Args:
        stood_in: sittings to which an alternate came.
        inquorate: sittings that could not open.
    """

    since: datetime
    sittings: int
    inquorate: int
    stood_in: int
    shares: tuple[Share, ...]
    narrow: tuple[Narrow, ...]


def load_of(session: Session, actor: Actor, panel_id: str, *, now: datetime) -> Load:
    """Return how the sittings of the last year were carried.

    Raises:
        NotThere: no such panel, or nothing to do with it.
        NotAllowed: neither secretary nor coordinator.
    """
    panel = clerk_of(session, actor, panel_id, now=now).panel
    since = now - YEAR
    held = store.held(session, panel_id, since=since, until=now)
    ids = [row.id for row in members.of_panel(session, panel_id)]
    holders = members.holders(session, ids)
    ranks = {one.member_id: one.alternate_rank for one in holders}
    there = {row.id: _there(session, row.id) for row in held}
    narrow = [
        found
        for row in held
        if (found := _narrow(session, row, rules_of(session, panel_id, row.rules_number).quorum))
    ]
    audit.record(
        session, actor, "planning.load_read", thing="panel", thing_id=panel.id, now=now,
        codes={"sittings": len(held)},
    )  # fmt: skip
    return Load(
        since,
        len(held),
        sum(row.state == SittingState.INQUORATE for row in held),
        sum(any(ranks.get(one, 0) for one in came) for came in there.values()),
        tuple(_shares(session, actor, holders, since=since, now=now)),
        tuple(narrow),
    )


def _there(session: Session, sitting_id: str) -> frozenset[str]:
    passages = in_force(attendance.passages(session, sitting_id))
    return frozenset(one.member_id for one in passages if one.movement in ARRIVALS)


def _narrow(session: Session, row: SittingRow, rules: QuorumRules) -> Narrow | None:
    log = sittings.quorum_log(session, row.id)
    if not log:
        return None
    fewest = min(len(one.eligible) for one in log)
    lost = any(not one.met for one in log)
    if not lost and fewest > rules.voters:
        return None
    return Narrow(row.id, row.starts_at, fewest, rules.voters, lost)


def _shares(
    session: Session,
    actor: Actor,
    holders: Sequence[Holder],
    *,
    since: datetime,
    now: datetime,
) -> list[Share]:
    ids = [one.member_id for one in holders]
    called = store.called(session, ids, since=since, until=now)
    came = store.sat(session, ids, since=since)
    names = names_of(session, actor, {one.person_id for one in holders}, now=now)
    return sorted(
        (
            Share(
                one.member_id,
                names.get(one.person_id, ""),
                one.role.value,
                one.sector,
                one.alternate_rank,
                called.get(one.member_id, 0),
                came.get(one.member_id, 0),
            )
            for one in holders
        ),
        key=lambda share: (-share.came, share.member_id),
    )
