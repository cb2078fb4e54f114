"""What officers write: assessment, report, decision, talk, visit. Whole, ordinary, and different for each child."""

from datetime import date, timedelta
from typing import Any, Final

from cases.rules.assessments import Section
from cases.rules.followup import Aspect
from cases.rules.reports import FactorGroup, Part
from cli.province.world import Case

SPOKEN_BY_OFFICERS: Final = ("en", "loz")
METHODS: Final = ((12, "full_talk"), (7, "talk_with_pictures"), (3, "drawing"), (0, "observation"))
HOME: Final = "ZM"
WISHES: Final = (
    "I want to stay where there is a school and somebody who speaks as we do at home.",
    "I would like to live with a family, and to hear from my grandmother.",
    "I want to learn to mend boats. I do not want to move again soon.",
    "I want to be with people who do not shout, near the friend I found on the road.",
    "I would like to sleep without fear and go to school in the morning.",
)


def wish(case: Case) -> str:
    """Return the child's own words."""
    return WISHES[case.child.number % len(WISHES)]


def method(case: Case) -> str:
    """Return how a child of this age is heard."""
    return next(way for age, way in METHODS if case.child.age >= age)


def views(case: Case, today: date) -> dict[str, Any]:
    """Return the child's views as they are written down."""
    return {"words": wish(case), "method": method(case), "heard_on": today.isoformat()}


def interview(case: Case, today: date) -> dict[str, Any]:
    """Return a private talk with the child, interpreted where the languages differ."""
    talk: dict[str, Any] = {
        "held_on": today.isoformat(), "with_child": True, "private": True, "person": "the child",
        "place": "a quiet room", "spoken_languages": list(case.languages),
        "interviewer_languages": list(SPOKEN_BY_OFFICERS),
    }  # fmt: skip
    if not set(case.languages) & set(SPOKEN_BY_OFFICERS):
        signed = (today - timedelta(days=20)).isoformat()
        talk["interpreter"] = {"name": "sworn interpreter", "undertaking_on": signed}
    return talk


def assessment(case: Case, today: date, *, owner: str, considered: list[str]) -> dict[str, Any]:
    """Return a complete comprehensive assessment."""
    due = (today + timedelta(days=14)).isoformat()
    action = {"kind": "education", "what": "Enrol at the school", "owner": owner, "due_on": due}
    return {
        "purposes": ["child_at_risk"],
        "interviews": [interview(case, today)],
        "views": views(case, today),
        "sections": {part.value: _found(case, part.value) for part in Section},
        "protective_factors": ["school_contact"],
        "risk_factors": ["sleeping_rough"],
        "immediate_concern": "none",
        "priority_result": case.child.priority,
        "considered": considered,
        "bid_required": considered != ["services_only"],
        "recommendation": f"Listen to what {case.child.given} asks for, and keep school going.",
        "actions": [action],
    }


def _found(case: Case, part: str) -> str:
    return f"{part}: what was seen and heard of {case.child.given} in {case.office.district.short}."


def options(case: Case, today: date) -> list[dict[str, Any]]:
    """Return two options, each with the child's view on it."""
    first = option(case, today, "O1", "CARE_PLACEMENT", "foster")
    other = option(case, today, "O2", "LOCAL_INTEGRATION", "")
    if not case.destination:
        return [first, other]
    away = option(case, today, "O1", "FAMILY_REUNIFICATION", "kinship") | {
        "destination": case.destination,
        "country_information": "The district is calm and the school open.",
        "country_information_on": (today - timedelta(days=10)).isoformat(),
    }
    return [away, first | {"ref": "O2"}]


def option(case: Case, today: date, ref: str, outcome: str, care: str) -> dict[str, Any]:
    """Return one option with what speaks for and against it."""
    return {
        "ref": ref, "outcome": outcome, "destination": HOME, "feasible": True, "care": care,
        "pros": "School and health care go on.", "cons": "It takes weeks to prepare.",
        "feasibility": "People are ready.", "risks": "None seen that cannot be watched.",
        "views": views(case, today),
    }  # fmt: skip


def report(case: Case, today: date, *, siblings: list[str]) -> dict[str, Any]:
    """Return a complete report for the panel."""
    carer = {
        "held_on": today.isoformat(), "with_child": False, "private": True, "person": "the carer",
        "place": "at home", "spoken_languages": ["en"], "interviewer_languages": ["en"],
    }  # fmt: skip
    return {
        "parts": {part.value: _found(case, part.value) for part in Part},
        "sources": [{"what": "Head of the school"}, {"what": "Register of the health post"}],
        "interviews": [interview(case, today), carer],
        "private_offered": True,
        "tracing": "in_progress",
        "options": options(case, today),
        "factors": {group.value: _found(case, group.value) for group in FactorGroup},
        "siblings": [
            {"case_id": one, "text": "Heard together; wants to stay together."} for one in siblings
        ],
        "recommended": "O1",
    }


