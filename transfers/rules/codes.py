"""Codes that two countries exchange about a transfer. They never change their meaning.

Source: DOM-4.8, DOM-5.2, DOM-5.5, DOM-5.6.
"""

from enum import StrEnum
from typing import Final


class Direction(StrEnum):
    """Which side of a transfer this installation is on."""

    OUTBOUND = "outbound"  # we ask, the child is with us
    INBOUND = "inbound"  # we are asked, the child is to come to us


class Side(StrEnum):
    """Whose act something is: of the country that sends, or of the one that receives."""

    SENDER = "sender"
    RECEIVER = "receiver"


class Round(StrEnum):
    """Facts are asked for before the decision, acceptance after it. Source: DOM-5.2."""

    ENQUIRY = "enquiry"
    REQUEST = "request"


class TransferKind(StrEnum):
    """What for. Source: DOM-4.8."""

    FAMILY_REUNIFICATION = "family_reunification"
    REPATRIATION = "repatriation"
    PLACEMENT_ABROAD = "placement_abroad"
    RESETTLEMENT_HANDOVER = "resettlement_handover"
    CASE_ONLY = "case_only"  # the child has already moved
    MEDICAL = "medical"
    RETURN_AFTER_BREAKDOWN = "return_after_breakdown"


class TransferReason(StrEnum):
    """Why the other country. Source: DOM-4.8."""

    BETTER_PLACED = "better_placed"
    CHILD_MOVING = "child_moving"
    ORGANISATIONAL = "organisational"
    WORKER_UNAVAILABLE = "worker_unavailable"
    TURNED_18 = "turned_18"
    OTHER = "other"


class AskedOfPartner(StrEnum):
    """What the other country is asked to do. Source: DOM-4.8."""

    CONFIRM_FAMILY = "confirm_family"
    HOME_STUDY = "home_study"
    ACCEPT_PLACEMENT = "accept_placement"
    NAME_CARER = "name_carer"
    TRAVEL_PAPER = "travel_paper"
    JURISDICTION_QUESTION = "jurisdiction_question"
    FOLLOW_UP = "follow_up"


class ResponsibilityModel(StrEnum):
    """When the duty for the child passes. Source: DOM-5.6."""

    RETAINED_BY_SENDER = "retained_by_sender"
    MOVES_ON_RECEIPT = "moves_on_receipt"
    COURT_TRANSFER = "court_transfer"


class ConsentOrder(StrEnum):
    """Whether the decision or the other State's consent comes first. Source: DOM-5.2."""

    DECISION_THEN_CONSENT = "decision_then_consent"
    CONSENT_THEN_DECISION = "consent_then_decision"


class CorridorStatus(StrEnum):
    """Whether and how cases go from one country to the other. Source: DOM-5.9, DOM-9."""

    ACTIVE = "active"
    DEGRADED = "degraded"  # paper and files, every step checked by hand
    SUSPENDED = "suspended"


class Connectivity(StrEnum):
    """How the partner is reached. Source: DOM-9."""

    ONLINE = "online"
    DELAYED = "delayed"
    PAPER = "paper"


class Redaction(StrEnum):
    """How much of a file a message holds. Source: EXP-5.2."""

    R0 = "R0"  # coded summary
    R1 = "R1"  # identity, to check a family link
    R2 = "R2"  # package without highly sensitive items
    R3 = "R3"  # with listed highly sensitive items, each by its own grant


class MessageType(StrEnum):
    """Every message is one of these, signed by itself. Source: DOM-5.2."""

    ENQUIRY = "ENQUIRY"
    ENQUIRY_REPLY = "ENQUIRY_REPLY"
    REQUEST = "REQUEST"
    ACK = "ACK"
    INFO_REQUEST = "INFO_REQUEST"
    INFO_REPLY = "INFO_REPLY"
    ACCEPT = "ACCEPT"
    DECLINE = "DECLINE"
    WITHDRAW = "WITHDRAW"
    PACKAGE = "PACKAGE"
    TRAVEL_PLAN = "TRAVEL_PLAN"
    TRAVEL_CONFIRM = "TRAVEL_CONFIRM"
    HANDOVER_NOTICE = "HANDOVER_NOTICE"
    RECEIPT = "RECEIPT"
    FOLLOWUP_REPORT = "FOLLOWUP_REPORT"
    PLACEMENT_CHANGE = "PLACEMENT_CHANGE"
    INCIDENT_ALERT = "INCIDENT_ALERT"
    RESPONSIBILITY_CHANGE = "RESPONSIBILITY_CHANGE"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"
    CORRECTION = "CORRECTION"
    WRONG_RECIPIENT_NOTICE = "WRONG_RECIPIENT_NOTICE"
    SUMMARY = "SUMMARY"  # a grant, or what a grant gives. EXP-5.2, EXP-9


