"""What the two countries' officers write to each other; people and places are invented."""

from datetime import date, datetime, timedelta
from typing import Any, Final

OFFICE: Final = {"office": "Directorate of Child Welfare", "role": "A17", "phone": "+000 11"}
OURS: Final = {"office": "National secretariat", "role": "A15", "phone": "+000 10"}
CASEWORKER: Final = {"name": "Ndeshi Invented", "office": "Region office", "phone": "+000 12"}
RECEIVER: Final = "Tuli Invented"
PLACE: Final = "Border post by the long bridge"


def summary(reason: str, asked: list[str], wish: str, reply_due: date, trigger: str = "") -> Any:
    """Return what an officer adds to the facts of the file."""
    return {
        "reason": reason, "child_view": wish, "asked": asked, "reply_due": reply_due.isoformat(),
        "contacts": [OURS], "trigger": trigger,
    }  # fmt: skip


def acknowledgement(officer: str) -> dict[str, Any]:
    """Say that a person has seen it and that it is complete."""
    return {"handled_by": officer, "office": OFFICE, "complete": True}


def study(today: date) -> dict[str, Any]:
    """Say what was seen in the carer's home."""
    return {
        "done_on": (today - timedelta(days=1)).isoformat(), "seen_at_home": True,
        "result": "positive", "background": "clear",
        "valid_until": (today + timedelta(days=170)).isoformat(),
    }  # fmt: skip


def positive_reply(today: date) -> dict[str, Any]:
    """Say that the family was found and the home is good."""
    return {
        "answer": "positive", "text": "The aunt was seen at home. She is willing and has room.",
        "family": "confirmed", "home_study": study(today),
    }  # fmt: skip


def acceptance(today: date, **more: Any) -> dict[str, Any]:
    """Say that the country receives the child."""
    return {
        "valid_until": (today + timedelta(days=90)).isoformat(),
        "carer": {"kind": "kinship", "name": "Aunt Invented", "agreed": True, "regime": "family"},
        "caseworker": CASEWORKER, "reception_plan": "Met at the border by the caseworker.",
        "follow_up_plan": "Seen every week for a month, then monthly.",
        "home_study": study(today), **more,
    }  # fmt: skip


COUNTER: Final = [
    {"what": "timing", "asked": "within a month", "proposed": "at the end of the school term"},
    {"what": "care_type", "asked": "kinship", "proposed": "foster"},
]
"""What a receiving country proposes instead."""


def refusal() -> dict[str, Any]:
    """Say that the country does not receive the child, and why."""
    return {
        "reason": "CARER_UNWILLING",
        "explanation": "The uncle cannot take the child in; nobody else of the family was found.",
        "alternatives": "We go on looking on the mother's side.",
    }


def handover(at: datetime) -> dict[str, Any]:
    """Say who takes the child over, where and when."""
    return {"person": RECEIVER, "place": PLACE, "at": at.isoformat()}


def travel_plan(leaves: datetime, asked_on: date) -> dict[str, Any]:
    """Say how the child travels."""
    arrives = leaves + timedelta(hours=6)
    return {
        "mode": "road", "route": "By the main road, with a rest at noon.",
        "departs_at": leaves.isoformat(), "arrives_at": arrives.isoformat(),
        "escort": {
            "name": "Liseli Invented", "role": "escort", "phone": "+000 13",
            "identity_document": "Service card 7",
        },
        "handover": handover(arrives), "child_willing": True, "child_asked_on": asked_on.isoformat(),
        "documents": [{"kind": "travel_paper", "issuer": "Passport office", "number": "T-0001"}],
    }  # fmt: skip


def confirmation(leaves: datetime, today: date) -> dict[str, Any]:
    """Say that the child is expected, by whom, and when it will be visited."""
    return {
        "handover": handover(leaves + timedelta(hours=6)), "caseworker": CASEWORKER,
        "carer_confirmed_on": today.isoformat(),
        "visits": [{"no": 1, "due_on": (leaves.date() + timedelta(days=5)).isoformat()}],
    }  # fmt: skip


def handed_over(at: datetime) -> dict[str, Any]:
    """Say that the child was handed over to whom it was agreed."""
    return {
        "place": PLACE, "at": at.isoformat(), "from_person": "Liseli Invented",
        "to_person": RECEIVER, "identity_checked": True,
    }  # fmt: skip


def receipt(at: datetime, officer: str) -> dict[str, Any]:
    """Say that the child is here and well."""
    return {
        "at": at.isoformat(), "condition": "well", "documents_received": ["decision"],
        "signed_by": officer, "received_by": RECEIVER, "responsible": officer,
    }  # fmt: skip


FACTS: Final = (
    "child_willing", "child_told", "guardian_informed", "escort_checked", "fit_to_travel",
    "medicines_ready",
)  # fmt: skip
"""Lines of the checklist somebody has to look at."""