REASONS: Final = {
    FactorGroup.CHILD_VIEWS: "{name} said so in two talks, alone and with the guardian: {wish}",
    FactorGroup.SAFE_ENVIRONMENT: "The home was visited in {place}; nothing dangerous for {name} was found.",
    FactorGroup.FAMILY: "Tracing goes on; until it ends the ties of {name} are kept by telephone from {place}.",
    FactorGroup.DEVELOPMENT: "{name} keeps language, school and the health post of {place} without a break.",
}


def decision(case: Case, today: date, *, worker: str) -> dict[str, Any]:
    """Return the decision as the panel words it."""
    abroad = bool(case.destination)
    facts = {"name": case.child.given, "wish": wish(case), "place": case.office.district.code}
    kind = "transfer_abroad" if abroad else "placement"
    by_when = (today + timedelta(days=60)).isoformat()
    return {
        "outcome": "FAMILY_REUNIFICATION" if abroad else "CARE_PLACEMENT",
        "destination_country": case.destination or HOME,
        "care_type": "kinship" if abroad else "foster",
        "option_ref": "O1",
        "reasons": {group.value: text.format_map(facts) for group, text in REASONS.items()},
        "views_weight": "followed",
        "views_explanation": "The panel follows what the child asked for, freely and more than once.",
        "child_version": child_note(case),
        "child_version_language": case.language,
        "interim_care": "Stays at the place of safety, with the worker's visits, until the move.",
        "actions": [
            {"kind": kind, "what": "Move, with the guardian", "who": worker, "by_when": by_when}
        ],
        "valid_until": (today + timedelta(days=150)).isoformat(),
        "review_on": (today + timedelta(days=80)).isoformat(),
    }


def child_note(case: Case) -> str:
    """Return the decision in the child's words."""
    return f"We listened to you, {case.child.given}. You can live with a family near your school. You may say no."


def talk(case: Case, now: str, *, teller: str) -> dict[str, Any]:
    """Return the talk in which the child is told."""
    return {
        "told_at": now, "language": case.language, "explained_by": teller,
        "present": ["guardian", "carer"], "reaction": "agrees",
        "reaction_words": "Asked twice when, and smiled.", "note": child_note(case),
        "complaint_route_explained": True, "appeal_route_explained": True,
    }  # fmt: skip


def deferral(today: date, *, owner: str) -> dict[str, Any]:
    """Return a deferral with one question."""
    question = {
        "text": "Is the family willing, and has somebody seen the home?", "owner": owner,
        "due_on": (today + timedelta(days=10)).isoformat(),
    }  # fmt: skip
    care = "Stays at the place of safety, seen by the worker this week."
    return {"questions": [question], "interim_care": care, "interim_care_is_safe": True}


def home_study(case: Case, today: date) -> dict[str, Any]:
    """Return what was seen in the carer's home."""
    return {
        "result": "positive", "studied_on": today.isoformat(), "carer": carer_of(case),
        "valid_until": (today + timedelta(days=120)).isoformat(),
        "findings": "A room, a lamp, a school nearby, and people who ask before they touch.",
    }  # fmt: skip


def carer_of(case: Case) -> str:
    """Return the foster carer; siblings get the same one."""
    return f"Family {case.child.family} of {case.office.district.short}"


def placement(case: Case, today: date, *, study: str) -> dict[str, Any]:
    """Return where the child moves in."""
    return {
        "care": "foster", "started_on": today.isoformat(), "carer": carer_of(case),
        "review_due": (today + timedelta(days=85)).isoformat(), "address": "House by the water tower",
        "home_study_id": study, "background": "clear", "decision_id": case.decision_id or None,
    }  # fmt: skip


def visit(case: Case, today: date, *, last: bool, broken: bool = False) -> dict[str, Any]:
    """Return what the visitor wrote down."""
    worry = {"care": "The carer fell ill; the child sleeps at a neighbour's."} if broken else {}
    scales = {aspect.value: "ok" for aspect in Aspect} | dict.fromkeys(worry, "serious")
    return {
        "done_on": today.isoformat(), "method": "visit", "seen_alone": True, "views": wish(case),
        "scales": scales, "notes": worry,
        "concern": "urgent_intervention" if broken else "no_action",
        "recommend": "reopen" if broken else "close" if last else "continue",
        "placement_broken": broken,
    }  # fmt: skip


def closing(today: date) -> dict[str, Any]:
    """Return the request to close."""
    return {
        "reason": "goal_met", "words": "Settled, at school, seen alone and well.",
        "last_visit_on": today.isoformat(), "child_view": "I am fine here. I know whom to call.",
    }  # fmt: skip
