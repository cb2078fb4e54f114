"""The day of travel: what officers found out, the checklist that says why not, clearance and departure.

Most lines come from what both countries signed (acceptance, travel plan, confirmation) and from the child's file; the
rest somebody has to look at and answer for. Nothing here is counted or weighed: one open line, and nobody travels.

Source: DOM-5.2/X9, X10, DOM-5.10, DOM-R8, DOM-R33, DOM-R38 to DOM-R40.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from sqlmodel import Session

from core.actors import Actor, Role
from core.errors import BadInput
from core.vault import Place, seal
from panels.service.implementation import Standpoint, begin_abroad, standpoint
from transfers.errors import MovementRefused
from transfers.rules.codes import Direction, MessageType, TransferKind
from transfers.rules.counter_terms import Proposed, compare, must_sit_again
from transfers.rules.machine import Step
from transfers.rules.movement_gate import Acceptance, Asked, Movement, Reception, Reply, Willing
from transfers.rules.travel_gate import Escort, Handover, Journey, Line, checklist, may_travel
from transfers.service import record
from transfers.service.bodies import Accept, Body, HomeStudy, TravelConfirm, TravelPlan
from transfers.service.drafting import corridor_for
from transfers.service.movement_facts import movement_of
from transfers.service.saying import SAID, is_taken_back, said_in
from transfers.store import transfers as store
from transfers.store import travel as travel_store
from transfers.tables.transfer import TransferRow
from transfers.tables.travel import PackageViewRow, TravelFactRow

B = TypeVar("B", bound=Body)
NO, YES = "no", "yes"
RECORDERS = record.OFFICERS | {Role.COORDINATOR, Role.CASEWORKER, Role.ESCORT}


class Fact(StrEnum):
    """What somebody has to look at and answer for. Papers are ``document:<code>``."""

    CHILD_WILLING = "child_willing"  # yes, unsure or no
    CHILD_TOLD = "child_told"
    GUARDIAN_INFORMED = "guardian_informed"
    GUARDIAN_OBJECTS = "guardian_objects"  # no: none, or it was ruled on
    CONDITIONS_MET = "conditions_met"
    ESCORT_CHECKED = "escort_checked"
    FIT_TO_TRAVEL = "fit_to_travel"
    MEDICINES_READY = "medicines_ready"


DOCUMENT = "document:"


@dataclass(frozen=True)
class FactView:
    """One answer: what, which, when, by whom."""

    fact: str
    answer: str
    found_on: date
    by: str
    recorded_at: datetime


def record_fact(
    session: Session,
    actor: Actor,
    transfer_id: str,
    fact: str,
    answer: str,
    *,
    found_on: date,
    words: str = "",
    now: datetime,
) -> None:
    """Note what somebody found out. A later answer counts instead of an earlier one; both stay.

    Raises:
        NotThere, RoleMayNot: as ``record.held`` says.
        BadInput: an unknown fact or answer, a paper the corridor does not ask for, or a day ahead.
    """
    row = record.held(session, actor, transfer_id, roles=RECORDERS, now=now)
    _require_known(row, fact, answer, now=now)
    if found_on > record.today_of(row, now):
        raise BadInput("/found_on", "lies_ahead")
    kept = TravelFactRow(
        transfer_id=row.id, fact=fact, answer=answer, found_on=found_on, by=actor.person_id,
        recorded_at=now,
    )  # fmt: skip
    if words:
        place = Place("travel_fact", "restricted", kept.id)
        kept.restricted = seal(session, owner=record.owner_of(row), place=place, value=words)
    session.add(kept)
    session.flush()
    record.note(
        session, actor, row, "travel.fact_recorded", now=now, codes={"fact": fact, "answer": answer}
    )


def read_checklist(
    session: Session, actor: Actor, transfer_id: str, *, on: date, now: datetime
) -> tuple[Line, ...]:
    """Return the fourteen lines for a day of travel, each with what is missing on it, and note that it was read."""
    row = record.seen(session, actor, transfer_id, now=now)
    record.note(session, actor, row, "travel.checklist_read", now=now)
    return checklist(_journey(session, row, on=on, clearing=_another(row, actor), now=now))


def clear_to_travel(
    session: Session,
    actor: Actor,
    transfer_id: str,
    *,
    on: date,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """Clear the child to travel on one day, and on no other.

    Raises:
        RoleMayNot: the head of the secretariat clears.
        MovementRefused: with every line that is not true.
    """
    row = record.held(
        session, actor, transfer_id, roles=frozenset({Role.SECRETARIAT_HEAD}), now=now,
        expected_version=expected_version,
    )  # fmt: skip
    step = record.our_edge(row, Step.CLEAR)
    if on < record.today_of(row, now):
        raise BadInput("/on", "in_the_past")
    found = may_travel(_journey(session, row, on=on, clearing=actor.person_id, now=now))
    if not found.is_possible:
        raise MovementRefused(found.act, found.gaps)
    row.cleared_by, row.cleared_for = actor.person_id, on
    record.take(session, row, step, side=record.our_side(row), actor=actor, now=now)


def depart(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> None:
    """Note that the child has left with its escort, on the day that was cleared; everything is judged once more.

    Raises:
        MovementRefused: another day, or something is not true any more.
    """
    row = record.held(session, actor, transfer_id, roles=record.OFFICERS | {Role.ESCORT}, now=now)
    step = record.our_edge(row, Step.DEPART)
    today = record.today_of(row, now)
    if row.cleared_for != today:
        raise BadInput("/on", "not_the_cleared_day")
    found = may_travel(_journey(session, row, on=today, clearing=row.cleared_by, now=now))
    if not found.is_possible:
        raise MovementRefused(found.act, found.gaps)
    record.take(session, row, step, side=record.our_side(row), actor=actor, now=now)
    begin_abroad(session, str(row.case_id), now=now)


def unclear(session: Session, actor: Actor, transfer_id: str, *, now: datetime) -> None:
    """Take a clearance back; the child stays until it is given anew."""
    row = record.held(session, actor, transfer_id, now=now)
    step = record.our_edge(row, Step.UNCLEAR)
    row.cleared_by, row.cleared_for = "", None
    record.take(session, row, step, side=record.our_side(row), actor=actor, now=now)


def note_viewed(session: Session, message_id: str, *, ref: str, now: datetime) -> None:
    """Note a signed receipt that a named officer over there opened a message of ours; twice is once."""
    if session.get(PackageViewRow, message_id) is None:
        session.add(PackageViewRow(message_id=message_id, at=now, ref=ref))
        session.flush()


def list_facts(
    session: Session, actor: Actor, transfer_id: str, *, now: datetime
) -> tuple[FactView, ...]:
    """Return every answer, oldest first, and note that they were read."""
    row = record.seen(session, actor, transfer_id, now=now)
    record.note(session, actor, row, "travel.facts_read", now=now)
    return tuple(
        FactView(one.fact, one.answer, one.found_on, one.by, one.recorded_at)
        for one in travel_store.facts(session, row.id)
    )


def newest(
    session: Session, row: TransferRow, type_: MessageType, body: type[B], *, ours: bool
) -> B | None:
    """Return what the newest valid message of a type and side says; nothing when it was taken back.

    What was said before it does not count again: whoever took the newest word back has not gone back to that one.
    """
    for message in reversed(store.messages(session, row.id)):
        if message.type != type_ or message.is_ours is not ours:
            continue
        if is_taken_back(session, message):
            return None
        if message.standing in SAID:
            said = said_in(session, row, message).body
            return said if isinstance(said, body) else None
    return None


def _journey(
    session: Session, row: TransferRow, *, on: date, clearing: str, now: datetime
) -> Journey:
    ours = row.direction == Direction.OUTBOUND
    accept = newest(session, row, MessageType.ACCEPT, Accept, ours=not ours)
    plan = newest(session, row, MessageType.TRAVEL_PLAN, TravelPlan, ours=ours)
    confirm = newest(session, row, MessageType.TRAVEL_CONFIRM, TravelConfirm, ours=not ours)
    known = travel_store.last_facts(session, row.id)
    corridor = corridor_for(row, now=now)
    study = accept.home_study if accept else None
    kind = TransferKind(row.kind)
    return Journey(
        movement=movement_for(session, row, on=on, now=now),
        carer_confirmed_on=confirm.carer_confirmed_on if confirm else None,
        home_study_until=_valid_until(study),
        needs_home_study=kind in corridor.home_study_for,
        child_told=_is(known, Fact.CHILD_TOLD),
        guardian_informed=_is(known, Fact.GUARDIAN_INFORMED),
        guardian_objects=_is(known, Fact.GUARDIAN_OBJECTS),
        documents_missing=[
            code for code in corridor.documents[kind] if not _is(known, f"{DOCUMENT}{code}")
        ],
        escort=Escort(
            named=plan is not None,
            checked=_is(known, Fact.ESCORT_CHECKED),
            contactable=plan is not None and bool(plan.escort.phone.strip()),
        ),
        fit=_is(known, Fact.FIT_TO_TRAVEL),
        medicines_ready=_is(known, Fact.MEDICINES_READY),
        handover=_handover(row, plan, confirm, on=on),
        caseworker_named=confirm is not None or accept is not None,
        visits_planned=confirm is not None and bool(confirm.visits),
        package_opened=_is_opened(session, row),
        requested_by=row.requested_by,
        cleared_by=clearing,
    )


def request_for(session: Session, case_id: str, found: Standpoint | None) -> TransferRow | None:
    """Return the request that carries a decision out, if one was begun and is not at its end."""
    if found is None:
        return None
    for row in reversed(store.of_case(session, case_id)):
        ours = row.direction == Direction.OUTBOUND and row.is_open
        if ours and row.determination_id == found.determination_id:
            return row
    return None


def movement_for(session: Session, row: TransferRow, *, on: date, now: datetime) -> Movement:
    """Return the movement of an outbound request: our own file, and what the other country signed."""
    case_id = str(row.case_id)
    accept = newest(session, row, MessageType.ACCEPT, Accept, ours=False)
    known = travel_store.last_facts(session, row.id)
    found = standpoint(session, case_id, now=now)
    if found is not None and found.determination_id != row.determination_id:
        found = None  # another decision than the one that was accepted
    willing = known.get(Fact.CHILD_WILLING)
    stands = accept is not None and row.accepted_until is not None
    with_terms = accept is not None and bool(accept.conditions or accept.proposals)
    is_covered = accept is None or found is None or not must_sit_again(
        compare(
            [Proposed(one.what, one.asked, one.proposed) for one in accept.proposals],
            outcome=found.outcome, care_type=found.care_type,
        )
    )  # fmt: skip
    return replace(
        movement_of(session, case_id, found, now=now),
        on=on,
        asked=Asked(willing.found_on, Willing(willing.answer)) if willing else None,
        reception=Reception(named=True, agreed=accept.carer.agreed, regime=accept.carer.regime)
        if accept
        else None,
        acceptance=Acceptance(
            (Reply.ACCEPTED_WITH_CONDITIONS if with_terms else Reply.ACCEPTED)
            if stands
            else Reply.SILENT,
            in_writing=stands,
            valid_until=row.accepted_until,
            conditions_met=not with_terms or (is_covered and _is(known, Fact.CONDITIONS_MET)),
        ),
    )


def _valid_until(study: HomeStudy | None) -> date | None:
    """A study that came out badly, or waits for the background check, is none."""
    if study is None or study.result == "negative" or study.background == "pending":
        return None
    return study.valid_until


def _handover(
    row: TransferRow, plan: TravelPlan | None, confirm: TravelConfirm | None, *, on: date
) -> Handover:
    """Person, place and hour as we planned them; confirmed when the other side wrote the very same."""
    if plan is None or record.day_of(row, plan.departs_at) != on:
        return Handover()
    agreed = plan.handover
    return Handover(
        agreed.person, agreed.place, agreed.at,
        confirmed_by_receiver=confirm is not None and confirm.handover == agreed,
    )  # fmt: skip


def _is_opened(session: Session, row: TransferRow) -> bool:
    """Whether an officer over there opened the newest package, and it was not taken back since."""
    package = travel_store.newest_signed(session, row.id, MessageType.PACKAGE.value)
    if package is None or is_taken_back(session, package):
        return False
    return travel_store.is_viewed(session, package.id)


def _is(known: Mapping[str, TravelFactRow], fact: str) -> bool:
    row = known.get(fact)
    return row is not None and row.answer == YES


def _another(row: TransferRow, actor: Actor) -> str:
    """On the checklist the last line asks for anybody but the requester; before clearance that is open to all."""
    return row.cleared_by or ("" if actor.person_id == row.requested_by else actor.person_id)


def _require_known(row: TransferRow, fact: str, answer: str, *, now: datetime) -> None:
    papers: Sequence[str] = corridor_for(row, now=now).documents[TransferKind(row.kind)]
    is_paper = fact.startswith(DOCUMENT) and fact.removeprefix(DOCUMENT) in papers
    if not is_paper and fact not in set(Fact):
        raise BadInput("/fact", "unknown_fact")
    allowed = set(Willing) if fact == Fact.CHILD_WILLING else {YES, NO}
    if answer not in allowed:
        raise BadInput("/answer", "no_such_code")
