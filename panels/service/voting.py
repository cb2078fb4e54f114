"""Votes: cast sealed, opened together, counted by the panel's rules; another round; a tie referred.

``outcome`` is what a decision rests on: it computes the quorum once more, at that very moment.

Nobody reads a vote before everybody entitled has cast theirs: no function here opens a round that is
not complete, whoever asks.

Source: DOM-R15, DOM-R17, DOM-R18, DOM-R20, DOM-3.5 (decision rule).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from cases.rules.machine import CaseState, Step
from cases.service import steps
from core import outbox
from core.actors import Actor
from core.errors import BadInput, Gap, Incomplete, NotAllowed, NotThere, answer
from core.vault import Place, seal, unseal
from panels.errors import AlreadyVoted, VotingClosed
from panels.rules.items import ItemState
from panels.rules.sittings import SittingState
from panels.rules.voting import (
    ABSTAINED,
    Hearing,
    RuleUsed,
    Verdict,
    deciding,
    dissenters,
    may_cast,
    may_hold_another_round,
    verdict,
)
from panels.service.agenda import lead_of, settle_item
from panels.service.ballots import ballots_of, tally_of
from panels.service.hearings import current_round, follow, hearing_of, open_round
from panels.service.panels import rules_of
from panels.service.record import log_quorum, note
from panels.service.standing import item_floor
from panels.store import item as item_store
from panels.store import panel as panel_store
from panels.store import sitting as sitting_store
from panels.store import vote as store
from panels.tables.item import ItemRow
from panels.tables.sitting import SittingRow
from panels.tables.vote import OpinionRow, VoteRow

REFERRED: Final = "tie"
DEADLOCKS: Final = frozenset({RuleUsed.TIE, RuleUsed.NO_MAJORITY})


@dataclass(frozen=True)
class Choice:
    """What a member votes: one option of the report, or abstention with its reason.

    Args:
        option: reference of an option; empty to abstain.
        reason: why; needed to abstain.
        opinion: a dissenting opinion, should the vote turn out to be one.
    """

    option: str
    reason: str = ""
    opinion: str = ""


@dataclass(frozen=True)
class VoteWritten:
    """What the member is told: nothing about others but whether all have voted."""

    round_no: int
    papers_unread: bool
    all_voted: bool


@dataclass(frozen=True)
class DissentGiven:
    """A member's vote against the option chosen, with the words they wrote."""

    member_id: str
    person_id: str
    option: str
    text: str


@dataclass(frozen=True)
class VoteResult:
    """What a round decided.

    Args:
        rule_used: ``consensus``, ``majority`` or ``casting_vote``.
        tally: votes by option reference; abstentions are under the empty reference.
        option: the option chosen.
        voters: persons whose votes counted, abstentions included.
        quorum_ref: id of the computation of quorum at this moment.
    """

    rule_used: str
    tally: Mapping[str, int]
    option: str
    dissents: tuple[DissentGiven, ...]
    quorum_ref: str
    voters: tuple[str, ...]


def cast_vote(
    session: Session, actor: Actor, item_id: str, choice: Choice, *, now: datetime
) -> VoteWritten:
    """Cast one sealed vote in the current round.

    Raises:
        NotThere: no such item, or closed to the person (R14).
        NotAllowed, NotEligible: a machine, behind the report, absent, no undertaking, ...
        VotingClosed: not in deliberation.
        AlreadyVoted: the person or the seat has voted in this round.
        QuorumNotMet: too few of the right people are there.
        BadInput: not an option of the report, or an abstention without reason.

    Source: DOM-R14 to DOM-R18, DOM-R20.
    """
    if not actor.is_human:
        raise NotAllowed("machine_votes")
    found, item = item_floor(session, actor, item_id, now=now)
    _require_open(found.sitting)
    hearing = hearing_of(session, found.sitting, item, now=now)
    holder = may_cast(hearing, actor.person_id, is_human=actor.is_human)
    rules = rules_of(session, found.sitting.panel_id, found.sitting.rules_number)
    _check_choice(item, choice, needs_reason=rules.abstention_needs_reason)
    paper = item_store.paper_of(session, item.id, actor.person_id)
    unread = paper is None or paper.first_read_at is None
    row = VoteRow(
        item_id=item.id,
        round_no=hearing.round_no,
        member_id=holder.member_id,
        person_id=actor.person_id,
        seat_id=holder.seat_id,
        cast_at=now,
        papers_unread=unread,
        restricted=b"",
    )
    row.restricted = seal(
        session,
        owner=item.case_id,
        place=Place("vote", "restricted", row.id),
        value={"choice": choice.option, "reason": choice.reason, "opinion": choice.opinion},
    )
    _write(session, row)
    note(
        session, actor, found.sitting, "vote_cast", now=now, item=item,
        codes={"member": holder.member_id, "round": row.round_no, "papers_unread": unread},
    )  # fmt: skip
    follow(session, actor, found.sitting, item, moment="vote", now=now)
    last = current_round(session, item)
    return VoteWritten(row.round_no, unread, last is not None and last.closed_at is not None)


