"""Codes a pack may use, and the small value types its keys are made of."""

import re
from enum import StrEnum
from functools import cache
from typing import Annotated, Final
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from core.worktime import Limit, Unit

LIMIT: Final = re.compile(r"(\d{1,4}) (" + "|".join(Unit) + r")")
LIMIT_FORM: Final = f'"NUMBER UNIT", the unit one of {", ".join(Unit)}'
# Words that would turn a place of custody into a form of care, in the languages of the packs.
CUSTODY: Final = re.compile(
    r"deten|detain|prison|jail|gaol|cell|lock|custod|closed|c[aá]rcel|carcel|penal|estaci[oó]n"
    r"|r[ée]tention|secure",
    re.IGNORECASE,
)


class Model(BaseModel):
    """What every part of a pack has in common: unknown keys refused, nothing guessed, unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Basis(StrEnum):
    """How sure we are of a value. Source: DOM-0."""

    CITED = "cited"  # a document or a published summary was read; ``source`` names it
    RECALLED = "recalled"  # known from a named document, the passage was not read again
    INFERRED = "inferred"  # our own choice; nobody has confirmed it


class Priority(StrEnum):
    """How urgent a case is, most urgent first. Source: DOM-3.2."""

    EMERGENCY = "emergency"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class ExportPriority(StrEnum):
    """The three levels most other systems know. Source: DOM-9."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class LimitCode(StrEnum):
    """The time limits. Source: DOM-3.2."""

    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4 = "D4"
    D5 = "D5"
    D6 = "D6"
    D7 = "D7"
    D8 = "D8"
    D9 = "D9"
    D10 = "D10"
    D11 = "D11"
    D12 = "D12"
    D13 = "D13"
    D14 = "D14"
    D15 = "D15"
    D16 = "D16"
    D17 = "D17"
    D18 = "D18"
    D19 = "D19"
    D20 = "D20"
    D21 = "D21"
    D22 = "D22"
    D23 = "D23"
    D24 = "D24"
    D25 = "D25"


class ClockStart(StrEnum):
    """The event from which a limit counts. Source: DOM-3.2, column 2."""

    ALERT = "alert"
    IDENTIFIED_SEPARATED = "identified_separated"
    REGISTRATION = "registration"
    BID_REQUIRED = "bid_required"
    BID_READY = "bid_ready"
    SITTING = "sitting"
    DECISION = "decision"
    SIGNED_DECISION = "signed_decision"
    DEFERRAL = "deferral"
    CHILD_TOLD = "child_told"
    DELIVERY = "delivery"
    ACKNOWLEDGED_COMPLETE = "acknowledged_complete"
    ACCEPTED = "accepted"
    HANDOVER = "handover"
    LAST_VISIT = "last_visit"
    PLACEMENT_NOTICE = "placement_notice"
    FOLLOW_UP_BEGUN = "follow_up_begun"
    LAST_CONTACT = "last_contact"
    DISCOVERY = "discovery"


class Direction(StrEnum):
    """Whether a limit runs from its event or up to it."""

    AFTER = "after"
    BEFORE = "before"


class Recipient(StrEnum):
    """Who hears that a limit is passing. Source: DOM-3.2."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    SECRETARIAT = "secretariat"
    CHAIR = "chair"
    SECRETARIAT_HEAD = "secretariat_head"
    COUNTERPART = "counterpart"
    BILATERAL_ITEM = "bilateral_item"


class PauseReason(StrEnum):
    """Why a clock may stand still. Source: DOM-3.2."""

    ON_HOLD = "on_hold"
    QUESTION_WITH_OTHER_SIDE = "question_with_other_side"


class TriggerCode(StrEnum):
    """When a determination is required. Source: DOM-3.4."""

    B1 = "B1"
    B2 = "B2"
    B3 = "B3"
    B4 = "B4"
    B5 = "B5"
    B6 = "B6"


class CareType(StrEnum):
    """Where a child may live. No form of detention exists here. Source: DOM-4.7, DOM-R27."""

    PARENT = "parent"
    STEP_PARENT = "step_parent"
    USUAL_CARER = "usual_carer"
    ADULT_SIBLING = "adult_sibling"
    KINSHIP = "kinship"
    FOSTER = "foster"
    RESIDENTIAL_SMALL = "residential_small"
    RESIDENTIAL_LARGE = "residential_large"
    INDEPENDENT_SUPERVISED = "independent_supervised"
    KAFALA = "kafala"
    EMERGENCY_SAFE_SPACE = "emergency_safe_space"
    HOSPITAL = "hospital"


class OutcomeCode(StrEnum):
    """What a determination may decide; a deferral is not a decision. Source: DOM-3.6."""

    FAMILY_REUNIFICATION = "FAMILY_REUNIFICATION"
    VOLUNTARY_REPATRIATION = "VOLUNTARY_REPATRIATION"
    RESETTLEMENT = "RESETTLEMENT"
    COMPLEMENTARY_PATHWAY = "COMPLEMENTARY_PATHWAY"
    LOCAL_INTEGRATION = "LOCAL_INTEGRATION"
    CARE_PLACEMENT = "CARE_PLACEMENT"
    MAINTAIN_CURRENT_CARE = "MAINTAIN_CURRENT_CARE"
    CHANGE_CURRENT_CARE = "CHANGE_CURRENT_CARE"
    SEPARATION_FROM_CARER = "SEPARATION_FROM_CARER"
    NO_SEPARATION = "NO_SEPARATION"
    MEDICAL_TRANSFER = "MEDICAL_TRANSFER"
    NO_SOLUTION_YET_REVIEW = "NO_SOLUTION_YET_REVIEW"


class Matter(StrEnum):
    """Kinds of decision for which a country keeps a special rule. Source: DOM-3.5, DOM-4.6."""

    MOVEMENT_ABROAD = "movement_abroad"
    SEPARATION = "separation"
    CHANGE_OF_CARE = "change_of_care"


def _read_limit(value: object) -> Limit:
    if isinstance(value, Limit):
        return value
    match = LIMIT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(
            f"is not a length of time; write {LIMIT_FORM}, for example 20 working_days"
        )
    return Limit(int(match[1]), Unit(match[2]))


def _write_limit(value: Limit) -> str:
    return f"{value.amount} {value.unit}"


def _refuse_custody(value: object) -> object:
    if isinstance(value, str) and CUSTODY.search(value):
        raise ValueError(
            "detention is never care for a child (DOM-R27); allowed: " + ", ".join(CareType)
        )
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(value: str) -> str:
    if value not in _zones():
        raise ValueError("is not a time zone; write an IANA name such as Africa/Lusaka")
    return value


Span = Annotated[
    Limit,
    BeforeValidator(_read_limit, json_schema_input_type=str),
    PlainSerializer(_write_limit, return_type=str),
]
Care = Annotated[CareType, BeforeValidator(_refuse_custody)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
LocaleCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
Code = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{1,47}$")]
PlaceCode = Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,4}){0,3}$")]
Words = Annotated[str, Field(min_length=1, max_length=600)]
