"""Words of refusals about recipients without an installation."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from transfers import errors

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.SecondOfficerNeeded: Problem(
        403,
        "second-officer-needed",
        "A second officer is needed",
        "{rule} Nothing was stored.",
    ),
    errors.NotToBeTaken: Problem(
        415,
        "paper-not-taken",
        "This file cannot be taken",
        "Send a PDF or a picture (JPEG or PNG) of at most 10 MB, as it came from the scanner or the telephone.",
    ),
    errors.PaperNotLookedAt: Problem(
        409,
        "paper-not-looked-at",
        "This file was not kept",
        "It was looked at for harmful content, and that did not end well. Send a new photograph of the paper, "
        "or call the office that wrote to you.",
    ),
    errors.VisitOver: Problem(
        401,
        "visit-over",
        "Please sign in again",
        "Your visit is over. Use your account, or ask the office that wrote to you for a new link.",
    ),
}
RULES: Final[dict[str, str]] = {
    "guest_proposer_verifies": "Whoever proposed this person does not also verify them. Ask a colleague.",
    "paper_typed_by_another": "Whoever wrote or signed the request does not type its answer too. Ask a colleague.",
    "guest_giver_confirms": "Whoever gave the recipient this message does not confirm the answer too. Ask a colleague.",
    "guest_holder_confirms": "Whoever made the link or the account does not confirm what came by it. Ask a colleague.",
}
