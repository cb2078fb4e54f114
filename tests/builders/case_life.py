"""Ordinary urgent acts, detentions, holds and closing requests. A test states only what it is about."""

from datetime import date, datetime, timedelta
from typing import Any

from cases.rules.closing import ClosureReason
from cases.rules.detention import DetentionPlace, ReleasedTo
from cases.rules.emergency import Danger, Measure
from cases.rules.holding import HoldReason
from cases.service.closing import ClosingRequest
from cases.service.detention import DetentionRequest, ReleaseRequest
from cases.service.emergency import CrossingRequest, EmergencyRequest
from cases.service.holding import HoldRequest
from core.ids import new_id
from tests.conftest import NOON


def an_emergency(**changes: Any) -> EmergencyRequest:
    """A child taken from danger to a place of safety, just now."""
    values: dict[str, Any] = {
        "danger": Danger.VIOLENCE,
        "measure": Measure.PLACE_OF_SAFETY,
        "acted_at": NOON,
        "words": "Taken to the safe house by the duty officer.",
        **changes,
    }
    return EmergencyRequest(**values)


def a_crossing(**changes: Any) -> CrossingRequest:
    """Both duty officers agreed by telephone."""
    values: dict[str, Any] = {
        "destination": "NA",
        "our_officer": new_id(),
        "our_consent_at": NOON - timedelta(minutes=20),
        "their_officer": "Duty officer of the other side",
        "their_consent_at": NOON - timedelta(minutes=15),
        **changes,
    }
    return CrossingRequest(**values)


def a_detention(since: datetime = NOON - timedelta(hours=30), **changes: Any) -> DetentionRequest:
    """A child found in a police cell."""
    values: dict[str, Any] = {
        "since": since,
        "place_type": DetentionPlace.POLICE_CELL,
        "details": "Cell 2, with adults.",
        **changes,
    }
    return DetentionRequest(**values)


def a_release(released_at: datetime = NOON) -> ReleaseRequest:
    """A child released to a place of safety."""
    return ReleaseRequest(released_at, ReleasedTo.PLACE_OF_SAFETY, "Order 12 of the magistrate.")


IN_TWO_WEEKS = (NOON + timedelta(days=14)).date()


def a_hold(review_on: date = IN_TWO_WEEKS, **changes: Any) -> HoldRequest:
    """A case that cannot go on because the road is cut off."""
    values: dict[str, Any] = {
        "reason": HoldReason.INSECURITY,
        "review_on": review_on,
        "words": "The road is closed.",
        **changes,
    }
    return HoldRequest(**values)


def a_closing(**changes: Any) -> ClosingRequest:
    """The worker says the goal is met; the child was seen and asked."""
    values: dict[str, Any] = {
        "reason": ClosureReason.GOAL_MET,
        "words": "Settled with the aunt, in school since January.",
        "last_visit_on": NOON.date(),
        "child_view": "I am happy here.",
        **changes,
    }
    return ClosingRequest(**values)
