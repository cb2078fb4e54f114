"""Words of the refusals about a child's file, and of everything that may be missing."""

from typing import Final

from api.problems.problem import Problem
from cases import errors
from cases.service.registration import NoCodeFree
from core.errors import DomainError

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.RoleMayNot: Problem(
        403,
        "role-may-not",
        "Somebody else has to do this",
        "The procedure gives this step to another role. Ask the person who holds it for this case.",
    ),
    errors.SamePersonApproves: Problem(
        403,
        "same-person-approves",
        "A second person has to answer",
        "You asked for this, or it is for you. Ask a colleague who may approve it.",
    ),
    errors.OnePersonMerges: Problem(
        403,
        "one-person-merges",
        "A second person has to confirm",
        "You proposed this merge. Ask another supervisor to look at both files and answer.",
    ),
    errors.OnePersonErases: Problem(
        403,
        "one-person-erases",
        "A second person has to confirm",
        "You asked for this erasure. Another authorised person has to answer; it cannot be undone.",
    ),
    errors.SearchNotForEnforcement: Problem(
        403,
        "search-not-for-enforcement",
        "There is no search for this role",
        "Police and immigration do not search children's files. "
        "Ask the social welfare office if a child needs protection.",
    ),
    errors.BreakGlassNotYours: Problem(
        403,
        "break-glass-not-yours",
        "You cannot open this in an emergency",
        "Call a supervisor, the chair of the panel or the head of the secretariat; they can.",
    ),
    errors.GuardianNotIndependent: Problem(
        403,
        "guardian-not-independent",
        "This person cannot be the guardian",
        "A guardian is not on the staff of the body that decides or cares. Name somebody else, "
        "or name a stop-gap adviser from outside until there is one.",
    ),
    errors.NoSuchStep: Problem(
        409,
        "no-such-step",
        "Not at this point",
        "The case is at “{state}”; the step {act} does not exist from there. "
        "Open the case again to see what comes next.",
    ),
    NoCodeFree: Problem(
        409,
        "no-code-free",
        "No child code could be issued",
        "Send it once more. If it happens again, tell the administrator; nothing was stored.",
    ),
}

GAPS: Final[dict[str, str]] = {
    "consent_or_reason_missing": "Record the child's consent or assent, "
    "or choose why it could not be asked.",
    "birth_in_future": "The birth date lies in the future. Correct it, or leave it unknown.",
    "birth_precision_missing": "Say how exact the birth date is: day, month, year or estimated.",
    "age_basis_missing": "Say where the age comes from: a document, stated, or estimated.",
    "age_not_possible": "The age cannot be right. Correct it, or leave it unknown.",
    "not_a_child": "By document or assessment this person is {limit} or older. If that is in doubt, "
    "mark the age as disputed; otherwise a supervisor can set the alert aside.",
    "interpreter_missing": "The child needs an interpreter. Assign one with a signed undertaking.",
    "interpreter_undertaking_missing": "The interpreter's undertaking of confidentiality is missing "
    "or has run out. Have it signed and enter both dates.",
    "interpreter_language_missing": "Say which languages the interpreter speaks.",
    "interpreter_tied": "A relative, co-traveller or official of the country of origin cannot "
    "interpret. Find somebody else, by telephone if need be.",
    "guardian_name_missing": "Enter the name of the guardian or adviser.",
    "stop_gap_not_allowed": "In this country nobody stands in for a guardian. Ask for an appointment: "
    "{authority}.",
    "guardian_contact_missing": "Enter how the guardian or adviser can be reached.",
    "legal_offer_missing": "An asylum, immigration or court procedure runs, or the child is detained: "
    "offer a legal representative and note the answer.",
    "sharing_endangers": "Sending information could endanger the child or a relative. "
    "Nothing is sent until a supervisor has lifted the danger flag.",
    "consent_missing": "No consent covers this purpose ({purpose}) and receiver today. Ask the child, "
    "or ask for an override that somebody else approves.",
    "media_type_not_taken": "Files of this format are not kept. Send PDF, a picture, plain text, "
    "sound or a word-processor document.",
    "must_be_highly_sensitive": "Photos and medical papers are always highly sensitive. "
    "Choose that class.",
    "case_still_open": "The case is open. Close it first; an open file is never erased.",
    "retention_runs": "The file has to be kept until {until}. Only a lawful request ends that earlier.",
}
