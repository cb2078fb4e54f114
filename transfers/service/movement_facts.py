"""What this country's own file says about a movement abroad.

Source: DOM-5.10, DOM-R23, DOM-R26.
"""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from cases.service import files, steps
from cases.service.case_packs import pack_for
from cases.service.childfacts import child_facts, today_of
from cases.service.guardians import GuardianKind, guardian_kinds
from cases.service.non_refoulement import non_refoulement_of
from panels.service.implementation import Standpoint
from transfers.rules.movement_gate import Check, Decision, Movement

WITH_FEAR: Final = frozenset({"asylum", "fear_of_return"})


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
