"""The English sentences of the planner, by code. Other languages are further catalogues with the same codes.

A plan is kept with the code and the facts of each reason beside its sentence, so that whoever reads it later reads it
in a language of their own.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from panels.planning.answers.why import Reason

ENGLISH: Final[dict[str, str]] = {
    # why a slot is closed to a case by itself
    "panel": "{slot} is a sitting of panel {panel}, which does not hear this case.",
    "release": "The notice period is not over: the case can be heard from {earliest} on.",
    "attendance": "The family cannot come.",
    "holiday": "{day} is a holiday.",
    "room": "No room of the panel is free.",
    "resource": "What the panel shares with others, such as the video bridge, cannot be had.",
    "capacity": "The hearing takes {minutes} minutes with its siblings ({cases} in all); the slot has {length}.",
    "interpreter": "Nobody who interprets {language} is available.",
    "override": "It was fixed by hand otherwise.",
    "quorum_present": "Too few members: {present} of {needed} can vote on this case. Missing: {absent}.",
    "quorum_agencies": "Too few agencies: {present} of {needed}. Missing: {absent}.",
    "quorum_require": "Nobody, or too few, for {wanted}: {present} of {needed}. Missing: {absent}.",
    "quorum_seats": "Those who could vote share seats; of two who share one, only one may sit.",
    # what the plan says against a slot that no rule closes
    "here": "This is where the case is heard.",
    "sibling": "Its sibling {sibling} cannot be heard then ({codes}), and siblings are heard together.",
    "siblings_together": "For the siblings together there is no quorum or no interpreter.",
    "agenda_full": "The agenda is full: {cases}.",
    "would_be_late": "Of these, {cases} could go nowhere else in time.",
    "room_taken": "The room is taken by {sittings}.",
    "bridge_taken": "What the panel shares with others is taken by {sittings}.",
    "members_elsewhere": "Without those who are elsewhere or at their weekly limit there is no quorum: {members}.",
    "interpreter_elsewhere": "The interpreter is elsewhere or at the weekly limit: {interpreters}.",
    "further_sitting": "A further sitting would be needed (cost {added} more), and the date given is in time.",
    "costs_more": "It would cost {added} more (a member or an interpreter), and the date given is in time.",
    "no_gain": "It is possible and would gain nothing that counts: the date given is in time.",
    "possible": "It is possible at a cost of {added}. Plan again with more time, or fix it by hand.",
    # why a case is not heard at all
    "no_slot": "Every slot of its panels is closed to this case: {codes}.",
    "no_slots": "Its panels have no slot in this plan.",
    "no_place": "There are slots, but no place is left on any agenda.",
    # what would help
    "waive_notice": "Waive the notice period for {slot}.",
    "book_interpreter": "Find an interpreter for {language} for {slot}.",
    "find_room": "Find a room for {slot}.",
    "open_slot": "Open {slot} again.",
    "release_member": "Let {member} sit at {slot}.",
    "hold_slot": "Hold a further sitting at {slot} (cost {added} more).",
    # why a case was moved
    "moved_by_rule": "The rule forces it: {codes}.",
    "moved_sitting": "No lawful sitting can be held with it there:",
    "moved_for_others": "Its place went to what comes first in the order of the office.",
    "not_heard_any_more": "It is on no agenda now.",
    "forced_unscheduled": "With it where it was, a child would be on no agenda.",
    "forced_tardiness": "With it where it was, a child would be heard later after its deadline.",
    # documents that cannot be taken
    "too_large": "The document is larger than {most} MB.",
    "empty_file": "The file is empty.",
    "too_deep": "The document is nested too deeply.",
    "not_json": "This is not JSON: line {line}, column {column}.",
    "member_twice": "The member {name} stands twice in one object.",
    "not_a_number": "{value} is not a number.",
    "not_an_object": "An object is needed here.",
    "missing": "This member is missing.",
    "unknown_member": "Nobody knows this member; it may be a slip of the pen.",
    "not_a_list": "A list is needed here.",
    "too_many": "There are more than {most}.",
    "twice": "{value} stands twice.",
    "not_text": "Text is needed here.",
    "text_length": "Text of 1 to {most} characters is needed here.",
    "not_printable": "The text holds characters that cannot be printed.",
    "not_one_of": "One of these is needed: {words}.",
    "not_true_or_false": "true or false is needed here.",
    "not_whole": "A whole number is needed here.",
    "out_of_range": "The value lies outside {least} to {most}.",
    "not_an_instant": "An instant with its offset is needed, for example 2026-01-05T09:00:00+02:00.",
    "not_a_date": "A date is needed, for example 2026-01-05.",
    "not_a_pair": "A pair of instants is needed: start and end.",
    "ends_before_it_begins": "The end does not lie after the start.",
    "empty": "There is nothing here; without it nothing can be planned.",
    "order_incomplete": "All six numbers must stand here once: {words}.",
    "other_format": "This is not an instance of the format {wanted}.",
    "two_lengths": "The way between {one} and {other} is given with two lengths.",
    "not_known": "{value} is not known in this document.",
    "plan_unlawful": "The plan breaks {count} rules of this instance; bid plan check names them.",
}

CHECKED: Final[dict[str, str]] = {
    "plan_not_an_object": "The plan is not an object.",
    "sittings_missing": "The plan has no list of sittings.",
    "status_unknown": "The status of the plan is none of optimal, feasible, infeasible_overrides.",
    "unscheduled_missing": "The plan has no list of unscheduled cases, each with its id.",
    "sitting_misshapen": "{path} is not what it must be.",
    "not_known": "{path}: {value} is not in the instance.",
    "other_instance": "The plan belongs to another instance.",
    "conflict_not_given": "The plan says overrides conflict and does not name them as they were given.",
    "changes_missing": "The plan was made with an earlier one and has no list of changes.",
    "change_not_told": "Case {case} was moved and not told so, or told so and not moved.",
    "objective_missing": "The plan does not state its six numbers.",
    "number_not_so": "The number {name} is {counted}, not what the plan states.",
    "bound_not_so": "The bound of {name} is above the number itself, which is {counted}.",
    "slot_twice": "Slot {slot} is held twice.",
    "not_once": "Case {case} stands {times} times on agendas and lists, not once.",
    "group": "The siblings of {group} are not in the same sitting.",
    "panel": "Case {case} is at {slot}, before a panel that does not hear it.",
    "release": "Case {case} is at {slot}, before its notice period is over.",
    "attendance": "Case {case} is at {slot}, when the family cannot come.",
    "holiday": "{slot} is on a holiday of {country}.",
    "holiday_member": "{member} sits at {slot} on a holiday.",
    "room_not_of_panel": "{slot} is in {room}, which is no room of the panel.",
    "room_away": "{slot} is in {room}, which cannot be had then.",
    "room_twice": "{name} is used by two sittings at once; one is {slot}.",
    "resource": "{name} is used beyond its capacity at {slot}.",
    "member_twice": "Somebody is named twice among the members of {slot}.",
    "seat_twice": "Two who share seat {seat} sit at {slot}.",
    "member_not_of_panel": "{member} sits at {slot} and does not belong to its panel.",
    "member_away": "{member} is not available at {slot}.",
    "two_places": "{member} is at {slot} and {other}, which overlap.",
    "travel": "{member} cannot come from {slot} to {other} in time.",
    "week": "{member} sits more often than allowed in {week}.",
    "quorum": "Case {case} has no quorum at {slot}.",
    "standby": "{member} cannot stand by at {slot}.",
    "interpreter": "Case {case} has nobody for {language} at {slot}.",
    "too_long": "The agenda of {slot} takes {minutes} minutes, more than there are.",
    "too_many_cases": "The agenda of {slot} has {cases} cases, more than allowed.",
    "case_slot": "Case {case} was fixed at {slot} and is not there.",
    "slot_closed": "{slot} was closed and is held.",
    "slot_open": "{slot} was to be held with the usual quorum and is not.",
    "member_in": "{member} was to sit at {slot} and does not.",
    "member_out": "{member} was not to sit at {slot} and does.",
}


class _Facts(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return f"({key})"


def sentence(code: str, facts: Mapping[str, str | int], words: Mapping[str, str] = ENGLISH) -> str:
    """Return the sentence of a code with its facts."""
    return words[code].format_map(_Facts(facts))


def said(reason: Reason, words: Mapping[str, str] = ENGLISH) -> str:
    """Return the sentence of a reason."""
    return sentence(reason.code, reason.facts, words)


def told(*reasons: Reason, code: str = "") -> dict[str, Any]:
    """Return reasons as a plan keeps them: code, sentence, and what the sentence was made of."""
    return {
        "code": code or reasons[0].code,
        "text": " ".join(map(said, reasons)),
        "because": [{"code": one.code, "facts": dict(one.facts)} for one in reasons],
    }


def retold(found: Any, words: Mapping[str, str]) -> Any:
    """Say every reason of a plan, or of an answer about it, in other words; what was kept without facts stays.

    The facts are left out: they hold ids that are not for every reader.
    """
    if isinstance(found, dict):
        because = found.get("because", ())
        again = {name: retold(one, words) for name, one in found.items() if name != "because"}
        if _known(because, words):
            again["text"] = " ".join(sentence(one["code"], one["facts"], words) for one in because)
        return again
    return [retold(one, words) for one in found] if isinstance(found, list) else found


def _known(because: Iterable[Mapping[str, Any]], words: Mapping[str, str]) -> bool:
    kept = list(because)
    return bool(kept) and all(one["code"] in words for one in kept)
