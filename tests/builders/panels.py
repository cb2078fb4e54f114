"""Ordinary panels: five seats of different agencies, everybody in office and sworn."""

from datetime import date
from typing import Any

from panels.rules.items import ItemState
from panels.rules.quorum import Need, QuorumRules
from panels.rules.roster import Holder, SeatRole
from panels.rules.voting import Ballot, Hearing

TODAY = date(2026, 3, 2)
LEAD = Need(roles=frozenset({"chair", "deputy"}))
SOCIAL_WELFARE = Need(sectors=frozenset({"social_welfare"}))
USUAL_RULES = QuorumRules(voters=3, agencies=2, needs=(LEAD, SOCIAL_WELFARE))


def a_holder(name: str = "anna", **given: Any) -> Holder:
    values: dict[str, Any] = {
        "member_id": f"m-{name}",
        "person_id": f"p-{name}",
        "seat_id": f"s-{name}",
        "role": SeatRole.MEMBER,
        "agency": f"agency-{name}",
        "sector": "health",
        "country": "ZM",
        "term_from": date(2026, 1, 1),
        "undertaking_until": date(2026, 12, 31),
    }
    return Holder(**(values | given))


def five_seats() -> tuple[Holder, ...]:
    """Chair of social welfare, deputy of health, and three members."""
    return (
        a_holder("chair", role=SeatRole.CHAIR, sector="social_welfare", agency="welfare"),
        a_holder("deputy", role=SeatRole.DEPUTY, sector="health", agency="health"),
        a_holder("welfare", sector="social_welfare", agency="welfare"),
        a_holder("police", sector="police", agency="police"),
        a_holder("school", sector="education", agency="school"),
    )


def a_hearing(*absent: str, **given: Any) -> Hearing:
    """Deliberation with everybody of ``five_seats`` present but those named."""
    holders = given.pop("holders", five_seats())
    members = frozenset(holder.member_id for holder in holders)
    values: dict[str, Any] = {
        "state": ItemState.IN_DELIBERATION,
        "holders": holders,
        "on": TODAY,
        "present": members - {f"m-{name}" for name in absent},
        "declared": members,
        "rules": USUAL_RULES,
        "round_no": 1,
    }
    return Hearing(**(values | given))


def a_vote(name: str, choice: str | None = "stay", **given: Any) -> Ballot:
    return Ballot(f"m-{name}", f"p-{name}", given.pop("seat_id", f"s-{name}"), choice, **given)
