"""Words for assessments, reports, plans, placements, tracing and follow-up."""

from typing import Final

from api.problems.problem import Problem
from cases import errors
from core.errors import DomainError

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.OnlyAPersonDecides: Problem(
        403,
        "only-a-person-decides",
        "Only a person can do this",
        "This is a judgement about a child, and no machine makes one. "
        "Let a person sign in and do it.",
    ),
    errors.AuthorApprovesOwn: Problem(
        403,
        "author-approves-own-assessment",
        "You wrote this assessment",
        "An assessment is approved by somebody other than its author. "
        "Ask another supervisor to look at it.",
    ),
    errors.AuthorChecksOwn: Problem(
        403,
        "author-checks-own-report",
        "You wrote this report",
        "A report is checked by somebody other than its author. "
        "Ask another coordinator to check it.",
    ),
    errors.NotTheAuthor: Problem(
        403,
        "not-the-author",
        "Somebody else is writing this",
        "Only its author changes an assessment or report. "
        "Tell the author what you would change, or return it with points.",
    ),
    errors.TriggerIsMandatory: Problem(
        403,
        "trigger-is-mandatory",
        "This child needs a determination",
        "The reason follows from the facts on file, and nobody can waive it. "
        "If a fact is wrong, correct the fact.",
    ),
}

