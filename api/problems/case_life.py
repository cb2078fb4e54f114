"""Words for what may be missing at the edges of a case's life and around its time limits."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from core.packs.errors import NoPack, PackError

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    NoPack: Problem(
        404,
        "no-pack",
        "There are no such rules",
        "This country has no rules with this version here. Choose one of the versions listed.",
    ),
    PackError: Problem(
        409,
        "pack-error",
        "The rules of the country cannot be read",
        "A file with the rules of this country is broken. Nothing was changed. Tell the administrator.",
    ),
}

GAPS: Final[dict[str, str]] = {
    # clocks and holds
    "clock_never_pauses": "The limit {clock} never stands still: it measures a promise, an absence "
    "or a legal duty. Leave it running.",
    "pause_question_missing": "A clock stands still only for a recorded question to the other "
    "side. Record the question first and name it.",
    "pause_reason_not_here": "In this country a time limit does not stand still for this reason.",
    "review_date_not_ahead": "The review date must lie ahead. Choose a date after today.",
    "review_date_too_far": "Nothing stands still for longer than {days} days. Choose an earlier "
    "review date; it can be prolonged then.",
    "hold_reason_missing": "Say in a sentence why the case cannot go on yet.",
    "missing_report_missing": "Say since when the child is missing and who has been told.",
    "missing_since_in_future": "The child cannot be missing since a time that has not come. "
    "Correct the time.",
    "missing_police_not_told": "The police do not know that the child is missing. Tell them now, "
    "then record it here.",
    # emergency crossing
    "crossing_not_life_saving": "A border is crossed without written consent only to save a life "
    "or to get out of danger at once. For anything else, use a transfer request.",
    "crossing_destination_missing": "Name the country the child was taken to.",
    "crossing_our_officer_missing": "Our duty officer has not agreed by telephone. Call, then "
    "record name and time.",
    "crossing_their_officer_missing": "The duty officer of the other country has not agreed by "
    "telephone. Call, then record name and time.",
    "crossing_consent_in_future": "A telephone consent cannot be later than now. Correct the time.",
    # detention
    "detention_already_open": "This child is on record as detained already. Record the release "
    "first, or correct that record.",
    "detention_in_future": "A detention cannot begin later than now. Correct the time.",
    "detention_not_open": "This child is not on record as detained. Record the detention first.",
    "release_before_detention": "The release is earlier than the detention. Correct the time.",
    "release_in_future": "A release can be recorded only once it has happened.",
    # closing and reopening
    "closing_words_missing": "Say in a few sentences why the case can end.",
    "last_visit_missing": "Say when the child was last seen.",
    "last_visit_in_future": "The last visit cannot be later than today. Correct the date.",
    "child_view_on_closing_missing": "Write down what the child thinks of ending the case, or "
    "choose the reason why the child could not be asked.",
    "last_contact_missing": "Say when the child was last reached.",
    "not_contactable_too_early": "The child counts as not contactable from {earliest}. Keep trying "
    "until then.",
    "contact_attempts_missing": "{recorded} of {needed} attempts on different days are on record. "
    "Try again by another way and record it.",
    "not_yet_adult": "This person has not certainly come of age. Choose another reason.",
    "transition_plan_missing": "There is no approved plan for the time after majority. Write one "
    "with the young person and have the supervisor approve it.",
    "receipt_not_signed": "The other side has not signed for the child. Wait for the signed "
    "receipt, or choose another reason.",
    "reopening_reason_missing": "Choose why the case is opened again.",
    "what_is_new_missing": "Say in a sentence what is new.",
    "blocked_by_open_transfer": "{count} transfer or dispute with another country is still open. "
    "End it first.",
    "blocked_by_open_appeal": "{count} appeal is not decided. Wait for the decision.",
    "blocked_by_open_report": "{count} report is unfinished. Finish or withdraw it first.",
    "blocked_by_open_alarm": "{count} time limit has passed. Do what it asks for, or record why it "
    "cannot be done.",
    "blocked_by_unsigned_decision": "{count} decision waits for signatures. Have it signed first.",
    "blocked_by_open_item": "The case is on the agenda of a panel. Have the item decided or "
    "withdrawn first.",
    "blocked_by_in_detention": "The child is in detention. Have the child released first.",
    "blocked_by_emergency_duty": "{count} duty after urgent protection is open. Do it first.",
    "blocked_by_appeal_window": "The child can still appeal. Wait for the end of the window.",
    "blocked_by_child_not_told": "The child has not been told of the decision. Tell the child first.",
    "blocked_by_other": "{count} thing of the kind {blocker} is still open. End it first.",
    # newer rules
    "pack_not_newer": "The case follows version {current} already. Choose a newer one.",
    "pack_difference_not_shown": "Look at the difference first; it may have changed since. Then "
    "confirm exactly that one.",
    # statistics
    "dimensions_identify_child": "District, nationality and age in years together can point at one "
    "child. Leave one of them out.",
    "dimension_twice": "The same split is asked for twice. Leave one out.",
}

RULES: Final[dict[str, str]] = {
    "emergency_action_role": "This act is recorded by those who protect the child: the first officer at the place, "
    "a caseworker, a supervisor, an assessor, a coordinator or a chair. Act at once, and ask one of them to record it.",
    "pack_move_role": "A case moves to newer rules of the country through the secretariat or its supervisor. "
    "Ask one of them.",
    "statistics_role": "These numbers are for other roles. Ask the statistician or your supervisor.",
    "task_of_another": "This task was given to somebody else. Ask that person, or a supervisor to give it to you.",
}
