"""Words of what is missing before a child's case, and then the child, goes to another country."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from transfers import errors

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.NotOurStep: Problem(
        409,
        "not-our-step",
        "Not at this point, or not ours",
        "This {kind} stands at: {state}. This step is not possible from here, or it is the other country's to do. "
        "Open it again to see whose turn it is.",
    ),
    errors.OneOfficerAlone: Problem(
        403,
        "one-officer-alone",
        "A second officer is needed",
        "{rule} Nothing left.",
    ),
    errors.DocumentNotKept: Problem(
        403,
        "document-not-kept",
        "This may be read and not kept",
        "{rule} Nothing was downloaded.",
    ),
    errors.NotSent: Problem(
        409,
        "not-sent",
        "It stays here for now",
        "The list says what is missing or stands against it. Nothing was sent.",
    ),
}
RULES: Final[dict[str, str]] = {
    "document_view_only": "Its sender lets it be read here and not kept, or no viewer shows it. Ask the sender.",
    "one_officer_alone": "Whoever wrote, chose or proposed this does not check, sign or give it. Ask a colleague.",
}
GAPS: Final[dict[str, str]] = {
    # the corridor and the partner
    "corridor_missing": "There is no arrangement with {country}. Ask the secretariat before anything is sent.",
    "corridor_suspended": "The way to {country} is closed at the moment. The secretariat says when it opens.",
    "partner_not_active": "The other country's installation is not confirmed. Two officers compare its fingerprint.",
    "receiver_not_checked": "Nobody has checked that this is the right office over there. Check it first.",
    # telling another country of a child
    "disclosure_without_consent": "There is no consent for telling this country, and no approved override. "
    "Ask the child and the guardian.",
    "disclosure_to_feared_country": "The child fears that country or asks for protection. Tell it nothing.",
    "disclosure_dangerous": "Sending is held because it could harm: {reason}. Lift that reason first, if it is over.",
    "summary_not_written": "Nobody has written the summary yet. Write it first.",
    "summary_not_checked": "A second officer has to check what is sent. Ask a colleague.",
    "summary_checked_by_author": "Author and checker are the same person. Ask a colleague.",
    "summary_field_missing": "The summary needs {field}. Find it out, or write that it is not stated.",
    "summary_needs_withheld": "The child or guardian withholds {field}, and without it the other country cannot work. "
    "Talk with them; nothing is sent before.",
    "summary_text_too_long": "The text {field} is longer than {longest} characters. Make it shorter.",
    "summary_text_not_plain": "The text {field} holds signs that cannot be seen. Write it again as plain text.",
    "summary_text_names": "The text {field} seems to hold a {kind}. Say it without.",
    "value_without_common_code": "The two countries have no common code for {value}. Agree on one first.",
    "transfer_assessment_not_approved": "The best-interests assessment is not approved yet.",
    "transfer_tracing_not_safe": "Nobody has confirmed that asking over there endangers no one.",
    # the request
    "request_without_reasons": "The request needs the report on the child and its reasons.",
    "request_term_missing": "This corridor also asks for: {term}. Add it.",
    "request_before_consent": "Here the other State consents first. Send the enquiry and wait for its answer.",
    # the day of travel
    "travel_carer_not_confirmed": "Carer and address were not confirmed within {days} days before travel.",
    "travel_home_study_missing": "There is no home study of the place.",
    "travel_home_study_expired": "The home study was valid until {valid_until}. Ask for a new one.",
    "travel_child_not_told": "The child has not been told where it goes, with whom and for how long.",
    "travel_guardian_not_informed": "The guardian does not know the day of travel. Tell the guardian.",
    "travel_guardian_objects": "The guardian objects, and nobody has ruled on it.",
    "travel_document_missing": "This paper is missing: {document}.",
    "travel_escort_missing": "Nobody travels with the child. Name a parent, the guardian or an escort.",
    "travel_escort_not_checked": "Identity and background of the escort are not checked.",
    "travel_escort_not_contactable": "There is no number under which the escort can be reached on the way.",
    "travel_not_fit": "No clinician has said that the child can travel.",
    "travel_medicines_missing": "The child's medicines are not packed with their list.",
    "travel_handover_not_agreed": "Person, place and hour of the handover are not agreed.",
    "travel_not_confirmed_by_receiver": "The other country has not confirmed person and day.",
    "travel_no_receiving_caseworker": "The other country has not named the caseworker.",
    "travel_no_visit_schedule": "The other country has not sent the schedule of visits.",
    "travel_package_not_opened": "Nobody over there has opened the package yet.",
    "travel_cleared_by_requester": "A head of the secretariat has to clear the child for that day, and not whoever "
    "asked for the transfer.",
    # the answer
    "request_taken_back": "The other country has taken back what it asked. Wait for its withdrawal or a new request.",
    "acceptance_in_the_past": "The acceptance would be over before it begins. Choose a later last day.",
    # the handover
    "handover_to_another_person": "This is not the person of the plan. The child stays with the escort; "
    "raise the alarm, and plan anew.",
    "handover_identity_unchecked": "Check the identity of the person who takes the child over.",
    "handover_not_yet": "The hour of the handover has not come yet. Tell it when the child was handed over.",
    "handover_before_the_hour": "The child was handed over before the hour both sides agreed. Say why.",
    "handover_on_another_day": "The child was handed over more than a day after the hour agreed. Say why.",
    "handover_at_another_place": "The child was handed over at another place than agreed. Say why.",
    # the receipt
    "receipt_not_yet": "The hour of the receipt has not come yet. Sign when the child is there.",
    "receipt_paper_unknown": "The two countries know no paper called {document}. Choose one of the list of the "
    "corridor, or tell it under the concerns.",
    # questions and answers
    "reply_without_question": "They have asked nothing that this would answer. Name the message with the questions.",
    "reply_to_another_question": "Nobody asked question {number}, or it is answered twice. Answer each once.",
    # sent to the wrong place
    "wrong_recipient_still_held": "{count} of their packages are still here. Answer the recall, or have them "
    "destroyed, and then say that it is done.",
    # responsibility
    "responsibility_not_ours": "An officer of the other country answers for the child now.",
    "responsible_officer_missing": "Name the officer who answers for the child from now on.",
    "responsibility_needs": "In this corridor responsibility passes only by: {ground}.",
    "responsibility_without_proof": "The signed receipt, or the court's reference, is not on file.",
    "two_responsible": "Two officers answered for the child at {at}. The record has to be corrected.",
    "nobody_responsible": "Nobody answered for the child from {at}. The record has to be corrected.",
    # disagreement
    "disagreement_our_view_missing": "Our written view is not on record.",
    "disagreement_their_view_missing": "The other country's view is not on record, and its time is not over.",
    "disagreement_guardian_not_heard": "The guardian was not heard for the conference.",
    "disagreement_meeting_missing": "The meeting of this step has no date. Hold it, or record when it was held.",
    "disagreement_not_reopened": "The determination was not reopened. Reopen it first, or choose how it ended.",
    "disagreement_answer_stands": "The other country has not accepted. Wait for its answer, or choose how it ended.",
    "disagreement_request_stands": "The request has not been taken back. Withdraw it first, or choose how it ended.",
    "disagreement_theirs_to_end": "The other country raised this, and has not said that it is over. Ask it to say so "
    "first, or choose how it ended.",
    "disagreement_on_highest_rung": "This is the last step. Record the adviser's opinion and how it ended.",
    # closing
    "transfer_unanswered_message": "A message waits for an answer ({message}).",
    "transfer_child_decision_open": "A decision about the child is still open.",
    "transfer_alarm_open": "An alarm is open: {incident}.",
    "transfer_disagreement_open": "The two countries still disagree about this child.",
    "transfer_no_follow_up": "No follow-up report has come yet.",
    "transfer_follow_up_too_short": "The child is followed until {until} at least.",
    "transfer_report_does_not_say_close": "The last follow-up report does not recommend to close.",
}

LINES: Final[tuple[str, ...]] = (
    "The decision is final and valid, and names this country.",
    "The other country's acceptance is valid on the day, and its conditions are met.",
    "No appeal, suspension or wish for protection stands against it.",
    "Somebody qualified found within fourteen days that it is safe to go there.",
    "Carer and address were confirmed within fourteen days, and the home study is valid.",
    "The child was asked within seven days, is willing, and knows where, with whom and for how long.",
    "The guardian knows the day and does not object, or the objection was ruled on.",
    "All papers are there.",
    "An escort is named, checked, and can be reached on the way.",
    "The child is fit to travel, and medicines are packed.",
    "Person, place and hour of the handover are agreed.",
    "The other country has a caseworker and a plan of visits.",
    "The other country has opened the package.",
    "Somebody else than who asked for it cleared the child to travel.",
)
"""The fourteen lines of the travel checklist, as they read when they hold. Source: DOM-5.10."""
