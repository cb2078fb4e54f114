"""One valid body of every message between two countries; children and people are invented."""

import json
from datetime import UTC, date, datetime
from typing import Any

from transfers.rules.codes import MessageType
from transfers.service.bodies import BODIES, Body

NO = "11111111-2222-4333-8444-555555555555"
REF = "T7K2-M9QX-4HPC"
HASH = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
AT = datetime(2026, 5, 20, 9, 30, tzinfo=UTC).isoformat()
LATER = datetime(2026, 5, 20, 15, 0, tzinfo=UTC).isoformat()
OFFICE = {"office": "Directorate of Child Welfare", "role": "A17", "phone": "+000 1"}
HANDOVER = {"person": "Invented Receiver", "place": "Border post", "at": LATER}
CASEWORKER = {"name": "Invented Worker", "office": "District office", "phone": "+000 2"}
STUDY: dict[str, Any] = {
    "done_on": "2026-04-01",
    "seen_at_home": True,
    "result": "positive",
    "background": "clear",
    "valid_until": "2026-10-01",
}
VALUES: dict[MessageType, dict[str, Any]] = {
    MessageType.ENQUIRY: {"asked": ["home_study"], "reply_due": "2026-07-01"},
    MessageType.ENQUIRY_REPLY: {
        "answer": "positive", "text": "The aunt is there.", "family": "confirmed",
        "home_study": STUDY,
    },
    MessageType.REQUEST: {
        "asked": ["accept_placement"], "reply_due": "2026-07-01", "decision_sha256": HASH,
        "decided_on": "2026-04-20", "decision_valid_until": "2027-04-20",
        "responsibility": "moves_on_receipt", "terms": {"funding": "sender"},
    },
    MessageType.ACK: {"handled_by": "officer-17", "office": OFFICE, "complete": True},
    MessageType.INFO_REQUEST: {"questions": [{"no": 1, "about": "child.languages", "text": "Which?"}]},
    MessageType.INFO_REPLY: {"answers": [{"no": 1, "text": "Silozi."}]},
    MessageType.ACCEPT: {
        "valid_until": "2026-11-01",
        "carer": {"kind": "kinship", "name": "Invented Aunt", "agreed": True, "regime": "family"},
        "caseworker": CASEWORKER, "reception_plan": "Met at the border.",
        "follow_up_plan": "Weekly.", "home_study": STUDY,
    },
    MessageType.DECLINE: {"reason": "NO_CARER_FOUND", "explanation": "Nobody was found."},
    MessageType.WITHDRAW: {"reason": "CHILD_CHANGED_MIND"},
    MessageType.PACKAGE: {"items": ["decision", "report"], "edited_for": "Names of others."},
    MessageType.TRAVEL_PLAN: {
        "mode": "road", "route": "By the main road.", "departs_at": AT, "arrives_at": LATER,
        "escort": {"name": "Invented Escort", "role": "escort", "phone": "+000 3", "identity_document": "ID 1"},
        "handover": HANDOVER, "child_willing": True, "child_asked_on": "2026-05-18",
        "documents": [{"kind": "passport", "issuer": "Office", "number": "X1"}],
    },
    MessageType.TRAVEL_CONFIRM: {
        "handover": HANDOVER, "caseworker": CASEWORKER, "carer_confirmed_on": "2026-05-15",
        "visits": [{"no": 1, "due_on": "2026-05-25"}],
    },
    MessageType.HANDOVER_NOTICE: {
        "place": "Border post", "at": LATER, "from_person": "Invented Escort",
        "to_person": "Invented Receiver", "identity_checked": True,
    },
    MessageType.RECEIPT: {
        "at": LATER, "condition": "well", "documents_received": ["decision"],
        "signed_by": "officer-17", "received_by": "Invented Receiver", "responsible": "officer-17",
    },
    MessageType.FOLLOWUP_REPORT: {
        "no": 1, "due_on": "2026-08-20", "done_on": "2026-08-19", "method": "visit",
        "child_seen_alone": True, "child_views": "I like the school.", "safety": "ok", "care": "ok",
        "school": "concern", "health": "ok", "papers": "ok", "contact": "ok",
        "concern_level": "ongoing_monitoring", "new_harm": False, "recommend": "continue",
    },
    MessageType.PLACEMENT_CHANGE: {
        "broke_down": "CARER_BREAKDOWN", "on": "2026-09-01", "now_in": "foster",
        "child_is_safe": True, "text": "The aunt is ill.",
    },
    MessageType.INCIDENT_ALERT: {"incident": "child_ill", "at": AT},
    MessageType.RESPONSIBILITY_CHANGE: {"ground": "handed_to_colleague", "officer": "officer-18", "at": AT},
    MessageType.CLOSE: {"reason": "done"},
    MessageType.REOPEN: {"text": "The carer asks for help."},
    MessageType.CORRECTION: {"corrects": NO, "field": "at", "text": "It was ten o'clock."},
    MessageType.WRONG_RECIPIENT_NOTICE: {"destroyed": True},
    MessageType.SUMMARY: {"grant": NO, "items": ["summary", "identity.names"]},
}  # fmt: skip


def a_body(type_: MessageType, **changes: Any) -> Body:
    """A valid body of a type, with changes."""
    values = VALUES[type_] | {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in changes.items()
    }
    return BODIES[type_].model_validate_json(json.dumps(values))
