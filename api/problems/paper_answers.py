"""Words of refusals about answer forms that came back on paper."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from core.papers.press import SheetNotRead
from transfers import errors

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.AnswerFormRefused: Problem(
        409,
        "answer-form-refused",
        "This form was not taken",
        "Nothing was kept and nothing is on record.",
    ),
    SheetNotRead: Problem(
        409,
        "sheet-not-read",
        "The form could not be read",
        "Photograph the whole page from above in even light, or scan it, and try again. Nothing was kept.",
    ),
}
RULES: Final[dict[str, str]] = {
    "form_printer_confirms": "Whoever printed this form does not confirm the answer on it. Ask a colleague.",
}
_AGAIN: Final = "Photograph the whole page from above in even light, or scan it, and try again."
GAPS: Final[dict[str, str]] = {
    "form_no_picture": (
        "The file is damaged, locked, too large or has more than four pages. Scan the form again."
    ),
    "form_no_marks": f"No answer form is seen on it: none of the four marks in the corners. {_AGAIN}",
    "form_few_marks": f"Fewer than three of the four marks in the corners are seen. {_AGAIN}",
    "form_several_sheets": "There is more than one form on it. Send each form by itself.",
    "form_several_codes": (
        "There is more than one check code on it. Send the form by itself, without other papers."
    ),
    "form_unknown_sheet": "The form is of a version that is not read here. Type its answer in as a letter.",
    "form_not_flat": (
        "The page is bent or folded too much to be read. Lay it flat and photograph it from above."
    ),
    "form_too_dark": "The picture is too dark. Photograph the form in daylight or under a lamp.",
    "form_code_not_read": (
        "The check code of the form could not be read. Type it in from the paper and send the scan "
        "again."
    ),
    "form_code_differs": (
        "The code you typed is none, or differs from the one on the scan. Compare each sign with the "
        "paper."
    ),
    "form_unknown": "No form with this check code was printed here for a transfer that you may see.",
    "form_of_another": "This form was printed by another office or country. Send it to whoever printed it.",
    "form_of_another_transfer": (
        "This form belongs to the transfer {ref}. Open that transfer and bring it there."
    ),
    "form_mixed": (
        "The marks in the corners are of another form than the check code. Somebody put two papers "
        "together; ask who sent it."
    ),
    "form_superseded": (
        "This form counts no more: what it answers was followed by another, taken back or stopped. "
        "Print the form anew."
    ),
    "form_here_already": (
        "A filled-in copy of this form is here already and waits for an officer. If the two differ, ask "
        "the office that sent them."
    ),
    "form_confirmed": (
        "A filled-in copy of this form was put on record before. If the two differ, ask the office that "
        "sent them."
    ),
    "form_answered": (
        "What this form answers has been answered, or the transfer has moved on. Nothing can be "
        "answered with it."
    ),
}
