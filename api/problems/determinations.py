"""Words of the refusals about decisions and everything that follows them."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from transfers.errors import MovementRefused

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    MovementRefused: Problem(
        409,
        "movement-refused",
        "The child cannot move abroad yet",
        "Nothing was started. The list says what has to be true first. Safe care, services and "
        "every step inside the country can go on meanwhile.",
    ),
}

_DECISION: Final = {
    "machine_may_not_decide": "Only a person can decide about a child. Ask a member of the panel.",
    "guardian_or_adviser_missing": "The child has no guardian and no stop-gap adviser on file. "
    "Have one named before the panel decides.",
    "outcome_unknown_to_pack": "{outcome} is not a decision this country knows. Choose another option.",
    "option_not_in_report": "The chosen option is not in the report. Choose one the panel had before it.",
    "outcome_differs_from_option": "Outcome or country differ from the option in the report. "
    "Write down the option as the panel had it before it.",
    "option_not_voted": "This is not the option the panel voted for. Record what was voted.",
    "secondary_repeats_outcome": "The second outcome is the same as the first. Leave it out or choose another.",
    "reasons_missing": "Reasons are missing for the group {group}. Write down what the panel found.",
    "reasons_too_short": "The reasons for the group {group} have {length} characters; {needed} are needed. "
    "Say what was found and why it matters for this child.",
    "views_weight_missing": "Say in at least {needed} characters how the child's views were weighed.",
    "why_different_missing": "The decision differs from the child's wish. Say why, in at least {needed} characters.",
    "child_version_missing": "The version for the child is missing or too short. Write a few plain sentences.",
    "child_version_language": "The child does not understand {language}. Write the child's version in a "
    "language on file, or correct the languages on file first.",
    "decision_pending": "A decision about this child waits for signatures. Have it signed, or take it back first.",
    "decider_reference_missing": "In this country another authority decides. Name the reference of its act.",
    "interim_care_missing": "Say where the child is safe until the decision is carried out.",
    "actions_missing": "The decision names no action. Say what happens, who does it and by when.",
    "action_incomplete": "Action {number} lacks what is done or who does it.",
    "action_due_in_the_past": "The day of action {number} has passed. Choose a day to come.",
    "valid_until_in_the_past": "The last day of validity has passed. Choose a day to come.",
    "valid_until_too_late": "A decision of this priority is valid until {latest} at the latest.",
    "review_date_missing": "Name a day to come on which the decision is looked at again.",
    "review_date_too_late": "The decision must be looked at again by {latest}.",
    "destination_missing": "{outcome} leads abroad: name the country.",
    "outcome_is_not_abroad": "{outcome} is carried out in this country; another country cannot be named.",
    "non_refoulement_not_cleared": "Whether the child is safe in {country} is not cleared (result: {result}). "
    "Have a qualified person check that country.",
    "legal_authority_missing": "Name the law or order that allows taking the child from the carer.",
    "court_reference_missing": "Name the reference of the court or authority.",
    "family_care_reason_missing": "Residential care is the last resort. Say why no family can care for the child.",
    "residential_review_too_late": "A residential placement is looked at again within {months} months.",
    "care_before_tracing_closed": "This kind of care ({care}) waits until the search for the family ended "
    "without result.",
    "care_type_missing": "Say in what kind of care the child will live.",
    "no_solution_review_too_late": "Without a solution the case is looked at again within {months} months.",
    "sibling_reason_missing": "A brother or sister is decided differently. Say why, in at least {needed} characters.",
    "sibling_decision_silent": "The decision about a brother or sister goes another way and does not say why. "
    "Correct that decision first, then sign.",
    "correction_reason_missing": "Say in at least {needed} characters why a new version is needed.",
    "correction_changes_decision": "A correction cannot change what was decided. Another decision needs a panel: "
    "ask for a review.",
    "take_back_reason_missing": "Say in at least {needed} characters why the unsigned decision is taken back.",
}

_AFTER: Final = {
    "third_deferral": "The item was put off {most} times already. Decide on what is known, or withdraw the item.",
    "question_missing": "Name the question the panel still has.",
    "question_empty": "Question {number} has no words.",
    "question_owner_missing": "Question {number} has nobody who finds the answer.",
    "question_due_in_the_past": "The day for question {number} has passed. Choose a day to come.",
    "question_due_too_late": "The answer to question {number} is needed by {latest}.",
    "decision_not_signed": "The decision is not signed by enough members yet.",
    "told_before_decision": "The talk was before the decision was signed. Tell the child the signed decision.",
    "told_in_the_future": "The talk is in the future. Record it after it took place.",
    "language_not_understood": "The child does not understand {language}. Tell it again in a language on file, "
    "with an interpreter if needed.",
    "explainer_missing": "Say who explained the decision.",
    "present_missing": "Say who was there, for example the guardian.",
    "reaction_missing": "Write down how the child reacted, best in its own words.",
    "child_note_missing": "Give the child a written note in plain words and keep its text here.",
    "complaint_route_not_explained": "Explain to the child how to complain.",
    "appeal_route_not_explained": "Explain to the child how to disagree with the decision.",
    "talk_interpreter_missing": "The child needs an interpreter. Name the one who was there.",
    "interpreter_without_undertaking": "The interpreter has not signed the undertaking of confidentiality.",
    "appeal_before_communication": "The child was not told the decision yet. Tell the child first.",
    "received_in_the_future": "The appeal is dated in the future. Correct the day.",
    "appeal_already_open": "An appeal is open already. Wait for its result.",
    "appeal_too_late": "The time for appeals is over, and this country takes no late ones. Ask for a review "
    "if something is new.",
    "lateness_reason_missing": "The time for appeals is over. The appeal is taken if you say why it is late.",
    "hearers_missing": "Name the persons who look at the decision.",
    "hearer_voted_on_decision": "{count} of the persons named voted on this decision. Choose people who did not.",
    "hearer_prepared_decision": "{count} of the persons named took part in this decision: they wrote, checked, "
    "recorded or signed it, lodged the appeal, or have a conflict. Choose people who did not.",
    "hearer_not_called": "{count} of the persons named were not called to hear this appeal and have not read the "
    "file. Ask the head of the secretariat to call them.",
    "hearer_took_part": "This person took part in the decision, lodged the appeal or has a conflict. Call somebody "
    "else.",
    "hearer_not_eligible": "An appeal is heard by the secretariat or by sworn members of a panel. Call one of them.",
    "appeal_reasons_missing": "Give the reasons of the result in at least {needed} characters.",
    "replacement_missing": "A replaced decision needs the new decision with its reasons.",
    "only_guardian_waives": "Only the child's guardian can give up the time for appeals.",
    "child_not_asked_about_waiver": "Ask the child before the time for appeals is given up.",
    "waiver_not_allowed": "In this country nobody can give up the time for appeals. Wait until it is over.",
    "decision_missing": "There is no decision in force for this child.",
    "facility_unknown": "Option {option} names a facility that is not in the registry of this country. Choose one "
    "from the registry, or enter it there first.",
    "decision_not_of_this_child": "The decision named is not about this child. Choose one of the child's decisions, "
    "or none for care in the meantime.",
    "decision_not_in_force": "The decision named is not in force. Choose the one in force, or none for care in the "
    "meantime.",
    "decision_replaced": "A newer version or decision exists. Use that one.",
    "decision_expired": "The decision could be used until {valid_until}. Ask for a review.",
    "child_not_told": "The child was not told yet. Explain the decision first.",
    "appeal_window_open": "An appeal is possible until {ends_at}. Wait, or ask the guardian whether to give it up.",
    "appeal_open": "An appeal is open. Wait for its result; safe care goes on.",
    "decision_under_review": "The decision is being looked at again. Wait for the result; safe care goes on.",
    "transfer_needed": "The decision leads to {country}. It is carried out through a transfer agreed with that "
    "country.",
    "review_what_is_new_missing": "Say what is new since the decision.",
    "review_already_open": "A review for this reason is open already.",
    "review_not_by_reviewer": "This review is ended by one of those who looked at the decision anew. Ask one of them.",
    "review_reasons_missing": "Give the reasons in at least {needed} characters.",
}

_SIMPLIFIED: Final = {
    "simplified_not_allowed": "This country decides with the full panel only. List the case for a sitting.",
    "simplified_trigger_excluded": "The reason for this determination ({trigger}) needs the full panel.",
    "simplified_priority_too_high": "The priority {priority} needs the full panel.",
    "simplified_child_objects": "The child objects. List the case for a sitting.",
    "simplified_side_unwilling": "Both sides of the family must be willing. List the case for a sitting.",
    "simplified_parents_unverified": "The parents are not verified. List the case for a sitting.",
    "simplified_concern_too_high": "A protection concern is above medium. List the case for a sitting.",
    "simplified_condition_unknown": "The country asks for something that cannot be checked here: {condition}. List "
    "the case for a sitting.",
    "full_panel_demanded": "The full panel was demanded. List the case for a sitting.",
    "simplified_case_listed": "The case is on the agenda of a sitting. Let the panel decide, or take it off the "
    "agenda first.",
    "simplified_same_person": "Different people decide. Name each of them once.",
    "simplified_signatures_missing": "{needed} people decide; {named} are named. Name more.",
    "simplified_not_qualified": "One of those named holds no voting seat today.",
    "simplified_not_independent": "One of those named worked on this case or has a conflict of interest.",
}

_MINUTES: Final = {
    "signer_is_not_chair_or_secretary": "Minutes are signed by the chair and by the secretary of the sitting.",
    "same_person_signs_twice": "Two different people sign the minutes.",
    "items_still_open": "{count} items are still open. Finish them first.",
    "decisions_unsigned": "{count} decisions of the sitting wait for signatures.",
    "minutes_not_signed": "Only signed minutes are corrected by a new version; draw the draft up again instead.",
}

_MOVEMENT: Final = {
    "move_without_decision": "There is no determination for this movement.",
    "move_decision_not_final": "The decision is not final: not signed, not told, or open to appeal.",
    "move_decision_reversed": "The decision was replaced or turned.",
    "move_decision_expired": "The decision was valid until {valid_until}.",
    "move_other_outcome": "The panel decided something else: {decided}.",
    "move_other_destination": "The panel decided for another country: {decided}.",
    "move_child_not_asked": "Ask the child again whether it wants to go, within {days} days before travel.",
    "move_child_not_willing": "The child's answer was: {answer}. Without a yes nobody travels.",
    "move_child_asked_too_long_ago": "The child was last asked more than {days} days before travel. Ask again.",
    "move_too_young_to_decide_alone": "A child this young, or of unknown age, does not decide on return "
    "alone. Have a guardian appointed first.",
    "move_place_not_checked": "Nobody checked whether the child is safe in {country}.",
    "move_place_not_cleared": "The check of the country says: {result}. The child stays.",
    "move_check_too_old": "The check of the country is older than {days} days. Have it done again.",
    "move_nobody_receives": "No named carer or agency receives the child.",
    "move_carer_has_not_agreed": "The carer or agency has not agreed to receive the child.",
    "move_reception_is_custody": "The child would be received in custody. Find a family or an open place.",
    "move_asylum_claim": "The child asks for protection from that country. It cannot be sent there.",
    "move_child_fears_return": "The child fears that country. It cannot be sent there.",
    "move_not_accepted": "The other country has not accepted (so far: {reply}). Silence and receipts do not count.",
    "move_acceptance_not_written": "The acceptance of the other country is not in writing.",
    "move_acceptance_expired": "The acceptance of the other country is not valid on the day of travel.",
    "move_conditions_not_met": "The conditions of the other country are not met.",
    "movement_held": "Movement abroad is held: {reason}.",
}

GAPS: Final[dict[str, str]] = _DECISION | _AFTER | _SIMPLIFIED | _MINUTES | _MOVEMENT

RULES: Final[dict[str, str]] = {
    "machine_decides": "Only a person decides, signs or puts off. Ask the chair or the secretary of the panel.",
    "signer_decided": "A decision is signed by those who took it. Ask one of the members who voted.",
    "signs_once": "You have signed this already, or somebody has in your place. Ask the next person to sign.",
    "appeal_in_own_name": "A guardian or lawyer speaks in their own name or in the child's. Ask the caseworker to "
    "take down anybody else's appeal.",
    "hearer_records_result": "The result of an appeal is written by one of those who heard it. Ask one of them.",
    "demand_in_own_name": "The full panel is demanded in one's own name; the child's word is taken down by the "
    "guardian or the caseworker. Ask the one who demands it.",
    "question_of_another": "The panel asked somebody else. Ask that person, or the coordinator of the case.",
}
