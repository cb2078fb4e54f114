"""Words of the refusals every feature shares."""

from typing import Final

from api.problems.problem import Problem
from core import errors, vault
from core.idempotency import AlreadyDone, KeyReused

NOTHING_HERE: Final = (
    "There is nothing at this address that you can open. Check the reference, "
    "or ask the office that gave it to you."
)
PROBLEMS: Final[dict[type[errors.DomainError], Problem]] = {
    errors.NotThere: Problem(
        404,
        "not-there",
        "Nothing here",
        NOTHING_HERE,
    ),
    errors.NotAllowed: Problem(
        403,
        "not-allowed",
        "Somebody else has to do this",
        "{rule} Nothing was stored.",
    ),
    errors.WrongState: Problem(
        409,
        "wrong-state",
        "Not at this point",
        "This {kind} is {state}; {act} is not possible now. Open it again to see what comes next.",
    ),
    errors.StaleWrite: Problem(
        409,
        "stale-write",
        "Somebody else changed this",
        "Your change was not stored because the record changed after you opened it. "
        "Open it again, compare, and save once more.",
    ),
    errors.BadInput: Problem(
        422,
        "bad-input",
        "A value cannot be used",
        "The value at {pointer} cannot be used. {value} Then send the form again; nothing was stored.",
    ),
    errors.Incomplete: Problem(
        409,
        "incomplete",
        "Something is still missing",
        "The list says what has to be on file first. Nothing was stored.",
    ),
    vault.Erased: Problem(
        404,
        "not-there",
        "Nothing here",
        NOTHING_HERE,
    ),
    vault.Unreadable: Problem(
        409,
        "unreadable",
        "A stored value does not open",
        "Part of this record cannot be read. Nothing was changed. "
        "Tell the administrator and give the number below.",
    ),
    vault.KeyMissing: Problem(
        409,
        "key-missing",
        "A key is missing",
        "The key file does not fit this database. Nothing was changed. "
        "Tell the administrator and give the number below.",
    ),
    KeyReused: Problem(
        422,
        "key-reused",
        "This key belongs to another request",
        "The Idempotency-Key was used for a different request. Send this one with a new key.",
    ),
    AlreadyDone: Problem(
        409,
        "already-done",
        "This was already done",
        "The same request was carried out before and its answer is no longer kept. "
        "Open the record to see the result.",
    ),
}

GAPS: Final[dict[str, str]] = {}
