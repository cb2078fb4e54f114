"""After a sitting: what was decided about whom, who has still to sign, and how far the minutes are. Reading only.

Source: DOM-3.5, DOM-R14, DOM-R22.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from cases.service import access, steps
from core.actors import Actor
from core.errors import Gap, NotThere
from panels.rules.minutes import SIGNERS, MinutesState, may_sign
from panels.rules.sittings import SittingState
from panels.service import decision_rows
from panels.service.decision_views import DecisionLine, line_of
from panels.service.minutes import MinutesView, read_minutes
from panels.service.standing import Floor, floor, is_closed_to
from panels.store import determination as determinations
from panels.store import item as items
from panels.store import member as members
from panels.store import sitting as sittings
from panels.tables.item import ItemRow
from panels.tables.sitting import SittingRow


@dataclass(frozen=True)
class Outcome:
    """What became of one item.

    Args:
        code: the child's code.
        decision: its newest version; None without one.
        signed, unsigned: persons who took part in it.
    """

    item: ItemRow
    code: str
    decision: DecisionLine | None
    signed: tuple[str, ...]
    unsigned: tuple[str, ...]


@dataclass(frozen=True)
class Aftermath:
    """A sitting after it was held.

    Args:
        minutes: every version, newest first; none while there are none.
        role: as whom the reader signs the minutes: ``chair``, ``secretary`` or ``member``.
        waits_for: the roles whose signature the newest version waits for.
        missing: what stands against the reader's signature; not asked where the reader signs nothing.
        presiding: the person who presided.
    """

    sitting: SittingRow
    outcomes: tuple[Outcome, ...]
    minutes: tuple[MinutesView, ...]
    role: str
    waits_for: tuple[str, ...]
    missing: tuple[Gap, ...]
    presiding: str
    is_clerk: bool


def show_aftermath(session: Session, actor: Actor, sitting_id: str, *, now: datetime) -> Aftermath:
    """Return a sitting after it was held, to those who were called to it and to the panel's own staff.

    Raises:
        NotThere: no such sitting, nothing to do with it, or archived for members.

    Source: DOM-R14, DOM-2.2 (until archive).
    """
    found = floor(session, actor, sitting_id, now=now, lock=False)
    sitting = found.sitting
    _require_seen(session, found)
    versions = read_minutes(session, actor, sitting_id, now=now)
    person = _presiding(session, sitting)
    role = "chair" if person == actor.person_id else "member"
    if role == "member" and found.standing.is_clerk:
        role = "secretary"
    waits_for = _waits_for(versions)
    every = items.of_sitting(session, sitting_id)
    open_to_me = [one for one in every if not _is_closed(session, actor, one)]
    return Aftermath(
        sitting=sitting,
        outcomes=tuple(_outcome(session, one) for one in open_to_me),
        minutes=versions,
        role=role,
        waits_for=waits_for,
        missing=_missing(session, actor, versions, role) if role in waits_for else (),
        presiding=person,
        is_clerk=found.standing.is_clerk,
    )


def _require_seen(session: Session, found: Floor) -> None:
    """Members see nothing of its cases once a sitting is archived. Source: DOM-2.2."""
    called = found.standing.members & set(sittings.roster(session, found.sitting.id))
    is_archived = found.sitting.state == SittingState.ARCHIVED
    if not found.standing.is_clerk and (is_archived or not called):
        raise NotThere("sitting")


def _is_closed(session: Session, actor: Actor, item: ItemRow) -> bool:
    return is_closed_to(session, actor.person_id, item) or access.is_barred(
        session, item.case_id, actor
    )


def _outcome(session: Session, item: ItemRow) -> Outcome:
    row = determinations.of_item(session, item.id)
    code = steps.lock(session, item.case_id).child_code
    if row is None:
        return Outcome(item, code, None, (), ())
    signed = tuple(one.person_id for one in determinations.signatures(session, row.id))
    waits = row.state == decision_rows.RECORDED
    unsigned = tuple(one for one in row.voters if one not in signed) if waits else ()
    return Outcome(item, code, line_of(row), signed, unsigned)


def _presiding(session: Session, sitting: SittingRow) -> str:
    member = members.find(session, sitting.presiding_id) if sitting.presiding_id else None
    return member.person_id if member else ""


def _waits_for(versions: Sequence[MinutesView]) -> tuple[str, ...]:
    if not versions or versions[0].state != MinutesState.DRAFT:
        return ()
    signed = {role for role, _ in versions[0].signatures}
    return tuple(role for role in SIGNERS if role not in signed)


def _missing(
    session: Session, actor: Actor, versions: Sequence[MinutesView], role: str
) -> tuple[Gap, ...]:
    newest = versions[0]
    heard = items.of_sitting(session, newest.sitting_id)
    decided = determinations.of_sitting(session, newest.sitting_id)
    return may_sign(
        role=role,
        signer=actor.person_id,
        already={person for _, person in newest.signatures},
        undecided=sum(one.finished_at is None for one in heard),
        unsigned=sum(one.state == decision_rows.RECORDED for one in decided),
    ).gaps