def _write(session: Session, row: VoteRow) -> None:
    """Insert a vote; where two writers meet in spite of the lock, the database keeps one."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise AlreadyVoted(row.round_no) from error


def _check_choice(item: ItemRow, choice: Choice, *, needs_reason: bool) -> None:
    if choice.option == ABSTAINED:
        if needs_reason and not choice.reason.strip():
            raise BadInput("/reason", "abstention_needs_reason")
    elif choice.option not in item.options:
        raise BadInput("/option", "not_an_option")


def hold_another_round(session: Session, actor: Actor, item_id: str, *, now: datetime) -> int:
    """Open another round after one without result; the facts are thereby stated to be complete.

    Raises:
        NotAllowed: only the member who presides this item.
        Incomplete: votes are missing, the round decided, or a challenge waits for a ruling.

    Source: DOM-3.5 (decision rule).
    """
    found, item = item_floor(session, actor, item_id, now=now)
    _require_open(found.sitting)
    hearing = hearing_of(session, found.sitting, item, now=now, opened=True)
    may_hold_another_round(hearing).require()
    lead_of(hearing, actor)
    row = open_round(session, actor, item, facts_complete=True, now=now)
    note(
        session, actor, found.sitting, "round_opened", now=now, item=item,
        codes={"round": row.round_no},
    )  # fmt: skip
    return row.round_no


def record_dissent(
    session: Session, actor: Actor, item_id: str, text: str, *, now: datetime
) -> None:
    """Write down, once and for good, why one voted against the option chosen.

    An empty text says that the member declines to write anything.

    Raises:
        NotThere: no such item, or closed to the person.
        VotingClosed: votes are not open, or the item is finished.
        NotAllowed: the person did not dissent.
        AlreadyVoted: the dissent is written already; it is never changed.

    Source: DOM-4.6/vote.opinion, DOM-R18.
    """
    found, item = item_floor(session, actor, item_id, now=now)
    last = current_round(session, item)
    is_open = last is not None and last.closed_at is not None
    if not is_open or last is None or item.state != ItemState.IN_DELIBERATION:
        raise VotingClosed("agenda_item", item.state, "record_dissent")
    hearing = hearing_of(session, found.sitting, item, now=now, opened=True)
    mine = [b.member_id for b in hearing.ballots if b.person_id == actor.person_id]
    against = dissenters(hearing, verdict(hearing).option)
    if not mine or mine[0] not in against:
        raise NotAllowed("dissenters_only")
    if mine[0] in hearing.spoken:
        raise AlreadyVoted(last.round_no)
    row = OpinionRow(
        item_id=item.id,
        round_no=last.round_no,
        member_id=mine[0],
        person_id=actor.person_id,
        written_at=now,
        restricted=b"",
    )
    place = Place("vote_opinion", "restricted", row.id)
    row.restricted = seal(session, owner=item.case_id, place=place, value={"text": text})
    session.add(row)
    session.flush()
    note(session, actor, found.sitting, "dissent_written", now=now, item=item)


def outcome(session: Session, item_id: str, *, now: datetime) -> VoteResult:
    """Return what the votes of an item decided, with the quorum computed at this moment.

    The caller has locked the sitting or calls from within an act that does (``settle_item``).

    Raises:
        NotThere: no such item.
        VotingClosed: not in deliberation.
        Incomplete: quorum, votes, rulings or written dissents are missing, or nothing was decided.

    Source: DOM-3.3/T13, DOM-R17, DOM-R18.
    """
    item = item_store.find(session, item_id)
    sitting = sitting_store.lock(session, item.sitting_id) if item else None
    item = item_store.find(session, item_id)
    if item is None or sitting is None:
        raise NotThere("agenda_item")
    _require_open(sitting)
    hearing = hearing_of(session, sitting, item, now=now, opened=True)
    deciding(hearing).require()
    counted = verdict(hearing)
    ref = log_quorum(session, sitting, hearing.quorum, "decision", now=now, item=item)
    return VoteResult(
        rule_used=counted.rule_used.value,
        tally=tally_of(counted),
        option=counted.option,
        dissents=_dissents(session, item, hearing, counted),
        quorum_ref=ref,
        voters=tuple(ballot.person_id for ballot in hearing.ballots),
    )


def refer_to_review_panel(
    session: Session,
    actor: Actor,
    item_id: str,
    *,
    interim_care_confirmed: bool,
    now: datetime,
) -> str:
    """Send a tied item to the national review panel and return that panel's id.

    The child's interim safe care goes on meanwhile; the case is prepared again and listed there.

    Raises:
        NotAllowed: only the member who presides this item.
        Incomplete: no deadlock, no review panel, or interim care not confirmed.

    Source: DOM-3.5 (tie).
    """
    found, item = item_floor(session, actor, item_id, now=now)
    _require_open(found.sitting)
    hearing = hearing_of(session, found.sitting, item, now=now, opened=True)
    lead_of(hearing, actor)
    review = panel_store.review_panel(session, found.standing.panel.country)
    here = review is not None and review.id == found.sitting.panel_id
    stuck = hearing.is_complete and hearing.round_closed and _is_deadlock(hearing)
    answer(
        "refer_to_review_panel",
        (
            None if stuck else Gap("no_deadlock"),
            None if interim_care_confirmed else Gap("interim_care_not_confirmed"),
            Gap("review_panel_missing") if review is None or here else None,
        ),
    ).require()
    if review is None:
        raise Incomplete("refer_to_review_panel", (Gap("review_panel_missing"),))
    item.referred_to = review.id
    settle_item(session, actor, item_id, ItemState.DEFERRED, reason=REFERRED, now=now)
    steps.move(
        session, item.case_id, CaseState.BID_DEFERRED, transition=Step.DEFER, actor=actor, now=now,
        facts={"item": item.id, "reason": REFERRED, "panel": review.id},
    )  # fmt: skip
    outbox.post(
        session,
        topic="item.referred",
        key=f"item.referred:{item.id}",
        subject=item.case_id,
        now=now,
        payload={"panel": review.id},
    )
    return review.id


def _is_deadlock(hearing: Hearing) -> bool:
    return verdict(hearing).rule_used in DEADLOCKS


def _dissents(
    session: Session, item: ItemRow, hearing: Hearing, counted: Verdict
) -> tuple[DissentGiven, ...]:
    written = {
        row.member_id: _opinion(session, item, row)
        for row in store.opinions(session, item.id, hearing.round_no)
    }
    against = dissenters(hearing, counted.option)
    return tuple(
        DissentGiven(
            ballot.member_id,
            ballot.person_id,
            ballot.option,
            ballot.opinion or written.get(ballot.member_id, ""),
        )
        for ballot in ballots_of(session, item, hearing.round_no)
        if ballot.member_id in against
    )


def _opinion(session: Session, item: ItemRow, row: OpinionRow) -> str:
    place = Place("vote_opinion", "restricted", row.id)
    opened = unseal(session, owner=item.case_id, place=place, sealed=row.restricted)
    return str(opened["text"])


def _require_open(sitting: SittingRow) -> None:
    if SittingState(sitting.state) is not SittingState.OPEN:
        raise VotingClosed("sitting", sitting.state, "vote")
