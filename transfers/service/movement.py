"""Beginning to carry a decision out, here or abroad, and what forbids a child to move.

In this release no country can accept: the answer names that, with everything else that is missing, and
nothing abroad begins. What is done inside the country goes through ``panels``.

Source: DOM-3.3 (T16), DOM-5.10, DOM-R1, DOM-R33, DOM-R34.
"""

from datetime import datetime

from sqlmodel import Session

from cases.rules.access import Level
from cases.service import files, steps
from cases.service.access import reach_of
from cases.service.case_packs import pack_for
from cases.service.childfacts import child_facts, today_of
from cases.service.guardians import GuardianKind, guardian_kinds
from cases.service.non_refoulement import non_refoulement_of
from core import audit
from core.actors import Actor
from core.errors import Answer, NotThere
from panels.service import implementation
from panels.service.implementation import Standpoint
from transfers.errors import MovementRefused
from transfers.rules.movement_gate import Check, Decision, Movement, may_move_abroad

WITH_FEAR = frozenset({"asylum", "fear_of_return"})


def begin_implementation(session: Session, actor: Actor, case_id: str, *, now: datetime) -> str:
    """Begin to carry out the decision in force; one that leads abroad is refused with the reasons.

    Raises:
        NotThere: no such case, not yours, or nothing was decided.
        MovementRefused: the decision leads abroad; every condition that does not hold is listed.
        Incomplete: inside the country, with what carrying out waits for.
        RoleMayNot: only a coordinator begins.
    """
    found = implementation.standpoint(session, case_id, now=now)
    sees = reach_of(session, actor, case_id, now=now).level >= Level.FULL
    if sees and found is not None and found.is_abroad:
        gate = _gate(session, case_id, found, now=now)
        if not gate.is_possible:
            raise MovementRefused(gate.act, gate.gaps)
    return implementation.begin_implementation(session, actor, case_id, now=now)


def movement_gaps(session: Session, actor: Actor, case_id: str, *, now: datetime) -> Answer:
    """Show everything that forbids this child to move abroad today, and note that it was read.

    Raises:
        NotThere: no such case, or not enough of it is yours.
    """
    if reach_of(session, actor, case_id, now=now).level < Level.FULL:
        raise NotThere("case")
    audit.record(
        session,
        actor,
        "movement.gate_read",
        thing="case",
        thing_id=case_id,
        case_id=case_id,
        now=now,
    )
    found = implementation.standpoint(session, case_id, now=now)
    return _gate(session, case_id, found, now=now)


def _gate(session: Session, case_id: str, found: Standpoint | None, *, now: datetime) -> Answer:
    return may_move_abroad(movement_of(session, case_id, found, now=now))


def movement_of(
    session: Session, case_id: str, found: Standpoint | None, *, now: datetime
) -> Movement:
    """Return the movement a decision asks for, as far as this country's own file can judge it.

    Acceptance, reception and the child's last answer come from the transfer, where there is one.
    """
    row = steps.lock(session, case_id)
    destination = found.destination if found else ""
    sealed = files.sensitive_of(session, row)
    check = non_refoulement_of(session, case_id, destination) if destination else None
    holds = found.holds if found else ()
    pack, today = pack_for(row, on=now.date()), today_of(row, now)
    age = child_facts(session, row, today=today).age_years
    return Movement(
        outcome=found.outcome if found else "",
        destination=destination,
        on=today,
        decision=_decision(found),
        check=Check(destination, check.result.value, check.checked_on) if check else None,
        asylum_claim=str(sealed.get("asylum_claim", "none")),
        fears_return=bool(WITH_FEAR & set(holds)),
        to_origin=row.nationality_code == destination,
        holds=holds,
        too_young_alone=age is None or age < pack.ages.return_alone_from,
        has_guardian=GuardianKind.GUARDIAN in guardian_kinds(session, case_id, on=today),
        willing_days=pack.travel.willingness_days,
        check_days=pack.travel.non_refoulement_days,
    )


def _decision(found: Standpoint | None) -> Decision | None:
    if found is None or not found.is_abroad:
        return None
    return Decision(
        is_final=found.is_final,
        is_replaced=found.reversed_later,
        outcome=found.outcome,
        destination=found.destination,
        valid_until=found.valid_until,
    )
