"""Words of the refusals of the sitting planner, and of what stands against a plan of a panel."""

from typing import Final

from api.problems.problem import Problem
from core.calendars import CalendarRefused
from core.errors import DomainError
from panels.errors import DocumentRefused

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    DocumentRefused: Problem(
        422,
        "document-refused",
        "This document cannot be planned with",
        "Something at {path} is not what it must be. Nothing was planned. Put it right and send it again.",
    ),
    CalendarRefused: Problem(
        422,
        "calendar-refused",
        "This calendar cannot be taken",
        "Save the calendar as an iCalendar file (.ics) once more and send that. Nothing was changed.",
    ),
}

GAPS: Final[dict[str, str]] = {
    "no_half_days": "Nobody has said on which half-days this panel sits. Set them first.",
    "nobody_waits": "No child waits for this panel, and none is on its agendas to come. There is nothing to plan.",
    "no_half_day_to_come": "The panel has no half-day in these days. Plan further ahead, or add a half-day.",
    "record_moved": "Since this plan was made something changed: {part}. Ask for a new plan.",
    "plan_too_old": "Carried out now, this plan would break a rule ({rule}). Ask for a new plan.",
    "move_not_forced": "{count} families that were told a date would be moved and no rule asks for it. "
    "Ask for a new plan.",
    "tried_too_often": "The plan could not be made. Ask again, and tell the administrator if it happens again.",
}

RULES: Final[dict[str, str]] = {
    "a_person_accepts": "Only a person accepts a plan. Ask the secretary of the panel.",
    "plan_for_colleague": "A case of this plan is closed to you. Ask another secretary to accept it.",
    "coordinator_only": "What reports recommend is read by the coordinator first. Ask the coordinator of the office.",
    "own_calendar_only": "Whoever has this address reads the whole calendar. Only the member sets it.",
    "own_absence_or_secretary": "Members say for themselves when they cannot come; for others the secretary does.",
}
