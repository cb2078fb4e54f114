"""Opening the votes of a complete round to those who may see them. Sealed rounds stay sealed.

Source: DOM-R18, DOM-2.2 (votes of others).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from core.actors import Actor, Role
from core.errors import NotThere
from panels.errors import BallotSealed
from panels.rules.items import FINISHED_ITEM, ItemState
from panels.rules.voting import ABSTAINED, Verdict, verdict
from panels.service.hearings import choice_of, current_round, hearing_of
from panels.service.record import note
from panels.service.standing import Floor, item_floor
from panels.store import vote as store
from panels.tables.item import ItemRow


@dataclass(frozen=True)
class BallotView:
    """One opened vote."""

    member_id: str
    person_id: str
    option: str
    reason: str
    opinion: str


@dataclass(frozen=True)
class RoundView:
    """A round as its members see it; ``ballots`` and ``rule_used`` are empty while it is sealed."""

    round_no: int
    is_sealed: bool
    waiting_for: tuple[str, ...]
    ballots: tuple[BallotView, ...]
    rule_used: str
    option: str
    tally: Mapping[str, int]


def show_round(session: Session, actor: Actor, item_id: str, *, now: datetime) -> RoundView:
    """Return the current round: who has still to vote, and once all have, every vote.

    Members see votes after all voted; the secretary records them then; a coordinator sees them once
    the item is closed. Nobody sees them earlier, and the closed-out person never.

    Raises:
        NotThere: no such item, closed to the actor, or no round yet.
        BallotSealed: a coordinator asks before the item is closed.

    Source: DOM-R18, DOM-2.2 (votes of others).
    """
    found, item = item_floor(session, actor, item_id, now=now)
    last = current_round(session, item)
    if last is None:
        raise NotThere("vote_round")
    hearing = hearing_of(session, found.sitting, item, now=now, opened=True)
    if last.closed_at is None:
        return RoundView(last.round_no, True, hearing.pending, (), "", "", {})
    _require_reader(actor, found, item)
    counted = verdict(hearing)
    note(session, actor, found.sitting, "votes_read", now=now, item=item)
    return RoundView(
        last.round_no,
        is_sealed=False,
        waiting_for=(),
        ballots=ballots_of(session, item, last.round_no),
        rule_used=counted.rule_used.value,
        option=counted.option,
        tally=tally_of(counted),
    )


def _require_reader(actor: Actor, found: Floor, item: ItemRow) -> None:

    member = bool(found.standing.members)
    if member or actor.has(Role.SECRETARY) or ItemState(item.state) in FINISHED_ITEM:
        return
    raise BallotSealed("votes_after_close")


def tally_of(counted: Verdict) -> dict[str, int]:
    """Return votes by option; abstentions are under the empty reference."""
    tally = dict(counted.tally)
    return tally | {ABSTAINED: counted.abstained} if counted.abstained else tally


def ballots_of(session: Session, item: ItemRow, round_no: int) -> tuple[BallotView, ...]:
    """Open the votes of a round; only for a round in which everybody entitled has voted."""
    found = []
    for vote in store.votes(session, item.id, round_no):
        said = choice_of(session, item, vote)
        found.append(
            BallotView(
                vote.member_id, vote.person_id, said["choice"], said["reason"], said["opinion"]
            )
        )
    return tuple(found)
