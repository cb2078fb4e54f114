"""Words of what two installations refuse each other. A stranger never learns the reason."""

from typing import Final

from api.problems.problem import Problem
from core.errors import DomainError
from core.exchange import errors

PROBLEMS: Final[dict[type[DomainError], Problem]] = {
    errors.TokenRefused: Problem(
        401,
        "authentication-failed",
        "This call was not taken as genuine",
        "Nothing was stored. Send it again with a new token; if that fails too, "
        "the administrators of both installations should compare keys and clocks.",
    ),
    errors.CannotOpen: Problem(
        422,
        "cannot-open",
        "The sealed content does not open",
        "Nothing of it was shown or stored. Ask the sender to seal and send it again.",
    ),
    errors.KeyNotUsable: Problem(
        422,
        "key-not-usable",
        "This key cannot be used",
        "The key is not of the kind this exchange allows, and nothing was stored. "
        "Ask the other installation to export its key statement again.",
    ),
    errors.CannotMake: Problem(
        409,
        "message-not-made",
        "The message could not be signed and sealed",
        "Nothing was sent and your text is kept. Tell the administrator and give the number below.",
    ),
    errors.UnsafeBackend: Problem(
        409,
        "cryptography-missing",
        "Part of the encryption software is missing",
        "The service does not work with another implementation. "
        "The administrator should install the packages of the lock file again.",
    ),
}
