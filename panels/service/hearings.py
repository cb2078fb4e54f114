"""The facts of one item gathered from its rows, and what follows from them at once.

Every service that changes attendance, conflicts or votes calls ``follow`` afterwards, so that a lost
quorum, a spoilt round and a complete round are found in the same unit of work.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from core.actors import Actor
from core.vault import Place, unseal
from panels.rules.attendance import present_at
from panels.rules.conflicts import challenges_open, closed_to
from panels.rules.items import OPEN_ITEM, ItemState
from panels.rules.panel_rules import has_vote
from panels.rules.quorum import Quorum
from panels.rules.voting import Ballot, Consequence, Hearing, consequence
from panels.service import joint
from panels.service.panels import rules_of
from panels.service.record import log_quorum, note
from panels.service.standing import item_floor, local_day, roster_of
from panels.store import attendance as attendance_store
from panels.store import conflict as conflict_store
from panels.store import item as item_store
from panels.store import vote as vote_store
from panels.tables.item import ItemRow
from panels.tables.sitting import SittingRow
from panels.tables.vote import RoundRow, VoteRow


def hearing_of(
    session: Session, sitting: SittingRow, item: ItemRow, *, now: datetime, opened: bool = False
) -> Hearing:
    """Gather everything that decides who may do what on an item now.

    Args:
        session: the unit of work; the sitting is locked by the caller for a write.
        sitting: the sitting.
        item: the item.
        now: the moment asked about.
        opened: also open the votes, which happens only when everybody entitled has voted.
    """
    rules = rules_of(session, sitting.panel_id, sitting.rules_number)
    holders = tuple(roster_of(session, sitting))
    passages = attendance_store.passages(session, sitting.id)
    conflicts = conflict_store.states(session, item.id)
    last = current_round(session, item)
    votes = vote_store.votes(session, item.id, last.round_no) if last else []
    opened = opened and last is not None and last.closed_at is not None
    return Hearing(
        state=ItemState(item.state),
        holders=holders,
        on=local_day(sitting, now),
        present=present_at(passages, now),
        rules=joint.quorum_rules(session, sitting, rules, priority=item.priority),
        recused=closed_to(conflicts),
        behind_report=frozenset(item.behind_report),
        declared=conflict_store.declared(session, item.id, item.calls + 1),
        challenges=challenges_open(conflicts),
        round_no=last.round_no if last else 0,
        ballots=tuple(
            Ballot(
                vote.member_id,
                vote.person_id,
                vote.seat_id,
                choice_of(session, item, vote)["choice"] if opened else None,
                vote.member_id in present_at(passages, vote.cast_at),
            )
            for vote in votes
        ),
        round_closed=last is not None and last.closed_at is not None,
        majority_open=last is not None and (last.facts_complete or not rules.consensus_first),
        casting_vote=rules.casting_vote,
        no_casting_on=frozenset(item.no_casting_on),
        voiceless=frozenset(one.member_id for one in holders if not has_vote(one, rules)),
        spoken=_spoken(session, item, last, votes if opened else []),
    )


def _spoken(
    session: Session, item: ItemRow, last: RoundRow | None, votes: Sequence[VoteRow]
) -> frozenset[str]:
    if last is None:
        return frozenset()
    written = vote_store.who_wrote(session, item.id, last.round_no)
    given = {vote.member_id for vote in votes if choice_of(session, item, vote)["opinion"]}
    return frozenset(written | given)


def current_round(session: Session, item: ItemRow) -> RoundRow | None:
    """Return the round being held, if one is."""
    rounds = vote_store.rounds(session, item.id)
    if not rounds or rounds[-1].annulled_at is not None:
        return None
    return rounds[-1]


def choice_of(session: Session, item: ItemRow, vote: VoteRow) -> dict[str, str]:
    """Open one sealed vote: ``choice``, ``reason`` and ``opinion``. Source: DOM-R18."""
    place = Place("vote", "restricted", vote.id)
    opened: dict[str, str] = unseal(
        session, owner=item.case_id, place=place, sealed=vote.restricted
    )
    return opened


def open_round(
    session: Session, actor: Actor, item: ItemRow, *, facts_complete: bool, now: datetime
) -> RoundRow:
    """Begin a round of deliberation and voting."""
    item.round_no += 1
    row = RoundRow(
        item_id=item.id,
        round_no=item.round_no,
        facts_complete=facts_complete,
        opened_at=now,
        opened_by=actor.person_id,
    )
    session.add(row)
    session.add(item)
    session.flush()
    return row


def follow(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    *,
    moment: str,
    now: datetime,
) -> Quorum:
    """Carry out what follows from the facts as they are now, and keep the quorum computed.

    Source: DOM-R14, DOM-R17, DOM-R18.
    """
    while True:
        hearing = hearing_of(session, sitting, item, now=now)
        found = consequence(hearing)
        if found is Consequence.NOTHING:
            break
        _carry_out(session, actor, sitting, item, found, now=now)
        if found is Consequence.LOSE_QUORUM:
            break
    log_quorum(session, sitting, hearing.quorum, moment, now=now, item=item)
    return hearing.quorum


def follow_all(
    session: Session, actor: Actor, sitting: SittingRow, *, moment: str, now: datetime
) -> None:
    """Do the same for every item that is called or in deliberation."""
    for item in item_store.of_sitting(session, sitting.id):
        if ItemState(item.state) in OPEN_ITEM:
            follow(session, actor, sitting, item, moment=moment, now=now)


def recheck_item(session: Session, actor: Actor, item_id: str, *, now: datetime) -> Quorum:
    """Look at an item again without any change: midnight may have ended a term or an undertaking.

    Raises:
        NotThere: no such item, or closed to the actor.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    return follow(session, actor, found.sitting, item, moment="recheck", now=now)


def _carry_out(
    session: Session,
    actor: Actor,
    sitting: SittingRow,
    item: ItemRow,
    found: Consequence,
    *,
    now: datetime,
) -> None:
    last = current_round(session, item)
    if found is Consequence.CLOSE_ROUND:
        _close(session, last, now=now)
        note(session, actor, sitting, "votes_open", now=now, item=item)
        return
    _annul(session, last, found.value, now=now)
    if found is Consequence.ANNUL_ROUND:
        facts_complete = last is not None and last.facts_complete
        open_round(session, actor, item, facts_complete=facts_complete, now=now)
        note(session, actor, sitting, "round_annulled", now=now, item=item)
        return
    item.state = ItemState.LOST_QUORUM.value
    item.calls += 1  # whoever is there when it is called again is asked about conflicts again
    session.add(item)
    session.flush()
    note(session, actor, sitting, "quorum_lost", now=now, item=item)


def _close(session: Session, last: RoundRow | None, *, now: datetime) -> None:
    if last is not None:
        last.closed_at = now
        session.add(last)
        session.flush()


def _annul(session: Session, last: RoundRow | None, reason: str, *, now: datetime) -> None:
    if last is not None:
        last.annulled_at = now
        last.annul_reason = reason
        session.add(last)
        session.flush()