class DeclineReason(StrEnum):
    """Why the other country says no. Source: DOM-5.5."""

    NO_CARER_FOUND = "NO_CARER_FOUND"
    CARER_UNSUITABLE = "CARER_UNSUITABLE"
    CARER_UNWILLING = "CARER_UNWILLING"
    NOT_NATIONAL = "NOT_NATIONAL"
    IDENTITY_UNCONFIRMED = "IDENTITY_UNCONFIRMED"
    UNSAFE_AREA = "UNSAFE_AREA"
    NO_CAPACITY = "NO_CAPACITY"
    LEGAL_BAR = "LEGAL_BAR"
    CUSTODY_DISPUTE = "CUSTODY_DISPUTE"
    NOT_BEST_INTERESTS_OUR_VIEW = "NOT_BEST_INTERESTS_OUR_VIEW"
    INCOMPLETE_AFTER_REQUESTS = "INCOMPLETE_AFTER_REQUESTS"
    DUPLICATE = "DUPLICATE"
    WRONG_OFFICE = "WRONG_OFFICE"
    CHILD_NOW_ADULT = "CHILD_NOW_ADULT"
    OTHER = "OTHER"


class WithdrawalReason(StrEnum):
    """Why a request is taken back, or a movement called off. Source: DOM-5.5."""

    CHILD_CHANGED_MIND = "CHILD_CHANGED_MIND"
    APPEAL_WON = "APPEAL_WON"
    NEW_RISK = "NEW_RISK"
    CARER_WITHDREW = "CARER_WITHDREW"
    BETTER_OPTION_FOUND = "BETTER_OPTION_FOUND"
    CHILD_MISSING = "CHILD_MISSING"
    CHILD_ILL = "CHILD_ILL"
    TURNED_18 = "TURNED_18"
    ASYLUM_CLAIM_MADE = "ASYLUM_CLAIM_MADE"
    DOCUMENTS_REFUSED = "DOCUMENTS_REFUSED"
    BORDER_CLOSED = "BORDER_CLOSED"
    DEATH = "DEATH"
    ERROR = "ERROR"


class DisruptionReason(StrEnum):
    """Why care abroad broke down. Source: DOM-5.5."""

    CARER_BREAKDOWN = "CARER_BREAKDOWN"
    HARM = "HARM"
    RAN_AWAY = "RAN_AWAY"
    RE_MIGRATED = "RE_MIGRATED"
    CARER_DIED = "CARER_DIED"
    MOVED = "MOVED"
    UNTRACEABLE = "UNTRACEABLE"


class ChildCondition(StrEnum):
    """How the child was when received. Source: DOM-4.9."""

    WELL = "well"
    UNWELL = "unwell"
    INJURED = "injured"
    MISSING = "missing"


class Incident(StrEnum):
    """What both sides must know at once. Source: DOM-5.9, DOM-R26, DOM-R41, DOM-R42."""

    CHILD_MISSING = "child_missing"
    CHILD_FOUND = "child_found"
    CHILD_ILL = "child_ill"
    HARM_REPORTED = "harm_reported"
    APPEAL = "appeal"
    PROTECTION_REASON = "protection_reason"  # says nothing of asylum to the country of origin
    INSECURITY = "insecurity"
    CAN_GO_ON = "can_go_on"
    OTHER_PERSON_AT_HANDOVER = "other_person_at_handover"
    DISAGREEMENT = "disagreement"  # the ladder of DOM-5.8; no step of the machine


SUSPENDING: Final = frozenset(
    {Incident.CHILD_ILL, Incident.APPEAL, Incident.PROTECTION_REASON, Incident.INSECURITY}
)
"""Incidents after which nobody travels until somebody has said that it can go on."""
