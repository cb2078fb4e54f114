"""Words of the refusals about panels, sittings, quorum, conflicts and votes."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from panels.errors import (
    AlreadyListed,
    AlreadyVoted,
    BallotSealed,
    NotEligible,
    QuorumNotMet,
    TermsOverlap,
    VotingClosed,
)

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    NotEligible: Problem(
        403,
        "may-not-vote",
        "You cannot vote on this item now",
        "{rule} Your colleagues can go on if the quorum holds.",
    ),
    AlreadyVoted: Problem(
        409,
        "already-voted",
        "This vote is already written",
        "In round {round_no} your seat has voted, or your dissent is written. Neither is changed.",
    ),
    VotingClosed: Problem(
        409,
        "voting-closed",
        "There is no vote open",
        "This {kind} is {state}. Votes are cast between the opening of deliberation and the decision.",
    ),
    BallotSealed: Problem(
        403,
        "votes-sealed",
        "The votes are not for you yet",
        "Votes open to the members once all have voted, and to coordinators once the item is closed.",
    ),
    QuorumNotMet: Problem(
        409,
        "quorum-not-met",
        "The panel cannot decide yet",
        "The list says who is missing. Wait for a member, call an alternate, or defer the item.",
    ),
    AlreadyListed: Problem(
        409,
        "already-listed",
        "This case is on an agenda already",
        "Take it off the other agenda first, or leave it there.",
    ),
    TermsOverlap: Problem(
        409,
        "terms-overlap",
        "This person already sits on the panel",
        "A person holds one seat at a time. End the other term first.",
    ),
}

_QUORUM: Final = {
    "voters_missing": "{present} voting members are present and free of conflict; {needed} are needed. "
    "Call an alternate or wait.",
    "agencies_missing": "Those present come from {present} agencies; {needed} are needed.",
    "presiding_missing": "Neither the chair nor a deputy can sit for this item. One of them is needed.",
    "sector_missing": "Of {wanted} there are {present} present; {needed} are needed.",
    "country_missing": "Of {wanted} there are {present} members present; {needed} are needed.",
    "rule_below_country": "The rule {rule} is set to {value}; the country asks for at least {least}.",
}

_LISTING: Final = {
    "case_not_ready": "The case is not ready for the panel. Its report has to pass the quality check first.",
    "agenda_locked": "The agenda of this sitting is locked. Choose another or an extraordinary sitting.",
    "papers_too_late": "The papers can no longer reach members in time. Choose a later sitting, or an "
    "extraordinary one.",
    "guardian_not_invited": "The child has no parent here: invite the guardian or adviser to the item.",
    "interpreter_not_invited": "The child needs an interpreter: invite one to the item.",
    "referred_to_other_panel": "After a tie this case belongs to the review panel. List it there.",
    "another_item_open": "Another item is in hand. Finish it, then call this one.",
    "daily_cap_passed": "A member has {items} children on this day; {cap} are the most. Consider a second day.",
    "too_little_time_per_child": "There are {minutes} minutes for each child; {needed} are the least. "
    "Plan more time or fewer items.",
}

_SITTING: Final = {
    "start_is_past": "The start of the sitting has passed. Plan another sitting.",
    "place_missing": "Say where the sitting takes place.",
    "link_missing": "Give the link by which members connect.",
    "agenda_empty": "The agenda is empty. List a case first.",
    "papers_too_late_for_items": "For {items} items papers can no longer reach members in time. Take them "
    "off or plan a later sitting.",
    "attendance_missing": "Nobody is recorded as present. Record who is there.",
    "items_open": "{items} items are in hand. Decide, defer or withdraw them first.",
    "not_time_yet": "The hour of the sitting has not come.",
    "quorum_is_met": "The quorum is there. Open the sitting.",
    "outside_term": "The member's term does not include that day. Enter the new term first.",
    "called_undertaking_missing": "{name} has no valid undertaking of confidentiality on the day of the sitting. "
    "Have one signed before it.",
    "called_outside_term": "The term of {name} does not cover the day of the sitting. Renew it or call somebody else.",
    "undertaking_missing": "The member has no valid undertaking of confidentiality. Have one signed.",
}

_SIZE: Final = {
    "panel_too_small": "{seats} seats would sit; a panel of this country has at least {fewest}. Call more members.",
    "panel_too_large": "There would be {seats} seats; a panel of this country has at most {most}. Use a seat there is, "
    "or call fewer members.",
    "panel_quorum_missing": "The panel {panel} sits here jointly and lacks a quorum of its own:",
}

_VOTES: Final = {
    "declaration_missing": "A member present has not said whether there is a conflict. Ask every member.",
    "challenge_unruled": "{count} challenges wait for a ruling. The chair rules first, on the chair's own a deputy.",
    "vote_missing": "A member present has not voted yet.",
    "no_votes": "Nobody has voted yet.",
    "votes_open": "Not everybody has voted in this round.",
    "round_spoilt": "A vote in this round does not count. Hold the round again.",
    "no_consensus": "The members do not agree. Ask for missing facts, or state that the facts are complete "
    "and hold another round.",
    "no_majority": "No option has more than half of those entitled. Hold another round, defer, or refer.",
    "tie": "The votes are equal. Refer the item to the national review panel; interim care goes on.",
    "already_decided_by_vote": "This round has decided. Record the decision.",
    "dissent_not_written": "A member who voted otherwise has not written why, nor declined to.",
    "no_deadlock": "There is no tie to refer.",
    "interim_care_not_confirmed": "Confirm that the child's safe care goes on meanwhile.",
    "review_panel_missing": "There is no other review panel in this country. Ask the secretariat to set one up.",
}

GAPS: Final[dict[str, str]] = _QUORUM | _LISTING | _SITTING | _SIZE | _VOTES

RULES: Final[dict[str, str]] = {
    "machine_votes": "Only a person votes. Ask the member whose seat it is.",
    "behind_report": "You wrote, approved or checked this child's report, so you do not vote on it. "
    "Ask the secretary for an alternate.",
    "outside_term": "Your term of office does not include today. Ask the secretary to enter the new term.",
    "undertaking_missing": "Your undertaking of confidentiality is missing or has run out. Sign it with the secretary.",
    "not_present": "The attendance does not show you as present. Ask the secretary to record that you are here.",
    "partner_has_no_vote": "In this country the members of the partner country read and speak, and do not vote. "
    "Say what you think before the others vote.",
    "alternate_not_seated": "An alternate votes when the member of the seat is away or in conflict. "
    "Ask the secretary who sits.",
    "declaration_missing": "Say first whether you have a conflict of interest with this child's case.",
    "dissenters_only": "A dissent is written by those who voted for another option. "
    "Give your reasons in the decision itself.",
    "votes_after_close": "Votes open to the members once all have voted, and to coordinators once the item is "
    "closed. Wait until then.",
    "panel_secretary_only": "This is kept by the secretary or the coordinator of the panel. Ask one of them.",
    "called_members_only": "Only members who are called to a sitting answer for it. Ask the secretary to call you.",
    "panel_keepers_only": "Panels, seats and rules are kept by the secretariat. Ask the secretariat of the country.",
    "presiding_member_only": "This is for the member who presides: the chair, or a deputy in the chair's place. "
    "Ask that member.",
    "presiding_or_secretary_only": "This is for the member who presides or the panel's secretary. Ask one of them.",
    "members_only": "This is for the members of the panel who are called to the sitting. Ask one of them.",
    "chair_rules": "The chair rules on conflicts of interest; on the chair's own, a deputy does. Ask that member.",
}