GAPS: Final[dict[str, str]] = {
    # assessment
    "purpose_missing": "Say why the child is assessed. Choose at least one purpose.",
    "child_interview_missing": "No talk with the child is recorded. "
    "Record one, or choose the reason why there was none.",
    "interview_interpreter_missing": "In talk {interview} you and the child share no language. "
    "Record who interpreted, or talk again with an interpreter.",
    "interview_undertaking_missing": "The interpreter of talk {interview} had not signed the "
    "undertaking of confidentiality by then. Have it signed and talk again.",
    "interview_interpreter_unknown": "The interpreter named for talk {interview} is not assigned to this child. "
    "Choose one who is, or assign the interpreter first.",
    "interview_interpreter_language": "The interpreter of talk {interview} is not on record for a language of the "
    "person who was heard. Choose another interpreter, or correct the languages.",
    "interpreter_not_independent": "The interpreter of talk {interview} is not independent ({tie}). "
    "Talk again with somebody who is no relative, fellow traveller or official of the country of origin.",
    "child_views_missing": "The child's views are missing. "
    "Write them down, or choose the reason and list what you tried.",
    "child_views_method_missing": "Say how you learned the child's views.",
    "child_views_date_missing": "Say on which day the child was heard.",
    "child_views_attempts_missing": "You gave a reason why the child was not heard. "
    "List what you tried, with dates.",
    "child_only_observed": "A child of {band} years is old enough to talk to, not only to be watched. "
    "Talk, draw or play with the child, then write down the child's words.",
    "too_young_needs_observation": "Being young is not enough as a reason. "
    "Watch the child with the carer and write down what you saw.",
    "section_missing": "The part “{section}” is empty. Write what you found, or that you found nothing.",
    "protective_factors_missing": "Name what protects the child, or write that you found nothing.",
    "risk_factors_missing": "Name what puts the child at risk, or write that you found nothing.",
    "immediate_concern_missing": "Say whether anything cannot wait: health, safety, care, or none.",
    "priority_missing": "Say how urgent the case is after this assessment.",
    "considered_missing": "Say what is being considered for the child; services only is an answer too.",
    "bid_answer_missing": "Answer whether a determination by a panel is needed.",
    "bid_answer_against_trigger": "You answered that no panel is needed, but it is ({triggers}). "
    "Change the answer, or correct the fact it follows from.",
    "recommendation_missing": "Write what you recommend.",
    "assessment_actions_missing": "Name at least one action for the plan.",
    "points_missing": "Write what the author is to work on.",
    # report
    "report_part_missing": "The part “{part}” is empty. Write it; "
    "for views of others, a reason why they were not asked is enough.",
    "sources_missing": "{have} of {need} sources besides the child are named. "
    "Add one, or say why there are no more.",
    "close_persons_missing": "Nobody close to the child was heard and no home was seen. "
    "Record a talk or a visit, or say why there are no more sources.",
    "private_talk_not_offered": "Offer the child a talk in private, and note that you did.",
    "tracing_result_missing": "Say how far the search for the family has come.",
    "options_missing": "Describe the options; two are needed, or one with the reason why it is the only one.",
    "second_option_missing": "Only one option is described. "
    "Add another, or say why only one is feasible.",
    "option_views_missing": "Option {option}: the child's views on it are missing. "
    "Write them down, or choose the reason and list what you tried.",
    "option_text_missing": "Option {option}: “{text}” is empty. Write it.",
    "country_information_missing": "Option {option} leads to {destination}. "
    "Write which country information you used, with its date.",
    "non_refoulement_missing": "Option {option}: nobody has checked whether {destination} is safe "
    "for this child. Ask a qualified person to check.",
    "non_refoulement_not_qualified": "Option {option}: the check of {destination} was not made by a "
    "qualified person. Ask one to check.",
    "non_refoulement_expired": "Option {option}: the check of {destination} is older than 14 days "
    "or lies ahead. Have it made again.",
    "option_not_cleared": "Option {option}: the check of {destination} says “{result}”. "
    "Mark the option as not feasible, or describe another one.",
    "factor_group_empty": "The factor group “{group}” is empty. All four are needed.",
    "siblings_not_addressed": "The report says nothing about {count} linked siblings. "
    "Write for each how the decision touches them.",
    "answers_missing": "Write the answers to the panel's questions.",
    # plan
    "plan_actions_missing": "The plan has no action. Add at least one.",
    "action_owner_missing": "Action {action} has no owner. Say who does it.",
    "action_due_missing": "Action {action} has no date. Say by when.",
    "action_owner_or_date_missing": "The plan is agreed, so a new action needs its owner and its date.",
    "plan_review_missing": "Say when the plan is looked at again.",
    "plan_child_word_missing": "At this age the child signs the plan or says no. "
    "Ask, and record the answer; a no does not stop the plan.",
    "plan_not_agreed": "There is no agreed plan to carry out. Agree one first.",
    "replacement_reason_missing": "Write why the action is given up.",
    "actions_open": "{count} actions are neither done nor replaced. Finish them first.",
    "placement_or_receipt_missing": "It is not on file where the child lives now. "
    "Record the placement, or the receipt from abroad.",
    # placement
    "care_type_not_allowed": "This country does not use this kind of care ({care}). Choose another.",
    "facility_missing": "Choose the facility from the registry.",
    "facility_closed_regime": "This facility is closed: children cannot leave it. "
    "No child is ever placed there. Choose an open one.",
    "facility_immigration_control": "This facility holds people for immigration control. "
    "No child is ever placed there. Choose another.",
    "facility_not_authorised": "This facility is not authorised or not registered. Choose another, "
    "or ask the supervisor to have it inspected and to grant an exception.",
    "inspection_out_of_date": "The inspection behind the exception is older than {days} days. "
    "Have the facility inspected again.",
    "facility_full": "This facility has no free place. Choose another one.",
    "protection_measure_missing": "No valid protection measure is on file. "
    "Ask the authority to issue one before the child moves in.",
    "carer_missing": "Write who will care for the child.",
    "home_study_missing": "Nobody has seen the home. Have it visited and record the home study.",
    "home_study_negative": "The home study says no. Choose another carer.",
    "home_study_expired": "The home study is not valid on this day. Have the home seen again.",
    "background_check_missing": "The carer's record was not checked yet. Wait for the answer, "
    "or note that no check can be had and why.",
    "background_check_concern": "The carer's record gives cause for concern. Choose another carer.",
    "background_check_reason_missing": "Write why no check of the carer's record can be had.",
    "no_family_care_reason_missing": "Residential care is the last resort. "
    "Choose the reason why no family can care for the child.",
    "placement_review_missing": "Say when the placement is looked at again.",
    "placement_review_in_the_past": "The review must lie after the day the child moves in.",
    "placement_review_too_late": "Residential care is looked at within {days} days. Choose an earlier day.",
    "tracing_not_exhausted": "This kind of care comes only after the search for the family ended "
    "without result. Finish the search first.",
    "placement_sibling_reason_missing": "A brother or sister lives elsewhere. "
    "Write why they are apart, or choose a place where they can be together.",
    "exception_not_in_this_country": "This country allows no exception for unauthorised facilities.",
    "exception_reason_missing": "Write why this facility is used all the same.",
    # tracing
    "tracing_not_safe": "Searching is not safe, or nobody has said that it is ({safe}). "
    "Contact nobody; ask the supervisor to look at it again.",
    "tracing_result_does_not_end": "This result ({result}) does not end a search. "
    "Choose verified, reunified, or closed without result.",
    "tracing_never_tried": "No step of the search is recorded. Record what was tried before you end it.",
    # follow-up
    "visit_method_not_here": "In this country a child is followed by: {methods}. Choose one of these.",
    "visit_method_missing": "Say how the child was followed up: visit, call, school or other.",
    "seen_alone_missing": "Say whether you saw the child alone.",
    "not_alone_reason_missing": "You did not see the child alone. Write why.",
    "visit_views_missing": "Write what the child said, or why you could not ask.",
    "visit_aspect_missing": "Say how it stands with “{aspect}”.",
    "visit_aspect_unexplained": "You noted a concern about “{aspect}”. Write what you saw.",
    "concern_level_missing": "Say how worried you are: no action, keep watching, or act at once.",
    "visit_recommendation_missing": "Say what you recommend: go on, more, less, close or reopen.",
    "report_text_missing": "The report is empty. Write how the child fares.",
}
